internal import Secrets

/// The value as it is, without surrounding white space, with its line ends as a terminal or a log shows them, and in other
/// cases of its letters.
internal enum RawForm: RedactionForm {
    static let family = FormFamily.raw

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        let first = set.count
        set.append(value)
        set.end(secret: secret)
        if hasNewline(value) {
            addLines(value, joined: "\r\n", secret: secret, to: &set)
            addLines(value, joined: "\n", secret: secret, to: &set)
            addLines(value, joined: " ", secret: secret, to: &set)
            addBroken(value, secret: secret, to: &set)
        }
        LetterCase.add(value, from: first, to: &set)
    }

    /// What a reading makes of `value` whose line ends are written as escapes, where lines are long enough to be taken for
    /// broken.
    static func addBroken(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        guard hasNewline(value) else { return }
        addLines(value, joined: "\n", omitsBreaks: true, secret: secret, to: &set)
    }

    /// The range of `value` without the white space at both ends.
    static func trimmedRange(of value: Span<UInt8>) -> Range<Int> {
        var start = 0
        var end = value.count
        while start < end, ByteClass.isSpace(value[start]) { start += 1 }
        while end > start, ByteClass.isSpace(value[end - 1]) { end -= 1 }
        return start..<end
    }

    private static func hasNewline(_ value: Span<UInt8>) -> Bool {
        for index in 0..<value.count where value[index] == 0x0A { return true }
        return false
    }

    /// The value with every line end, CRLF or LF, written as `joined`.
    ///
    /// - Parameter omitsBreaks: whether those are left out at which `ViewReader` takes a line for broken.
    private static func addLines(
        _ value: Span<UInt8>, joined: StaticString, omitsBreaks: Bool = false, secret: Int, to set: inout PatternSet
    ) {
        var index = 0
        while index < value.count {
            let end = value.lineEnd(at: index) ?? 0
            if end == 0 {
                set.append(value[index])
            } else if !omitsBreaks || !value.endsDense(index) {
                set.append(joined)
            }
            index += max(end, 1)
        }
        set.end(secret: secret)
    }
}
