/// The character references of XML and HTML that encoders write.
internal enum CharacterReferences {
    private static let named: [(name: StaticString, value: UInt32)] = [
        ("amp", 0x26), ("lt", 0x3C), ("gt", 0x3E), ("quot", 0x22), ("apos", 0x27), ("nbsp", 0xA0), ("sol", 0x2F),
        ("plus", 0x2B), ("equals", 0x3D), ("num", 0x23), ("excl", 0x21), ("dollar", 0x24), ("percnt", 0x25),
        ("lpar", 0x28), ("rpar", 0x29), ("ast", 0x2A), ("comma", 0x2C), ("period", 0x2E), ("colon", 0x3A),
        ("semi", 0x3B), ("quest", 0x3F), ("commat", 0x40), ("lsqb", 0x5B), ("bsol", 0x5C), ("rsqb", 0x5D),
        ("Hat", 0x5E), ("lowbar", 0x5F), ("grave", 0x60), ("lcub", 0x7B), ("vert", 0x7C), ("rcub", 0x7D),
        ("Tab", 0x09), ("NewLine", 0x0A),
    ]

    /// The character that `name`, what stands between `&` and `;`, means.
    static func value(_ name: Span<UInt8>) -> UInt32? {
        guard name[0] == UInt8(ascii: "#") else {
            return named.first { entry in equals(entry.name, name) }?.value
        }
        let isHexadecimal = name.count > 1 && name[1] | 0x20 == UInt8(ascii: "x")
        let digits = name.extracting((isHexadecimal ? 2 : 1)...)
        guard !digits.isEmpty else { return nil }
        var value: UInt32 = 0
        for index in 0..<digits.count {
            guard let digit = ByteClass.hexValue(digits[index]), isHexadecimal || digit < 10 else { return nil }
            value = value &* (isHexadecimal ? 16 : 10) &+ UInt32(digit)
        }
        return value
    }

    private static func equals(_ text: StaticString, _ name: Span<UInt8>) -> Bool {
        guard text.utf8CodeUnitCount == name.count else { return false }
        for (index, byte) in text.description.utf8.enumerated() where name[index] != byte { return false }
        return true
    }
}
