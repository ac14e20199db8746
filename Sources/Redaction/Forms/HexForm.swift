internal import Secrets

/// Hexadecimal in either case: run together, as C source lists it, and of the value's base64, of its hexadecimal, of its
/// bytes from back to front, as of a number whose first byte is the least, and of UTF-16.
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
            for index in (0..<value.count).reversed() { set.appendHex(value[index], upper: upper) }
            set.end(secret: secret, isHexadecimal: true)
        }
        // All digits of digits in small letters are figures.
        for index in 0..<(2 * value.count) { set.appendHex(digit(of: value, at: index), upper: false) }
        set.end(secret: secret, isHexadecimal: true)
        addWide(value, secret: secret, to: &set)
    }

    /// The digits of the value in UTF-16, little endian and big endian.
    ///
    /// Of ASCII both are the characters with a zero byte between each: one pattern is in both, and the zero byte of the one
    /// lies behind it, that of the other before it, where it stays.
    private static func addWide(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        if ByteClass.isASCII(value) {
            for upper in [false, true] {
                for index in 0..<value.count {
                    if index > 0 { set.append("00") }
                    set.appendHex(value[index], upper: upper)
                }
                set.end(secret: secret, trailing: 2, isHexadecimal: true)
            }
            return
        }
        for isBig in [false, true] {
            let wide = WideText.write(value, isBig: isBig)
            wide.withSpan { wide in addContiguous(wide, secret: secret, to: &set) }
        }
    }

    /// The digit at `index` of the value's hexadecimal in small letters.
    static func digit(of value: Span<UInt8>, at index: Int) -> UInt8 {
        ByteClass.hexDigit(index % 2 == 0 ? value[index / 2] >> 4 : value[index / 2], upper: false)
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
