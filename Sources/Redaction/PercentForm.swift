/// Percent encoding (RFC 3986): of the bytes that need it or of every byte, in either case, with a space also as `+`.
internal enum PercentForm: RedactionForm {
    /// Which bytes are written as they are besides letters, digits and `-._~`.
    private static let alsoPlain: [StaticString] = ["", "/", "!*'()", "!*'();:@&=+$,/?#"]

    static func add(_ value: Span<UInt8>, secret: Int, minimum: Int, to patterns: inout PatternSet) {
        for upper in [true, false] {
            for index in 0..<value.count {
                patterns.put(UInt8(ascii: "%"))
                patterns.putHex(value[index], upper: upper)
            }
            patterns.finish(secret: secret, minimum: minimum)
            guard needsEncoding(value) else { continue }
            for plain in alsoPlain {
                for plus in [false, true] {
                    write(value, upper: upper, plain: Array(plain.description.utf8), plus: plus, to: &patterns)
                    patterns.finish(secret: secret, minimum: minimum)
                }
            }
        }
    }

    private static func write(
        _ value: Span<UInt8>, upper: Bool, plain: [UInt8], plus: Bool, to patterns: inout PatternSet
    ) {
        for index in 0..<value.count {
            let byte = value[index]
            if plus, byte == UInt8(ascii: " ") {
                patterns.put(UInt8(ascii: "+"))
            } else if isUnreserved(byte) || plain.contains(byte) {
                patterns.put(byte)
            } else {
                patterns.put(UInt8(ascii: "%"))
                patterns.putHex(byte, upper: upper)
            }
        }
    }

    private static func needsEncoding(_ value: Span<UInt8>) -> Bool {
        for index in 0..<value.count where !isUnreserved(value[index]) { return true }
        return false
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "_"),
            UInt8(ascii: "~"):
            true
        default: false
        }
    }
}
