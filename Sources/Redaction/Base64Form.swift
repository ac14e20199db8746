/// Base64 in both alphabets, at each of the three places in a group where the value may begin (RFC 4648).
///
/// A character that the value shares with the byte before it is part of the sequence, once for each value those other
/// bits may have: 4 at the second place, 16 at the third. A character shared with the byte after it cannot be known, and
/// is left to the stream, which takes it and the padding into the replacement.
internal enum Base64Form: RedactionForm {
    private static let standard: [UInt8] = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let forURLs: [UInt8] = Array(
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    /// A newline at the end, alone in its group.
    private static let newlineGroup: [UInt8] = Array("Cg==".utf8)

    static func add(_ value: Span<UInt8>, secret: Int, minimum: Int, to patterns: inout PatternSet) {
        for offset in 0..<3 {
            // The variants are the low bits of the byte before, of which only those in the shared character count.
            let variants = value.count > largeValue ? 1 : [1, 4, 16][offset]
            for variant in 0..<variants {
                let differs = write(value, offset, UInt8(variant), standard, to: &patterns)
                let leavesEdge = (offset + value.count) % 3 != 0
                patterns.finish(secret: secret, minimum: minimum, leavesEdge: leavesEdge)
                if !leavesEdge, offset == 0, value.count <= largeValue {
                    // `echo "$VALUE" | base64`: the newline makes a group of its own, which would be left over.
                    _ = write(value, offset, UInt8(variant), standard, to: &patterns)
                    for character in newlineGroup { patterns.put(character) }
                    patterns.finish(secret: secret, minimum: minimum, leavesEdge: false)
                }
                guard differs else { continue }
                _ = write(value, offset, UInt8(variant), forURLs, to: &patterns)
                patterns.finish(secret: secret, minimum: minimum, leavesEdge: leavesEdge)
            }
        }
        addWrapped(value, secret: secret, minimum: minimum, to: &patterns)
    }

    /// Adds the value as `base64` and PEM writers print it: from the start of a line, broken at their widths.
    private static func addWrapped(_ value: Span<UInt8>, secret: Int, minimum: Int, to patterns: inout PatternSet) {
        for width in [76, 64] where value.count * 4 > width * 3 {
            _ = write(value, 0, 0, standard, width: width, to: &patterns)
            patterns.finish(secret: secret, minimum: minimum, leavesEdge: value.count % 3 != 0)
        }
    }

    /// Whether a byte may stand in a base64 text, padding aside.
    static func isCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    /// Writes the characters that hold bits of the value and none of what follows; tells whether the alphabets differ.
    private static func write(
        _ value: Span<UInt8>, _ offset: Int, _ variant: UInt8, _ alphabet: [UInt8], width: Int = .max,
        to patterns: inout PatternSet
    ) -> Bool {
        var written = 0
        // One byte before leaves its low 2 bits in the second character, two leave their low 4 in the third.
        var bits = UInt32(variant)
        var bitCount = [0, 2, 4][offset]
        var differs = false
        // Of a large value the shared character stays: its few bits are no loss, sixteen tables of its length are.
        var skipsShared = value.count > largeValue && offset > 0
        for index in 0..<value.count {
            bits = bits << 8 | UInt32(value[index])
            bitCount += 8
            while bitCount >= 6 {
                bitCount -= 6
                if skipsShared {
                    skipsShared = false
                    continue
                }
                let number = Int(bits >> UInt32(bitCount)) & 63
                differs = differs || number >= 62
                if written > 0, written % width == 0 { patterns.put(UInt8(ascii: "\n")) }
                patterns.put(alphabet[number])
                written += 1
            }
            bits &= 0xFF
        }
        return differs
    }
}
