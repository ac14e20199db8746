/// What shells print for a value: the inside of `'…'`, `"…"` and `$'…'`, and a backslash before each special character.
internal enum ShellForm: RedactionForm {
    static func add(_ value: Span<UInt8>, secret: Int, minimum: Int, to patterns: inout PatternSet) {
        for quote: StaticString in ["'\\''", "'\"'\"'", "\\'"] {
            for index in 0..<value.count {
                if value[index] == UInt8(ascii: "'") { patterns.put(quote) } else { patterns.put(value[index]) }
            }
            patterns.finish(secret: secret, minimum: minimum)
        }
        for special: StaticString in ["\"\\$`", "\"\\$`!"] {
            putEscaped(value, Array(special.description.utf8), to: &patterns)
            patterns.finish(secret: secret, minimum: minimum)
        }
        for safe: StaticString in ["-._/", "-._/:@%+=", "-._/:@%+=~#", "-._/,:@%+=", "-._/,:@%+=^~#{}]"] {
            putEscapedExcept(value, Array(safe.description.utf8), to: &patterns)
            patterns.finish(secret: secret, minimum: minimum)
        }
        for octal in [true, false] {
            for index in 0..<value.count { putANSI(value[index], octal: octal, to: &patterns) }
            patterns.finish(secret: secret, minimum: minimum)
        }
    }

    private static func putEscaped(_ value: Span<UInt8>, _ special: [UInt8], to patterns: inout PatternSet) {
        for index in 0..<value.count {
            if special.contains(value[index]) { patterns.put(UInt8(ascii: "\\")) }
            patterns.put(value[index])
        }
    }

    private static func putEscapedExcept(_ value: Span<UInt8>, _ safe: [UInt8], to patterns: inout PatternSet) {
        for index in 0..<value.count {
            let byte = value[index]
            let isPlain = byte >= 0x80 || isAlphanumeric(byte) || safe.contains(byte)
            if !isPlain { patterns.put(UInt8(ascii: "\\")) }
            patterns.put(byte)
        }
    }

    /// A character inside `$'…'`, as bash's `printf %q` and `set -x` write it.
    private static func putANSI(_ byte: UInt8, octal: Bool, to patterns: inout PatternSet) {
        switch byte {
        case UInt8(ascii: "'"): patterns.put("\\'")
        case UInt8(ascii: "\\"): patterns.put("\\\\")
        case 0x07: patterns.put("\\a")
        case 0x08: patterns.put("\\b")
        case 0x09: patterns.put("\\t")
        case 0x0A: patterns.put("\\n")
        case 0x0B: patterns.put("\\v")
        case 0x0C: patterns.put("\\f")
        case 0x0D: patterns.put("\\r")
        case 0x1B: patterns.put("\\E")
        case 0..<0x20, 0x7F...0xFF:
            patterns.put(UInt8(ascii: "\\"))
            if octal {
                for shift: UInt8 in [6, 3, 0] { patterns.put(UInt8(ascii: "0") + (byte >> shift) & 7) }
            } else {
                patterns.put(UInt8(ascii: "x"))
                patterns.putHex(byte, upper: false)
            }
        default: patterns.put(byte)
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"):
            true
        default: false
        }
    }
}
