internal import Secrets

/// A form in which pieces of a long value are looked for, computed from the value where it is compared.
///
/// Each begins at an anchor, a place in the value; characters are counted from there. Where a base64 or base32 character
/// shares its bits with what lies before the anchor, the first one counted is the next.
internal enum PieceForm: UInt8, BitwiseCopyable {
    case raw, rotated, reversed, hex, hexUpper
    /// By how many bits the first character lies behind the anchor: the three alignments.
    case base64At0, base64At2, base64At4
    /// Where a group of five begins at the anchor, which one of five anchors does.
    case base32
    /// Base64 and hexadecimal of base64 in which a group of three begins at the anchor, which one of three anchors does.
    case twiceAt0, twiceAt2, twiceAt4
    case hexOfBase64, hexUpperOfBase64

    /// How many characters `count` bytes from the anchor on have, without those that share bits.
    func length(of count: Int) -> Int {
        switch self {
        case .raw, .rotated, .reversed: count
        case .hex, .hexUpper: 2 * count
        case .base64At0, .base64At2, .base64At4: (8 * count - skipped) / 6
        case .base32: 8 * count / 5
        case .twiceAt0, .twiceAt2, .twiceAt4: (8 * (8 * count / 6) - skipped) / 6
        case .hexOfBase64, .hexUpperOfBase64: 2 * (8 * count / 6)
        }
    }

    /// How many bits lie between the anchor and the first character.
    var skipped: Int {
        switch self {
        case .base64At2, .twiceAt2: 2
        case .base64At4, .twiceAt4: 4
        default: 0
        }
    }

    /// How many characters behind the end belong to it, as they share its last bits or are padding.
    var trailing: UInt8 {
        switch self {
        case .raw, .rotated, .reversed, .hex, .hexUpper: 0
        case .base64At0, .base64At2, .base64At4: 3
        case .base32: 7
        case .twiceAt0, .twiceAt2, .twiceAt4, .hexOfBase64, .hexUpperOfBase64: 8
        }
    }

    /// How many bytes from an anchor on are compared at most: more where only some anchors begin a group.
    var reach: Int {
        switch self {
        case .base32, .twiceAt0, .twiceAt2, .twiceAt4, .hexOfBase64, .hexUpperOfBase64: 2 * PieceTable.reach
        default: PieceTable.reach
        }
    }

    /// The family that results name.
    var family: FormFamily {
        switch self {
        case .raw: .partial
        case .rotated, .reversed: .disguised
        case .hex, .hexUpper, .hexOfBase64, .hexUpperOfBase64: .hex
        case .base32: .base32
        default: .base64
        }
    }

    /// Twice the bits of the value in a character.
    var halfBits: Int {
        switch self {
        case .raw, .rotated, .reversed: 16
        case .hex, .hexUpper: 8
        case .base64At0, .base64At2, .base64At4: 12
        case .base32: 10
        case .twiceAt0, .twiceAt2, .twiceAt4: 9
        case .hexOfBase64, .hexUpperOfBase64: 6
        }
    }

    /// The form whose characters these are, too: base64 goes on the same wherever in a group it was entered.
    var sequence: PieceForm {
        switch self {
        case .base64At2, .base64At4: .base64At0
        default: self
        }
    }

    /// Whether text may have it in another alphabet, which has other characters for two.
    var hasOtherAlphabet: Bool { sequence == .base64At0 }

    /// How many entries an anchor has: one for each form, and about every fifth of base64 in another alphabet, too.
    static let usual = count + 1

    /// How many forms there are.
    static let count = Int(hexUpperOfBase64.rawValue) + 1

    /// Eight characters of the usual alphabet in that of URLs.
    @inline(__always)
    static func inOtherAlphabet(_ block: UInt64) -> UInt64 {
        // Plus becomes a hyphen and the slash an underscore.
        block &+ 2 &* equal(block, to: 0x2B) &+ 48 &* equal(block, to: 0x2F)
    }

    /// Eight characters of either alphabet in the usual one.
    @inline(__always)
    static func inUsualAlphabet(_ block: UInt64) -> UInt64 {
        block &- 2 &* equal(block, to: 0x2D) &- 48 &* equal(block, to: 0x5F)
    }

    /// A one in each byte of `block` that is `byte`.
    @inline(__always)
    private static func equal(_ block: UInt64, to byte: UInt64) -> UInt64 {
        let other = block ^ byte &* everyByte
        // The lower seven bits of each byte carry into its highest where one of them is set.
        let low = 0x7F &* everyByte
        return ~(((other & low) &+ low) | other) &>> 7 & everyByte
    }

