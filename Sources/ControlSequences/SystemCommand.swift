/// What stands between `ESC ]` and its end: a command to the terminal itself; see xterm's ctlseqs, "Operating System
/// Commands".
internal enum SystemCommand {
    /// The longest text of a title, in bytes.
    private static let longestTitle = 56
    /// The longest command that passes whole, in bytes.
    private static let longest = 60

    /// The characters of a colour's name or value; no question mark among them, which would ask for the colour.
    private static let colour = Set("0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ;:/#,.% ".utf8)

    /// The schemes that a link may have: those that every browser takes for a page or an address.
    private static let schemes = ["http://", "https://", "mailto:"].map { Array($0.utf8) }

    /// How many bytes of the command may pass, from its start; 0 for none.
    ///
    /// Titles may be set and are cut; colours may be set, but not asked for; links may lead to pages. Not passed are the
    /// clipboard (52), the font (50), the current folder (7), notifications and files (9, 99, 777, 1337), and all others.
    static func permittedLength(_ content: Span<UInt8>) -> Int {
        var start = 0
        var number = 0
        while start < content.count, start < 4, (0x30...0x39).contains(content[start]) {
            number = number * 10 + Int(content[start] - 0x30)
            start += 1
        }
        guard start > 0, start == content.count || content[start] == UInt8(ascii: ";") else { return 0 }
        start = min(start + 1, content.count)
        switch number {
        case 0, 1, 2: return titleEnd(content, from: start)
        case 4, 10, 11, 12, 104, 110, 111, 112:
            for index in start..<content.count where !colour.contains(content[index]) { return 0 }
        case 8:
            guard isLink(content, from: start) else { return 0 }
        default: return 0
        }
        return content.count <= longest ? content.count : 0
    }

    /// Where a title is cut, between two characters.
    private static func titleEnd(_ content: Span<UInt8>, from start: Int) -> Int {
        var end = min(content.count, start + longestTitle)
        if end < content.count { while end > start, content[end] & 0xC0 == 0x80 { end -= 1 } }
        return end
    }

    /// Parameters, a semicolon and an address; nothing behind the semicolon ends a link.
    private static func isLink(_ content: Span<UInt8>, from start: Int) -> Bool {
        var address = start
        while address < content.count, content[address] != UInt8(ascii: ";") { address += 1 }
        guard address < content.count else { return false }
        address += 1
        return address == content.count
            || schemes.contains { scheme in
                address + scheme.count <= content.count
                    && scheme.indices.allSatisfy { content[address + $0] == scheme[$0] }
            }
    }
}
