/// The value as it is, with each newline also as CRLF, as a space, and as nothing.
internal enum RawForm: RedactionForm {
    static func add(_ value: Span<UInt8>, secret: Int, minimum: Int, to patterns: inout PatternSet) {
        for index in 0..<value.count { patterns.put(value[index]) }
        patterns.finish(secret: secret, minimum: minimum)
        guard containsNewline(value) else { return }
        for replacement: StaticString in ["\r\n", "\n", " ", ""] {
            for index in 0..<value.count {
                let byte = value[index]
                // A carriage return before a newline is part of the line's end.
                if byte == 0x0D, index + 1 < value.count, value[index + 1] == 0x0A { continue }
                if byte == 0x0A { patterns.put(replacement) } else { patterns.put(byte) }
            }
            patterns.finish(secret: secret, minimum: minimum)
        }
    }

    private static func containsNewline(_ value: Span<UInt8>) -> Bool {
        for index in 0..<value.count where value[index] == 0x0A { return true }
        return false
    }
}