    /// Eight characters from the `index`th one on, a multiple of eight, the first in the lowest byte.
    ///
    /// - Parameter anchor: where in `bytes` the anchor lies, with `PieceTable.margin` bytes before and behind all that is
    ///   asked for; characters past the value's end are no part of it.
    @inline(__always)
    func block(_ bytes: Span<UInt8>, anchor: Int, at index: Int) -> UInt64 {
        switch self {
        case .raw: return bytes.block(at: anchor + index)
        case .rotated: return Self.rotated(bytes.block(at: anchor + index))
        case .reversed: return bytes.block(at: anchor + PieceTable.window - 8 - index).byteSwapped
        case .hex, .hexUpper:
            return Self.hex(UInt32(truncatingIfNeeded: bytes.bits(at: 8 * anchor + 4 * index) >> 32), self == .hexUpper)
        case .base64At0, .base64At2, .base64At4:
            return Self.base64(bytes.bits(at: 8 * anchor + skipped + 6 * index))
        case .base32: return Self.base32(bytes.bits(at: 8 * anchor + 5 * index))
        case .twiceAt0, .twiceAt2, .twiceAt4:
            // Eight characters carry the bits of six of the inner ones, and of a seventh.
            let inner = Self.base64(bytes.bits(at: 8 * anchor + 6 * (index / 8 * 6)))
            return Self.base64(inner.byteSwapped << UInt64(skipped))
        case .hexOfBase64, .hexUpperOfBase64:
            let inner = Self.base64(bytes.bits(at: 8 * anchor + 3 * index))
            return Self.hex(UInt32(truncatingIfNeeded: inner.byteSwapped >> 32), self == .hexUpperOfBase64)
        }
    }

    /// A one in each byte of `value` that is at least `least`; all are below 128.
    @inline(__always)
    private static func ones(_ value: UInt64, from least: UInt64) -> UInt64 {
        ((value &+ (128 - least) &* everyByte) &>> 7) & everyByte
    }

    private static let everyByte: UInt64 = 0x0101_0101_0101_0101

    /// The characters for the upper 48 bits.
    @inline(__always)
    private static func base64(_ bits: UInt64) -> UInt64 {
        var digits: UInt64 = 0
        for place in 0..<UInt64(8) { digits |= (bits &>> (58 - 6 * place) & 63) &<< (8 * place) }
        return digits &+ 65 &* everyByte &+ 6 &* ones(digits, from: 26) &- 75 &* ones(digits, from: 52)
            &- 15 &* ones(digits, from: 62) &+ 3 &* ones(digits, from: 63)
    }

    /// The characters for the upper 40 bits.
    @inline(__always)
    private static func base32(_ bits: UInt64) -> UInt64 {
        var digits: UInt64 = 0
        for place in 0..<UInt64(8) { digits |= (bits &>> (59 - 5 * place) & 31) &<< (8 * place) }
        return digits &+ 65 &* everyByte &- 41 &* ones(digits, from: 26)
    }

    /// The characters for 32 bits.
    @inline(__always)
    private static func hex(_ bits: UInt32, _ isUpper: Bool) -> UInt64 {
        var digits: UInt64 = 0
        for place in 0..<UInt64(8) { digits |= (UInt64(bits) &>> (28 - 4 * place) & 15) &<< (8 * place) }
        return digits &+ 48 &* everyByte &+ (isUpper ? 7 : 39) &* ones(digits, from: 10)
    }

    /// Eight characters with their letters moved thirteen places.
    @inline(__always)
    private static func rotated(_ block: UInt64) -> UInt64 {
        // Bytes of 128 and more are no letters; without their highest bit they could be mistaken for some.
        let high = block & 0x80 &* everyByte
        let small = (block ^ high) | 0x20 &* everyByte
        let letters = ones(small, from: 97) & ~ones(small, from: 123) & ~(high &>> 7)
        let later = ones(small, from: 110) & letters
        return block &+ 13 &* letters &- 26 &* later
    }
}

extension Span<UInt8> {
    /// The eight bytes from `position` on, the first lowest.
    @inline(__always)
    internal func block(at position: Int) -> UInt64 {
        UInt64(gram(at: position + 4)) << 32 | UInt64(gram(at: position))
    }

    /// The bits from `position` on, the first highest; at least 56 of them are set.
    @inline(__always)
    internal func bits(at position: Int) -> UInt64 {
        block(at: position >> 3).byteSwapped &<< UInt64(position & 7)
    }
}
