/// What one disguise makes of bytes.
internal struct Disguise: Sendable {
    /// Its name in a failure.
    let label: String
    /// Writes bytes another way.
    let write: @Sendable ([UInt8], inout Numbers) -> [UInt8]

    /// Encodings of a whole value.
    static let encodings: [Disguise] = [
        Disguise(label: "raw") { value, _ in value },
        Disguise(label: "base64") { value, _ in Encoding.base64(value) },
        Disguise(label: "base64url") { value, _ in Encoding.base64(value, isURL: true) },
        Disguise(label: "base64 twice") { value, _ in Encoding.base64(Encoding.base64(value)) },
        Disguise(label: "base64 of utf-16") { value, _ in Encoding.base64(value.flatMap { byte in [byte, 0] }) },
        Disguise(label: "base64 of big-endian utf-16") { value, _ in
            Encoding.base64(value.flatMap { byte in [0, byte] })
        },
        Disguise(label: "base64 of hex") { value, _ in Encoding.base64(Encoding.hex(value)) },
        Disguise(label: "base64 of reversed") { value, _ in Encoding.base64(value.reversed()) },
        Disguise(label: "base64 reversed") { value, _ in Encoding.base64(value).reversed() },
        Disguise(label: "base64 in rot13") { value, _ in Encoding.base64(value).map(Encoding.rot13) },
        Disguise(label: "hex of reversed") { value, _ in Encoding.hex(value.reversed()) },
        Disguise(label: "upper hex of reversed") { value, _ in Encoding.hex(value.reversed(), upper: true) },
        Disguise(label: "hex of hex") { value, _ in Encoding.hex(Encoding.hex(value)) },
        Disguise(label: "hex of utf-16") { value, _ in Encoding.hex(value.flatMap { byte in [byte, 0] }) },
        Disguise(label: "upper hex of big-endian utf-16") { value, _ in
            Encoding.hex(value.flatMap { byte in [0, byte] }, upper: true)
        },
        Disguise(label: "binary") { value, _ in Encoding.binary(value) },
        Disguise(label: "hex") { value, _ in Encoding.hex(value) },
        Disguise(label: "upper hex") { value, _ in Encoding.hex(value, upper: true) },
        Disguise(label: "hex of base64") { value, _ in Encoding.hex(Encoding.base64(value)) },
        Disguise(label: "base32") { value, _ in Encoding.base32(value) },
        Disguise(label: "reversed") { value, _ in value.reversed() },
        Disguise(label: "rot13") { value, _ in value.map(Encoding.rot13) },
    ]

    /// Ways to write or to part the characters of anything.
    static let writings: [Disguise] = [
        Disguise(label: "plain") { value, _ in value },
        each("percent") { byte, numbers in
            isEscaped(byte, &numbers) ? [0x25] + Encoding.hex([byte], upper: numbers.below(2) == 0) : nil
        },
        each("percent twice") { byte, numbers in
            isEscaped(byte, &numbers) ? Array("%25".utf8) + Encoding.hex([byte], upper: true) : nil
        },
        each("json") { byte, numbers in isEscaped(byte, &numbers) && byte < 0x80 ? unicode(byte) : nil },
        each("json, all") { byte, _ in byte < 0x80 ? unicode(byte) : nil },
        each("json in json") { byte, numbers in
            isEscaped(byte, &numbers) && byte < 0x80 ? [0x5C] + unicode(byte) : nil
        },
        each("c") { byte, numbers in isEscaped(byte, &numbers) ? [0x5C, 0x78] + Encoding.hex([byte]) : nil },
        each("octal") { byte, _ in [0x5C, 0x30 + byte >> 6, 0x30 + byte >> 3 & 7, 0x30 + byte & 7] },
        each("shell") { byte, _ in Encoding.isAlphanumeric(byte) ? nil : [0x5C, byte] },
        each("references") { byte, numbers in
            isEscaped(byte, &numbers) && byte < 0x80 ? Array("&#\(byte);".utf8) : nil
        },
        each("utf-16") { byte, _ in [byte, 0] },
        each("utf-16, big endian") { byte, _ in [0, byte] },
        each("utf-32") { byte, _ in [byte, 0, 0, 0] },
        Disguise(label: "spaced") { value, numbers in parted(value, by: [numbers.pick(separators)]) },
        Disguise(label: "listed") { value, numbers in
            let separators = lists.filter { separator in !separator.utf8.contains(where: value.contains) }
            let list = parted(value, by: Array(numbers.pick(separators).utf8))
            return list.count < leastList ? value : list
        },
        Disguise(label: "numbers") { value, numbers in
            let numbered = value.map { byte in String(byte) }
            let list = Array(numbered.joined(separator: numbers.pick([", ", ",", " ", "\n", ";", ", \n"])).utf8)
            return list.count < leastList ? value : list
        },
        Disguise(label: "parted by controls") { value, numbers in parted(value, by: numbers.pick(noise)) },
        each("coloured") { byte, numbers in
            Array("\u{1B}[\(30 + numbers.below(8))m".utf8) + [byte] + Array("\u{1B}[0m".utf8)
        },
        each("with noise") { byte, numbers in numbers.below(4) == 0 ? [byte] + numbers.pick(noise) : nil },
    ]

