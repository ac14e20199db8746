/// Where keys and strings stand in the text of a policy, which the TOML parser does not tell of values.
///
/// It is asked only for texts that the parser has accepted, and only to say where something is: a wrong answer points
/// at a wrong place and decides nothing.
internal struct SourcePositions {
    private let source: String
    private let text: [UInt8]
    /// Where each line begins.
    private var lineStarts = [0]
    /// The headers and keys, in order.
    private var marks: [Mark] = []
    /// The first mark of each header and key, by its number.
    private var places: [Name: Int] = [:]
    /// Where the last string was found: lists are read in order, and the next one stands behind it.
    private var cursor = 0

    /// A table's header, or a key with the section that it is in.
    private struct Name: Hashable {
        let section: String
        /// The key, or `nil` for a header.
        let key: String?
    }

    /// Where a header or key stands.
    private struct Mark {
        let name: Name
        let offset: Int
    }

    /// How far behind the last string the next one is looked for, in bytes: one that is written with escapes is not
    /// found, and must not cost a walk through the whole list.
    private static let reach = 1024

    /// Finds the headers and keys of a text.
    init(source: String, text: [UInt8]) {
        self.source = source
        self.text = text
        var section = ""
        var start = 0
        // Inside a list that goes over several lines, no line is a header or a key.
        var depth = 0
        while start < text.count {
            let end = text[start...].firstIndex(of: UInt8(ascii: "\n")) ?? text.count
            let line = text[start..<end].drop { $0 == 0x20 || $0 == 0x09 }
            if depth == 0, line.first == UInt8(ascii: "[") {
                let name = line.drop { $0 == UInt8(ascii: "[") }.prefix { $0 != UInt8(ascii: "]") }
                section = String(decoding: name.filter { $0 != 0x20 }, as: UTF8.self)
                mark(Name(section: section, key: nil), line.startIndex)
            } else if depth == 0, line.first != UInt8(ascii: "#"), let equals = line.firstIndex(of: UInt8(ascii: "=")) {
                let name = line[..<equals].filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x22 && $0 != 0x27 }
                mark(Name(section: section, key: String(decoding: name, as: UTF8.self)), line.startIndex)
                depth = Self.openBrackets(line[(equals + 1)...])
            } else {
                depth = max(0, depth + Self.openBrackets(line))
            }
            start = end + 1
            lineStarts.append(start)
        }
    }

    private mutating func mark(_ name: Name, _ offset: Int) {
        if places[name] == nil { places[name] = marks.count }
        marks.append(Mark(name: name, offset: offset))
    }

    /// The start of the file.
    var start: Policy.Origin { origin(at: 0) }

    /// The first line that begins as a section's header and goes on with what no name can begin with.
    ///
    /// The parser must not see one: toml++ 3 does not check that character but asserts it, which ends the process.
    /// A text over several lines that has such a line is refused along with it.
    var brokenHeader: Policy.Origin? {
        let blanks: Set<UInt8> = [0x20, 0x09]
        for lineStart in lineStarts where lineStart < text.count {
            let line = text[lineStart...].prefix { $0 != UInt8(ascii: "\n") }
            // The parser passes over a byte order mark.
            let start = lineStart == 0 && line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line
            let header = start.drop(while: blanks.contains)
            guard header.first == UInt8(ascii: "[") else { continue }
            var name = header.dropFirst()
            if name.first == UInt8(ascii: "[") { name = name.dropFirst() }
            name = name.drop(while: blanks.contains)
            switch name.first ?? 0 {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "\""),
                UInt8(ascii: "'"), UInt8(ascii: "]"):
                continue
            default: return origin(at: name.startIndex)
            }
        }
        return nil
    }

    /// A position that the parser told.
    func origin(line: Int, column: Int) -> Policy.Origin {
        Policy.Origin(source: source, line: max(1, line), column: max(1, column))
    }

    /// Where a key of a section stands, or the section's header where the key is `nil`, or a string of a key's value;
    /// else the start of the file.
    mutating func position(section: String?, key: String?, item: String? = nil) -> Policy.Origin {
        guard let index = places[Name(section: section ?? "", key: key)] else { return start }
        let mark = marks[index]
        guard let item else { return origin(at: mark.offset) }
        let end = index + 1 < marks.count ? marks[index + 1].offset : text.count
        let from = cursor > mark.offset && cursor < end ? cursor : mark.offset
        guard let found = find(item, in: from..<min(end, from + item.utf8.count + Self.reach)) else {
            return origin(at: mark.offset)
        }
        cursor = found + 1
        return origin(at: found)
    }

    /// The line and column of a place in the text, by halving the list of lines.
    func origin(at offset: Int) -> Policy.Origin {
        var low = 0
        var high = lineStarts.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if lineStarts[middle] <= offset { low = middle } else { high = middle }
        }
        return Policy.Origin(source: source, line: low + 1, column: offset - lineStarts[low] + 1)
    }

    /// How many more brackets a part of a line opens than it closes, strings and comments apart.
    private static func openBrackets(_ line: ArraySlice<UInt8>) -> Int {
        var depth = 0
        var quote: UInt8?
        for byte in line {
            switch (byte, quote) {
            case (UInt8(ascii: "#"), nil): return depth
            case (UInt8(ascii: "\""), nil), (UInt8(ascii: "'"), nil): quote = byte
            case (_, .some(byte)): quote = nil
            case (UInt8(ascii: "["), nil), (UInt8(ascii: "{"), nil): depth += 1
            case (UInt8(ascii: "]"), nil), (UInt8(ascii: "}"), nil): depth -= 1
            default: break
            }
        }
        return depth
    }

    /// Where a quoted string stands in a part of the text.
    private func find(_ item: String, in range: Range<Int>) -> Int? {
        let wanted = Array(item.utf8)
        guard range.count >= wanted.count + 2 else { return nil }
        for start in range.lowerBound...(range.upperBound - wanted.count - 2) {
            let quote = text[start]
            guard quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'"), text[start + wanted.count + 1] == quote
            else { continue }
            if text[(start + 1)...].prefix(wanted.count).elementsEqual(wanted) { return start }
        }
        return nil
    }
}
