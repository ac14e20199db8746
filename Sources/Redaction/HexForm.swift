/// Hexadecimal digits in either case: contiguous, or with a separator that dumps and literals use between the bytes.
internal enum HexForm: RedactionForm {
    private static let separators: [StaticString] = ["", " ", ":", "\\x"]

    static func add(_ value: Span<UInt8>, secret: Int, minimum: Int, to patterns: inout PatternSet) {
        for upper in [false, true] {
            for separator in separators.prefix(value.count > largeValue ? 1 : separators.count) {
                for index in 0..<value.count {
                    if index > 0 { patterns.put(separator) }
                    patterns.putHex(value[index], upper: upper)
                }
                patterns.finish(secret: secret, minimum: minimum)
            }
        }
    }
}
