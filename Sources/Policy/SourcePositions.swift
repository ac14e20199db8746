/// Where keys and strings stand in the text of a policy, which the TOML parser does not tell of values.
///
/// It is asked only for texts that the parser has accepted, and only to say where something is: a wrong answer points
/// at a wrong place and decides nothing.
internal struct SourcePositions {
    private let source: String
    private let lines: [[UInt8]]

    /// Splits the text.
    init(source: String, text: [UInt8]) {
        self.source = source
        lines = text.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).map(Array.init)
    }

    /// The start of the file.
    var start: Policy.Origin { origin(0, 0) }

    /// The first line that begins as a section's header and goes on with what no name can begin with.
    ///
    /// The parser must not see one: toml++ 3 does not check that character but asserts it, which ends the process.
    /// A text over several lines that has such a line is refused along with it.
    var brokenHeader: Policy.Origin? {
        let blanks: Set<UInt8> = [0x20, 0x09]
        for (number, line) in lines.enumerated() {
            // The parser passes over a byte order mark.
            let start = number == 0 && line.starts(with: [0xEF, 0xBB, 0xBF]) ? line.dropFirst(3) : line[...]
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
            default: return origin(number, name.startIndex)
            }
        }
        return nil
    }

    /// A position that the parser told.
    func origin(line: Int, column: Int) -> Policy.Origin {
        Policy.Origin(source: source, line: max(1, line), column: max(1, column))
    }

    /// Where a key of a section stands, or the section's header where the key is `nil`; else the start of the file.
    func position(section: String?, key: String?, item: String? = nil) -> Policy.Origin {
        var current: String?
        var isInKey = false
        for (number, line) in lines.enumerated() {
            let trimmed = line.drop { $0 == 0x20 || $0 == 0x09 }
            if trimmed.first == UInt8(ascii: "["), !isInKey || !trimmed.contains(UInt8(ascii: ",")) {
                let name = trimmed.dropFirst().prefix { $0 != UInt8(ascii: "]") }.filter { $0 != 0x20 && $0 != 0x5B }
                let header = String(decoding: name, as: UTF8.self)
                if key == nil, header == section { return origin(number, trimmed.startIndex) }
                if Self.isHeader(trimmed) {
                    current = header
                    isInKey = false
                    continue
                }
            }
            guard current == section, let key else { continue }
            if let name = Self.key(trimmed) {
                isInKey = name == key
                if isInKey, item == nil { return origin(number, trimmed.startIndex) }
            }
            if isInKey, let item, let column = Self.find(item, in: line) { return origin(number, column) }
        }
        return key != nil && item != nil ? position(section: section, key: key) : start
    }

    private func origin(_ line: Int, _ column: Int) -> Policy.Origin {
        Policy.Origin(source: source, line: line + 1, column: column + 1)
    }

    /// Whether a line is a table's header and not an item of a list: nothing but a comment follows the bracket.
    private static func isHeader(_ line: ArraySlice<UInt8>) -> Bool {
        guard let close = line.lastIndex(of: UInt8(ascii: "]")) else { return false }
        let rest = line[(close + 1)...].drop { $0 == 0x20 || $0 == 0x09 || $0 == 0x0D }
        let inside = line[line.startIndex..<close]
        return (rest.isEmpty || rest.first == UInt8(ascii: "#")) && !inside.contains(UInt8(ascii: "\""))
    }

    /// The key that a line begins with.
    private static func key(_ line: ArraySlice<UInt8>) -> String? {
        guard let equals = line.firstIndex(of: UInt8(ascii: "=")) else { return nil }
        let name = line[..<equals].filter { $0 != 0x20 && $0 != 0x09 && $0 != 0x22 && $0 != 0x27 }
        return name.isEmpty || line.first == UInt8(ascii: "\"") && line[..<equals].filter({ $0 == 0x22 }).count != 2
            ? nil : String(decoding: name, as: UTF8.self)
    }

    /// The column of a quoted string, or of a bare word, in a line.
    private static func find(_ item: String, in line: [UInt8]) -> Int? {
        for quote in ["\"", "'"] {
            let wanted = Array((quote + item + quote).utf8)
            guard line.count >= wanted.count else { continue }
            for start in 0...(line.count - wanted.count) where line[start..<start + wanted.count].elementsEqual(wanted) {
                return start
            }
        }
        return nil
    }
}
