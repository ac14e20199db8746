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

    /// Decimal digits.
    static func isDigit(_ byte: UInt8) -> Bool { byte &- UInt8(ascii: "0") <= 9 }

    /// Whether all bytes are ASCII.
    static func isASCII(_ value: Span<UInt8>) -> Bool {
        for index in 0..<value.count where value[index] >= 0x80 { return false }
        return true
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

    /// The value of a hexadecimal digit of either case.
    @inline(__always)
    static func hexValue(_ byte: UInt8) -> UInt8? {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"): byte - UInt8(ascii: "0")
        case UInt8(ascii: "a")...UInt8(ascii: "f"): byte - UInt8(ascii: "a") + 10
        case UInt8(ascii: "A")...UInt8(ascii: "F"): byte - UInt8(ascii: "A") + 10
        default: nil
        }
    }

    /// The scalar at `index` and its length in UTF-8; a byte that is not UTF-8 stands for itself.
    static func scalar(_ value: Span<UInt8>, at index: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(value[index])
        let length = first >= 0xF0 ? 4 : (first >= 0xE0 ? 3 : 2)
        guard first >= 0xC2, first <= 0xF4, index + length <= value.count else { return (first, 1) }
        var scalar = first & (0xFF >> UInt32(length + 1))
        for next in 1..<length {
            let byte = value[index + next]
            guard byte & 0xC0 == 0x80 else { return (first, 1) }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        guard Unicode.Scalar(scalar) != nil else { return (first, 1) }
        return (scalar, length)
    }
}
