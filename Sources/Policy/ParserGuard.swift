/// What must not reach the TOML parser, although it is UTF-8 of a fair size.
///
/// toml++ 3 asserts, instead of checking, that an element of a list does not begin with a brace that closes: such a text
/// ends the process, or, built without assertions, is read as if it could not be. And the parser's strings end at a
/// NUL, so that what follows one in a text, a key or a path would be neither refused nor carried out.
internal enum ParserGuard {
    /// The first such place, as an offset in bytes, and what is wrong there.
    static func refusal(_ text: [UInt8]) -> (offset: Int, reason: String)? {
        if let offset = text.firstIndex(of: 0) { return (offset, "holds a NUL byte") }
        if let offset = escapedNull(text) { return (offset, "holds a NUL character") }
        if let offset = strayBrace(text) { return (offset, "not TOML: a value is expected before }") }
        return nil
    }

    /// Where a NUL is written as an escape, whatever stands around it.
    private static func escapedNull(_ text: [UInt8]) -> Int? {
        text.indices.first { offset in
            guard text[offset] == UInt8(ascii: "\\"), offset + 1 < text.count else { return false }
            let digits = text[(offset + 2)...].prefix { $0 == UInt8(ascii: "0") }.count
            return switch text[offset + 1] {
            case UInt8(ascii: "u"): digits >= 4
            case UInt8(ascii: "U"): digits >= 8
            case UInt8(ascii: "x"): digits >= 2
            default: false
            }
        }
    }

    /// Where a closing brace stands directly behind a bracket that opens, a comma or an equals sign, white space and
    /// comments apart.
    private static func strayBrace(_ text: [UInt8]) -> Int? {
        var (index, previous) = (0, UInt8(0))
        while index < text.count {
            let byte = text[index]
            switch byte {
            case 0x20, 0x09, 0x0D, 0x0A: index += 1
            case UInt8(ascii: "#"): index = text[index...].firstIndex(of: 0x0A) ?? text.count
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                index = endOfString(text, index)
                previous = byte
            case UInt8(ascii: "}") where "[,=".utf8.contains(previous): return index
            default:
                index += 1
                previous = byte
            }
        }
        return nil
    }

    /// The offset behind a string that begins here; one of a single line ends with its line at the latest.
    private static func endOfString(_ text: [UInt8], _ start: Int) -> Int {
        let quote = text[start]
        let isLong = text[start...].prefix(3).elementsEqual([quote, quote, quote])
        var index = start + (isLong ? 3 : 1)
        while index < text.count {
            if text[index] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                index += 2
            } else if text[index] == quote, !isLong || text[index...].prefix(3).elementsEqual([quote, quote, quote]) {
                return index + (isLong ? 3 : 1)
            } else if !isLong, text[index] == 0x0A {
                return index
            } else {
                index += 1
            }
        }
        return text.count
    }
}
