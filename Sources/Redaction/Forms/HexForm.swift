/// Hexadecimal in either case: run together, and separated as debuggers and key tools print it.
internal enum HexForm: RedactionForm {
    /// What stands before each pair but the first.
    private static let separators: [StaticString] = ["", " ", ":", "\\x"]

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for upper in [false, true] {
            for separator in separators {
                for index in 0..<value.count {
                    if index > 0 { set.append(separator) }
                    set.append(ByteClass.hexDigit(value[index] >> 4, upper: upper))
                    set.append(ByteClass.hexDigit(value[index], upper: upper))
                }
                set.end(secret: secret)
            }
        }
    }
}
