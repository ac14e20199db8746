/// The byte classes that several forms share.
internal enum ByteClass {
    /// Space, tab, newline, carriage return, vertical tab, form feed.
    static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }

    /// ASCII letters and digits.
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        let letter = byte | 0x20
        return (letter >= UInt8(ascii: "a") && letter <= UInt8(ascii: "z"))
            || (byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9"))
    }

    /// What may stand in base64 of either alphabet, padding included.
    static func isBase64(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "="): true
        default: isAlphanumeric(byte)
        }
    }

    /// One hexadecimal digit for the low four bits of `value`.
    static func hexDigit(_ value: UInt8, upper: Bool) -> UInt8 {
        let digit = value & 15
        if digit < 10 { return UInt8(ascii: "0") + digit }
        return (upper ? UInt8(ascii: "A") : UInt8(ascii: "a")) + digit - 10
    }
}
