internal import Secrets

/// Lines of uuencode, each of up to 45 bytes behind a character that says how many, as uuencode(1), Perl's `pack 'u'` and
/// Python's `b2a_uu` write them: six bits a character, of which a space or a grave accent stands for none.
///
/// The value must begin the first line. The character that says how many stays, and so do up to three of the last group,
/// which what follows may change.
internal enum UuencodeForm: RedactionForm {
    static let family = FormFamily.base64

    /// How many bytes a full line has.
    private static let line = 45
    /// The fewest bytes of a last line that are looked for by themselves; fewer are with the line before.
    private static let shortest = 11
    /// The most bytes: ten lines.
    private static let longest = 450

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        guard value.count <= longest else { return }
        for zero in [UInt8(ascii: " "), UInt8(ascii: "`")] {
            for start in stride(from: 0, to: value.count, by: line) {
                let count = min(line, value.count - start)
                // A line of zero bytes is one of spaces.
                guard (start..<(start + count)).contains(where: { index in value[index] != 0 }) else { continue }
                if start == 0 || count >= shortest {
                    addLine(value, from: start, count, zero: zero, to: &set)
                    set.end(secret: secret)
                    continue
                }
                // The line may have a newline of its own besides.
                for counted in [count, count + 1] {
                    addLine(value, from: start - line, line, zero: zero, to: &set)
                    set.append("\n")
                    set.append(character(UInt32(counted), zero: zero))
                    addLine(value, from: start, count, zero: zero, to: &set)
                    set.end(secret: secret)
                }
            }
        }
    }

    /// The characters of `count` bytes all of whose bits are theirs.
    private static func addLine(
        _ value: Span<UInt8>, from start: Int, _ count: Int, zero: UInt8, to set: inout PatternSet
    ) {
        for place in stride(from: 8 * start, through: 8 * (start + count) - 6, by: 6) {
            set.append(character(Base64Form.bits(of: value, at: place), zero: zero))
        }
    }

    private static func character(_ bits: UInt32, zero: UInt8) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: bits & 63)
        return value == 0 ? zero : value + 0x20
    }
}
