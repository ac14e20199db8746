internal import Secrets

/// Tells windows of a value that only a secret has from those that any text might have.
///
/// A window looks random where letters, digits and capitals alternate in it as in base64 and hexadecimal, where it has
/// nearly as many different characters as places, or where it is no text. Sentences, licenses, paths, names, rules and
/// runs of spaces are none of these; neither is what all keys, certificates and tokens of one kind have in common.
internal struct PieceLook {
    /// What is counted of eight bytes.
    private struct Block {
        /// A bit for each byte that is there.
        var seen: (UInt64, UInt64, UInt64, UInt64) = (0, 0, 0, 0)
        var letters = 0
        var digits = 0
        var spaces = 0
        /// How often a kind of character follows another kind.
        var changes = 0
        /// How many bytes no text has.
        var foreign = 0
        /// Whether something common begins there.
        var isCommon = false
    }

    /// The kind of the byte before: one for a digit, two for a small letter, three for a capital, and zero.
    private var kind = 0
    /// How many bytes of a character in UTF-8 are still to come.
    private var continuing = 0
    private var blocks = (Block(), Block(), Block(), Block())

    /// Takes the next eight bytes, from `start` on.
    mutating func take(_ value: Span<UInt8>, from start: Int) {
        var (first, second, third, fourth) = (UInt64(0), UInt64(0), UInt64(0), UInt64(0))
        var (letters, digits, spaces, changes) = (0, 0, 0, 0)
        var block = Block()
        var kind = kind
        for index in start..<(start + 8) {
            let byte = value[index]
            // Without branches, which random bytes would make unforeseeable.
            let bit: UInt64 = 1 &<< UInt64(byte & 63)
            first |= byte < 64 ? bit : 0
            second |= byte & 0xC0 == 64 ? bit : 0
            third |= byte & 0xC0 == 128 ? bit : 0
            fourth |= byte >= 192 ? bit : 0
            let digit = byte &- 48 < 10 ? 1 : 0
            let lower = byte &- 97 < 26 ? 1 : 0
            let upper = byte &- 65 < 26 ? 1 : 0
            digits &+= digit
            letters &+= lower &+ upper
            spaces &+= byte == 0x20 ? 1 : 0
            let next = digit &+ 2 &* lower &+ 3 &* upper
            changes &+= next == kind ? 0 : 1
            kind = next
            if byte >= 0x7F || byte < 0x20 || continuing > 0, isForeign(byte) { block.foreign += 1 }
            let starts = byte < 64 ? Self.commonStarts.0 : byte < 128 ? Self.commonStarts.1 : 0
            if starts &>> UInt64(byte & 63) & 1 != 0, index + 4 <= value.count, Self.isCommon(value.gram(at: index)) {
                block.isCommon = true
            }
        }
        self.kind = kind
        block.seen = (first, second, third, fourth)
        (block.letters, block.digits, block.spaces, block.changes) = (letters, digits, spaces, changes)
        blocks = (blocks.1, blocks.2, blocks.3, block)
    }

    /// A bit for each byte that something common begins with: `0`, `G`, `J`, `L`, `R`, `b`, `h`, `o` and `t`.
    private static var commonStarts: (UInt64, UInt64) {
        (1 << 48, 1 << 7 | 1 << 10 | 1 << 12 | 1 << 18 | 1 << 34 | 1 << 40 | 1 << 47 | 1 << 52)
    }

    /// Whether the last four blocks look random together.
    var isRandom: Bool {
        let all = blocks
        guard !all.0.isCommon, !all.1.isCommon, !all.2.isCommon, !all.3.isCommon else { return false }
        let high = (
            all.0.seen.2 | all.1.seen.2 | all.2.seen.2 | all.3.seen.2,
            all.0.seen.3 | all.1.seen.3 | all.2.seen.3 | all.3.seen.3
        )
        let different =
            (all.0.seen.0 | all.1.seen.0 | all.2.seen.0 | all.3.seen.0).nonzeroBitCount
            + (all.0.seen.1 | all.1.seen.1 | all.2.seen.1 | all.3.seen.1).nonzeroBitCount
            + high.0.nonzeroBitCount + high.1.nonzeroBitCount
        let letters = all.0.letters + all.1.letters + all.2.letters + all.3.letters
        let digits = all.0.digits + all.1.digits + all.2.digits + all.3.digits
        let changes = all.0.changes + all.1.changes + all.2.changes + all.3.changes
        let spaces = all.0.spaces + all.1.spaces + all.2.spaces + all.3.spaces
        let foreign = all.0.foreign + all.1.foreign + all.2.foreign + all.3.foreign
        if letters + digits >= 28, letters >= 5, digits >= 2, spaces < 2 { return changes >= 10 && different >= 10 }
        if foreign >= 2 { return different >= 22 }
        return spaces == 0 && foreign == 0 && letters + digits >= 12 && changes >= 14 && different >= 22
            && high.0 | high.1 == 0
    }

    /// Whether text has no such byte there: a control, or one that is out of place in UTF-8.
    private mutating func isForeign(_ byte: UInt8) -> Bool {
        if byte & 0xC0 == 0x80 {
            continuing -= 1
            if continuing >= 0 { return false }
            continuing = 0
            return true
        }
        let isCut = continuing > 0
        continuing = byte < 0xC2 ? 0 : byte < 0xE0 ? 1 : byte < 0xF0 ? 2 : byte < 0xF5 ? 3 : 0
        return isCut || byte == 0xC0 || byte == 0xC1 || byte > 0xF4 || byte == 0x7F
            || (byte < 0x20 && !ByteClass.isSpace(byte))
    }

    /// Whether four bytes, the first lowest, are of what many values have in common: the base64 of the names that ASN.1
    /// gives to RSA and elliptic curves, of five hyphens, and of the headers of JSON web tokens.
    @inline(__always)
    private static func isCommon(_ gram: UInt32) -> Bool {
        // As numbers, the text of which is beside them: a comparison each of text would take longer than all else here.
        switch gram {
        // hkiG, oZIh and GSIb of RSA; oZIz, GSM4 and hkjO of elliptic curves.
        case 0x4769_6B68, 0x6849_5A6F, 0x6249_5347, 0x7A49_5A6F, 0x344D_5347, 0x4F6A_6B68: true
        // LS0t, 0tLS and tLS0 of hyphens.
        case 0x7430_534C, 0x534C_7430, 0x3053_4C74: true
        // JhbG, bGci and R5cC of tokens.
        case 0x4762_684A, 0x6963_4762, 0x4363_3552: true
        default: false
        }
    }
}
