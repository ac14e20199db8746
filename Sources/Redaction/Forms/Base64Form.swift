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
        addHexadecimal(value, secret: secret, to: &set)
        addWide(value, secret: secret, to: &set)
    }

    /// The encoding in both alphabets and at each alignment.
    static func addOnce(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for alphabet in [Base64Alphabet.standard, .url] {
            for alignment in 0..<3 {
                addAligned(value.count, alignment: alignment, alphabet, secret: secret, to: &set) { index in
                    value[index]
                }
            }
        }
        if value.count % 3 == 0 {
            // `echo "$VALUE" | base64`: the newline makes a group of its own, which would be left over.
            addAligned(value.count, alignment: 0, suffix: "Cg==", secret: secret, to: &set) { value[$0] }
        }
    }

    /// The characters that carry bits of `count` bytes where `alignment` bytes lie before it in its group.
    ///
    /// - Parameters:
    ///   - suffix: what stands behind them.
    ///   - least: how many characters behind them belong to the match at least.
    ///   - byte: gives the byte at an index.
    static func addAligned(
        _ count: Int, alignment: Int, _ alphabet: Base64Alphabet = .standard, suffix: StaticString = "", least: Int = 0,
        secret: Int, to set: inout PatternSet, byte: (Int) -> UInt8
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
            set.append(alphabet.character(high))
            for foreign in 0..<(UInt32(1) << UInt32(6 - known)) {
                let lead = foreign << UInt32(known) | high
                leads.append((alphabet == .url ? .standard : alphabet).character(lead))
                // Of both alphabets, so that the two patterns are one where nothing else tells them apart.
                if lead >= 62 { leads.append(Base64Alphabet.url.character(lead)) }
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
            set.append(alphabet.character(bits >> UInt32(pending)))
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
                count, alignment: alignment, least: value.count % 3 == 0 ? 0 : 8, secret: secret, to: &set
            ) { index in
                character(of: value, at: index)
            }
        }
    }

    /// Base64 of the value's hexadecimal in small letters, as `xxd -p | base64` writes it.
    private static func addHexadecimal(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for alignment in 0..<3 {
            addAligned(2 * value.count, alignment: alignment, secret: secret, to: &set) { index in
                HexForm.digit(of: value, at: index)
            }
        }
    }

    /// Base64 of the value in UTF-16, little endian, as PowerShell encodes commands and texts, and big endian.
    ///
    /// Of ASCII both are the characters with a zero byte between each: what has none at either end is in both, and the
    /// zero byte of the one lies behind the match, that of the other before it, where it leaves one or two characters that
    /// have no bit of the value.
    private static func addWide(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        // Guarded memory takes longer to make than the patterns, and most values need none.
        if ByteClass.isASCII(value) {
            let count = 2 * value.count - 1
            for alignment in 0..<3 {
                let least = (alignment + count) % 3 == 0 ? 4 : 0
                addAligned(count, alignment: alignment, least: least, secret: secret, to: &set) { index in
                    index % 2 == 0 ? value[index / 2] : 0
                }
            }
            return
        }
        for isBig in [false, true] {
            let wide = WideText.write(value, isBig: isBig)
            wide.withSpan { wide in
                for alignment in 0..<3 {
                    addAligned(wide.count, alignment: alignment, secret: secret, to: &set) { index in wide[index] }
                }
            }
        }
    }

    /// The character at `index` of the encoding behind the first `skipped` bits, all of whose bits must be the value's.
    static func character(of value: Span<UInt8>, at index: Int, behind skipped: Int = 0) -> UInt8 {
        Base64Alphabet.standard.character(bits(of: value, at: index * 6 + skipped))
    }

    /// Six bits from the one at `place` on, in the low six; what the value has no more of is zero.
    static func bits(of value: Span<UInt8>, at place: Int) -> UInt32 {
        let high = UInt32(value[place / 8]) << 8
        let low = place / 8 + 1 < value.count ? UInt32(value[place / 8 + 1]) : 0
        return (high | low) >> UInt32(10 - place % 8) & 63
    }
}
