/// Hexadecimal in either case: run together, as C source lists it, and of the value's base64.
///
/// One separator between the pairs is the matcher's concern, and so is `\x`; see `Layout` and `EscapeDecoder`.
internal enum HexForm: RedactionForm {
    static let family = FormFamily.hex

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        addContiguous(value, secret: secret, to: &set)
        for upper in [false, true] {
            for separator in [", 0x", ",0x", " 0x"] as [StaticString] {
                for index in 0..<value.count {
                    if index > 0 { set.append(separator) }
                    set.appendHex(value[index], upper: upper)
                }
                set.end(secret: secret)
            }
            for index in 0..<(value.count * 4 / 3) {
                set.appendHex(Base64Form.character(of: value, at: index), upper: upper)
            }
            // The last character, which shares its bits, and the padding behind it.
            let left = value.count % 3 == 0 ? 0 : 4 - value.count % 3
            set.end(secret: secret, trailing: 2 * left, isHexadecimal: true)
        }
    }

    /// The digits run together.
    static func addContiguous(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for upper in [false, true] {
            for index in 0..<value.count { set.appendHex(value[index], upper: upper) }
            set.end(secret: secret, isHexadecimal: true)
        }
    }
}

extension PatternSet {
    /// Adds the two hexadecimal digits of `byte`.
    internal mutating func appendHex(_ byte: UInt8, upper: Bool) {
        append(ByteClass.hexDigit(byte >> 4, upper: upper))
        append(ByteClass.hexDigit(byte, upper: upper))
    }
}
