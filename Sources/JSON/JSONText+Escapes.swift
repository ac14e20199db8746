extension JSONText {
    /// The first byte that is not plain text.
    private static let delete: UInt8 = 0x7F
    private static let digits = Array("0123456789abcdef".utf8)

    /// JSON with escapes for those characters that JSON permits raw and that act on a terminal or in a log: DEL, the
    /// control characters of the upper half, marks that turn the direction of text (CVE-2021-42574), separators of
    /// lines and paragraphs, and the byte order mark. The rest is copied as it is.
    ///
    /// - Parameter json: Well-formed JSON in UTF-8, where bytes above ASCII stand in strings only.
    internal static func escapingActiveCharacters(_ json: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        var copied = 0
        var index = 0
        while index < json.count {
            let byte = json[index]
            // Almost every byte ends here.
            guard byte >= delete, let (code, length) = activeCharacter(json, at: index) else {
                index += 1
                continue
            }
            if copied == 0 { text.reserveCapacity(json.count + 64) }
            text += json[copied..<index]
            text += [UInt8(ascii: "\\"), UInt8(ascii: "u")]
            for shift in [12, 8, 4, 0] { text.append(digits[Int(code >> UInt16(shift) & 15)]) }
            index += length
            copied = index
        }
        guard copied > 0 else { return json }
        return text + json[copied...]
    }

    /// The character that begins here and how many bytes it has, where it is one that must not stand raw.
    private static func activeCharacter(_ json: [UInt8], at index: Int) -> (code: UInt16, length: Int)? {
        func follows(_ offset: Int) -> UInt16 { index + offset < json.count ? UInt16(json[index + offset]) : 0 }
        switch json[index] {
        case delete: return (0x7F, 1)
        // U+0080 to U+009F: C1, among them CSI and OSC.
        case 0xC2 where (0x80...0x9F).contains(follows(1)): return (follows(1), 2)
        case 0xD8 where follows(1) == 0x9C: return (0x61C, 2)
        case 0xE2:
            let code = 0x2000 | (follows(1) & 0x3F) << 6 | follows(2) & 0x3F
            switch code {
            case 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069: return (code, 3)
            default: return nil
            }
        case 0xEF where follows(1) == 0xBB && follows(2) == 0xBF: return (0xFEFF, 3)
        default: return nil
        }
    }
}
