internal import Secrets

/// Five characters for each four bytes, in the alphabet of RFC 1924, as Python's `b85encode` and Git's binary patches
/// write it, and in Ascii85, without its short form of four zero bytes.
///
/// The value must begin a group. Of a last group that is not full only those characters are looked for that are the same
/// whatever follows the value: up to five others stay.
internal enum Base85Form: RedactionForm {
    static let family = FormFamily.base85

    /// Fewer bytes have patterns that are shorter than the value, which would make every search slower.
    private static let shortest = 8
    /// The signs of RFC 1924 behind its figures, capitals and small letters.
    private static let signs = Array("!#$%&()*+-;<=>?@^_`{|}~".utf8)

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        guard value.count >= shortest else { return }
        addGroups(value, to: &set) { digit in character(digit) }
        set.end(secret: secret)
        addGroups(value, to: &set) { digit in UInt8(ascii: "!") + digit }
        set.end(secret: secret)
    }

    private static func addGroups(_ value: Span<UInt8>, to set: inout PatternSet, character: (UInt8) -> UInt8) {
        for start in stride(from: 0, to: value.count, by: 4) {
            // The least and the most that the group may be.
            var (least, most): (UInt32, UInt32) = (0, 0)
            for index in start..<(start + 4) {
                let isThere = index < value.count
                least = least << 8 | (isThere ? UInt32(value[index]) : 0)
                most = most << 8 | (isThere ? UInt32(value[index]) : 0xFF)
            }
            var factor: UInt32 = 85 * 85 * 85 * 85
            while factor > 0, least / factor == most / factor {
                set.append(character(UInt8(truncatingIfNeeded: least / factor % 85)))
                factor /= 85
            }
        }
    }

    private static func character(_ digit: UInt8) -> UInt8 {
        switch digit {
        case 0..<10: UInt8(ascii: "0") + digit
        case 10..<36: UInt8(ascii: "A") + digit - 10
        case 36..<62: UInt8(ascii: "a") + digit - 36
        default: signs[Int(digit) - 62]
        }
    }
}
