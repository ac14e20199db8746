/// JSON strings (RFC 8259): what must be escaped, `/` with and without a backslash, and characters as `\u00xx`.
internal enum JSONForm: RedactionForm {
    static func add(_ value: Span<UInt8>, secret: Int, minimum: Int, to patterns: inout PatternSet) {
        for upper in [false, true] {
            for slash in [false, true] {
                // HTML-safe encoders write these three by number.
                for angles in [false, true] {
                    for index in 0..<value.count {
                        put(value[index], upper: upper, slash: slash, angles: angles, to: &patterns)
                    }
                    patterns.finish(secret: secret, minimum: minimum)
                }
            }
            guard value.count <= largeValue else { continue }
            for index in 0..<value.count { putNumber(value[index], upper: upper, to: &patterns) }
            patterns.finish(secret: secret, minimum: minimum)
        }
    }

    private static func put(_ byte: UInt8, upper: Bool, slash: Bool, angles: Bool, to patterns: inout PatternSet) {
        switch byte {
        case UInt8(ascii: "\""): patterns.put("\\\"")
        case UInt8(ascii: "\\"): patterns.put("\\\\")
        case UInt8(ascii: "/") where slash: patterns.put("\\/")
        case 0x08: patterns.put("\\b")
        case 0x09: patterns.put("\\t")
        case 0x0A: patterns.put("\\n")
        case 0x0C: patterns.put("\\f")
        case 0x0D: patterns.put("\\r")
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
            if angles { putNumber(byte, upper: upper, to: &patterns) } else { patterns.put(byte) }
        case 0..<0x20: putNumber(byte, upper: upper, to: &patterns)
        default: patterns.put(byte)
        }
    }

    private static func putNumber(_ byte: UInt8, upper: Bool, to patterns: inout PatternSet) {
        patterns.put("\\u00")
        patterns.putHex(byte, upper: upper)
    }
}