    /// Shorter lists are not looked for.
    private static let leastList = 40
    /// What languages print between the items of a list, and what people put between characters; the last is in no value.
    private static let lists = [
        "', '", "\", \"", "\",\"", "','", ", ", " -> ", "...", "  ", " | ", "</b><b>", "\",\n  \"", "\u{200B}",
    ]

    /// Pairs of hexadecimal digits with a separator.
    static let pairs = Disguise(label: "parted hex") { value, numbers in
        let separator = numbers.pick([":", " ", "-", ",", ", 0x", " 0x", "\n", "."])
        return parted(pairs: Encoding.hex(value, upper: numbers.below(2) == 0), by: Array(separator.utf8))
    }

    /// Rows as xxd and od print them, behind a prefix; 16 bytes or more before the value are the caller's.
    static func dumped(_ bytes: [UInt8], _ numbers: inout Numbers) -> [UInt8] {
        let prefix = numbers.pick([
            "", "> ", "+", "| ", "web_1  | ", "2026-11-29T00:51:10.1234567Z ", "12:00:01 INFO  ",
        ])
        let layout = numbers.below(4)
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 16) {
            let row = Array(bytes[start..<min(start + 16, bytes.count)])
            let offset = String(start, radix: layout < 2 ? 16 : 8)
            let zeros = String(repeating: "0", count: max(0, (layout < 2 ? 8 : 7) - offset.count))
            text += Array("\(prefix)\(layout == 3 ? "" : zeros + offset)\(layout < 2 ? ":" : "")".utf8)
            for (place, byte) in row.enumerated() {
                if layout != 1 || place % 2 == 0 { text.append(0x20) }
                text += Encoding.hex([byte])
            }
            if layout < 2 {
                let columns = layout == 0 ? 3 * (16 - row.count) : (16 - row.count) * 5 / 2
                text += [UInt8](repeating: 0x20, count: columns + 2)
                text += row.map { byte in (0x20..<0x7F).contains(byte) ? byte : 0x2E }
            }
            text.append(0x0A)
        }
        return text
    }

    /// Lines of one width.
    static func wrapped(_ text: [UInt8], width: Int, by lineEnd: [UInt8]) -> [UInt8] {
        let lines = stride(from: 0, to: text.count, by: width).map { Array(text[$0..<min($0 + width, text.count)]) }
        return Array(lines.joined(separator: lineEnd))
    }

    private static let separators = Array(" .,:;-_|/\t\n*#~".utf8)
    private static let noise: [[UInt8]] = [[0x0D], [0x08], [0x00], [0x1B, 0x5B, 0x4B], [0x07], [0x00, 0x0D]]

    /// A disguise of each byte by itself; `nil` leaves it.
    private static func each(
        _ label: String, _ write: @escaping @Sendable (UInt8, inout Numbers) -> [UInt8]?
    ) -> Disguise {
        Disguise(label: label) { value, numbers in
            var found: [UInt8] = []
            for byte in value { found += write(byte, &numbers) ?? [byte] }
            return found
        }
    }

    /// Some escape what is no letter or digit only, some anything.
    private static func isEscaped(_ byte: UInt8, _ numbers: inout Numbers) -> Bool {
        !Encoding.isAlphanumeric(byte) || numbers.below(3) == 0
    }

    private static func unicode(_ byte: UInt8) -> [UInt8] { Array("\\u00".utf8) + Encoding.hex([byte]) }

    private static func parted(_ value: [UInt8], by separator: [UInt8]) -> [UInt8] {
        Array(value.map { byte in [byte] }.joined(separator: separator))
    }

    private static func parted(pairs: [UInt8], by separator: [UInt8]) -> [UInt8] {
        Array(stride(from: 0, to: pairs.count, by: 2).map { Array(pairs[$0...($0 + 1)]) }.joined(separator: separator))
    }
}
