/// Base32 at every alignment within a longer encoded text; see RFC 4648, section 6.
///
/// As in base64, the first character may share bits with what lies before, and the last ones with what follows.
internal enum Base32Form: RedactionForm {
    static let family = FormFamily.base32

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for alignment in 0..<5 { addAligned(value, foreign: alignment * 8 % 5, secret: secret, to: &set) }
    }

    /// - Parameter foreign: how many bits of the first character belong to what lies before.
    private static func addAligned(_ value: Span<UInt8>, foreign: Int, secret: Int, to set: inout PatternSet) {
        var leads: [UInt8] = []
        var bits: UInt32 = 0
        var pending = foreign
        for index in 0..<value.count {
            bits = bits << 8 | UInt32(value[index])
            pending += 8
            while pending >= 5 {
                pending -= 5
                let digit = bits >> UInt32(pending) & 31
                if index == 0, leads.isEmpty, foreign > 0 {
                    for other in 0..<(UInt32(1) << UInt32(foreign)) {
                        leads.append(character(other << UInt32(5 - foreign) | digit))
                    }
                }
                set.append(character(digit))
            }
        }
        set.end(secret: secret, trailing: pending == 0 ? 0 : 7, leads: leads)
    }

    private static func character(_ digit: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: digit)
        return value < 26 ? UInt8(ascii: "A") + value : UInt8(ascii: "2") + value - 26
    }
}
