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
        var seen = SIMD4<UInt64>()
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

    private enum Kind { case upper, lower, digit, sign }

    private var kind = Kind.sign
    /// How many bytes of a character in UTF-8 are still to come.
    private var continuing = 0
    private var blocks = (Block(), Block(), Block(), Block())

    /// Takes the next eight bytes, from `start` on.
    mutating func take(_ value: Span<UInt8>, from start: Int) {
        var block = Block()
        for index in start..<(start + 8) {
            let byte = value[index]
            block.seen[Int(byte >> 6)] |= 1 << UInt64(byte & 63)
            var next = Kind.sign
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"):
                next = .digit
                block.digits += 1
            case UInt8(ascii: "a")...UInt8(ascii: "z"):
                next = .lower
                block.letters += 1
            case UInt8(ascii: "A")...UInt8(ascii: "Z"):
                next = .upper
                block.letters += 1
            case 0x20: block.spaces += 1
            default: break
            }
            if next != kind { block.changes += 1 }
            kind = next
            if isForeign(byte) { block.foreign += 1 }
            if index + 4 <= value.count, Self.isCommon(value.gram(at: index)) { block.isCommon = true }
        }
        blocks = (blocks.1, blocks.2, blocks.3, block)
    }

    /// Whether the last four blocks look random together.
    var isRandom: Bool {
        let all = blocks
        guard !all.0.isCommon, !all.1.isCommon, !all.2.isCommon, !all.3.isCommon else { return false }
        let seen = all.0.seen | all.1.seen | all.2.seen | all.3.seen
        let different = (0..<4).reduce(0) { sum, word in sum + seen[word].nonzeroBitCount }
        let letters = all.0.letters + all.1.letters + all.2.letters + all.3.letters
        let digits = all.0.digits + all.1.digits + all.2.digits + all.3.digits
        let changes = all.0.changes + all.1.changes + all.2.changes + all.3.changes
        let spaces = all.0.spaces + all.1.spaces + all.2.spaces + all.3.spaces
        let foreign = all.0.foreign + all.1.foreign + all.2.foreign + all.3.foreign
        if letters + digits >= 28, letters >= 5, digits >= 2, spaces < 2 { return changes >= 10 && different >= 10 }
        if foreign >= 2 { return different >= 22 }
        return spaces == 0 && foreign == 0 && letters + digits >= 12 && changes >= 14 && different >= 22
            && seen[2] | seen[3] == 0
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
