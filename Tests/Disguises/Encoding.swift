/// Encoders written as plainly as they can be, apart from the code under test.
internal enum Encoding {
    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
    private static let base32Letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".utf8)
    private static let lowerDigits = Array("0123456789abcdef".utf8)
    private static let upperDigits = Array("0123456789ABCDEF".utf8)

    static func base64(_ value: [UInt8], isURL: Bool = false) -> [UInt8] {
        let alphabet: [UInt8] = letters + (isURL ? [0x2D, 0x5F] : [0x2B, 0x2F])
        let found = digits(of: value, bits: 6).map { alphabet[$0] }
        return isURL ? found : found + [UInt8](repeating: 0x3D, count: (3 - value.count % 3) % 3)
    }

    static func base32(_ value: [UInt8]) -> [UInt8] {
        let found = digits(of: value, bits: 5).map { base32Letters[$0] }
        return found + [UInt8](repeating: 0x3D, count: (8 - found.count % 8) % 8)
    }

    static func hex(_ value: [UInt8], upper: Bool = false) -> [UInt8] {
        let digits = upper ? upperDigits : lowerDigits
        var found: [UInt8] = []
        for byte in value { found += [digits[Int(byte >> 4)], digits[Int(byte & 15)]] }
        return found
    }

    static func binary(_ value: [UInt8]) -> [UInt8] {
        value.flatMap { byte in (0..<8).reversed().map { bit in 0x30 + byte >> UInt8(bit) & 1 } }
    }

    static func rot13(_ byte: UInt8) -> UInt8 {
        guard isAlphanumeric(byte), byte >= 0x40 else { return byte }
        let letter = byte & 0x1F
        return byte & 0x60 | (letter <= 13 ? letter + 13 : letter - 13)
    }

    static func isAlphanumeric(_ byte: UInt8) -> Bool { letters.contains(byte) }

    /// The value's bits in groups, the last one filled up with zeros.
    private static func digits(of value: [UInt8], bits: Int) -> [Int] {
        var found: [Int] = []
        var pending = 0
        var count = 0
        for byte in value {
            pending = pending << 8 | Int(byte)
            count += 8
            while count >= bits {
                count -= bits
                found.append(pending >> count)
                pending &= 1 << count - 1
            }
        }
        if count > 0 { found.append(pending << (bits - count)) }
        return found
    }
}
