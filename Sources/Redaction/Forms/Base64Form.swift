internal import Secrets

/// Base64 in both alphabets and at every alignment within a longer encoded text.
///
/// Where the value does not start at a group of three bytes, its first bits share a character with what lies before:
/// all characters that the share allows are listed as leads. Where it does not end at a group, its last bits share a
/// character with what follows: the match extends over the rest of that group of four. See RFC 4648.
internal enum Base64Form: RedactionForm {
    static let family = FormFamily.base64

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        addOnce(value, secret: secret, to: &set)
        addTwice(value, secret: secret, to: &set)
        addWide(value, secret: secret, to: &set)
    }

    /// The encoding in both alphabets and at each alignment.
    static func addOnce(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for isURL in [false, true] {
            for alignment in 0..<3 {
                addAligned(value.count, alignment: alignment, isURL: isURL, secret: secret, to: &set) { value[$0] }
            }
        }
        if value.count % 3 == 0 {
            // `echo "$VALUE" | base64`: the newline makes a group of its own, which would be left over.
            addAligned(value.count, alignment: 0, isURL: false, suffix: "Cg==", secret: secret, to: &set) { value[$0] }
        }
    }

    /// The characters that carry bits of `count` bytes where `alignment` bytes lie before it in its group.
    private static func addAligned(
        _ count: Int, alignment: Int, isURL: Bool, suffix: StaticString = "", least: Int = 0, secret: Int,
        to set: inout PatternSet, byte: (Int) -> UInt8
    ) {
        var leads: [UInt8] = []
        // Bits of the value not yet written, in the low `pending` bits.
        var bits: UInt32 = 0
        var pending = 0
        var index = 0
        if alignment > 0 {
            // The first shared character has two bits of the byte before at alignment 1, four at alignment 2.
            let known = alignment == 1 ? 4 : 2
            let first = UInt32(byte(0))
            let high = first >> UInt32(8 - known)
            set.append(character(high, isURL: isURL))
            for foreign in 0..<(UInt32(1) << UInt32(6 - known)) {
                let lead = foreign << UInt32(known) | high
                leads.append(character(lead, isURL: false))
                // Of both alphabets, so that the two patterns are one where nothing else tells them apart.
                if lead >= 62 { leads.append(character(lead, isURL: true)) }
            }
            bits = first & ((1 << UInt32(8 - known)) - 1)
            pending = 8 - known
            index = 1
        }
        while index < count || pending >= 6 {
            if pending < 6 {
                bits = bits << 8 | UInt32(byte(index))
                pending += 8
                index += 1
            }
            pending -= 6
            set.append(character(bits >> UInt32(pending), isURL: isURL))
            bits &= (1 << UInt32(pending)) - 1
        }
        // Two bits left over end the first character of a group and leave three; four leave two.
        let trailing = pending == 0 ? 0 : (pending == 2 ? 3 : 2)
        set.append(suffix)
        set.end(secret: secret, trailing: max(trailing, least), leads: leads)
    }

    /// Base64 of the base64 of the value, at each alignment of the outer one; what is left of the inner one, a character
    /// and its padding, takes up to eight characters of the outer one.
    private static func addTwice(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        let count = value.count * 4 / 3
        for alignment in 0..<3 {
            addAligned(
                count, alignment: alignment, isURL: false, least: value.count % 3 == 0 ? 0 : 8, secret: secret, to: &set
            ) { index in
                character(of: value, at: index)
            }
        }
    }

    /// Base64 of the value in UTF-16, little endian, as PowerShell encodes commands and texts.
    private static func addWide(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        func add(_ count: Int, byte: (Int) -> UInt8) {
            for alignment in 0..<3 {
                addAligned(count, alignment: alignment, isURL: false, secret: secret, to: &set, byte: byte)
            }
        }
        // Guarded memory takes longer to make than the patterns, and most values need none.
        if (0..<value.count).allSatisfy({ index in value[index] < 0x80 }) {
            add(2 * value.count) { index in index % 2 == 0 ? value[index / 2] : 0 }
        } else {
            let wide = WideText.write(value)
            wide.withSpan { wide in add(wide.count) { index in wide[index] } }
        }
    }

    /// The character at `index` of the encoding, all of whose bits must be the value's.
    static func character(of value: Span<UInt8>, at index: Int) -> UInt8 {
        let place = index * 6
        let high = UInt32(value[place / 8]) << 8
        let low = place / 8 + 1 < value.count ? UInt32(value[place / 8 + 1]) : 0
        return character((high | low) >> UInt32(10 - place % 8), isURL: false)
    }

    /// The character for six bits.
    static func character(_ bits: UInt32, isURL: Bool) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: bits & 63)
        switch value {
        case 0..<26: return UInt8(ascii: "A") + value
        case 26..<52: return UInt8(ascii: "a") + value - 26
        case 52..<62: return UInt8(ascii: "0") + value - 52
        case 62: return isURL ? UInt8(ascii: "-") : UInt8(ascii: "+")
        default: return isURL ? UInt8(ascii: "_") : UInt8(ascii: "/")
        }
    }
}
