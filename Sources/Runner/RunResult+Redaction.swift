internal import Redaction

extension RunResult {
    /// Redacts once more what was captured, by a matcher that knows more.
    internal mutating func redactAgain(by matcher: Matcher) {
        guard var captured else { return }
        for stream in [\RunResult.CapturedOutput.output, \.error] {
            if captured[keyPath: stream].missing == 0 {
                // A value may lie across both parts.
                captured[keyPath: stream].start += captured[keyPath: stream].end
                captured[keyPath: stream].end = []
            }
            let (start, end) = (captured[keyPath: stream].start, captured[keyPath: stream].end)
            captured[keyPath: stream].start = redactAgain(start, by: matcher)
            captured[keyPath: stream].end = redactAgain(end, by: matcher)
        }
        self.captured = captured
    }

    private mutating func redactAgain(_ bytes: [UInt8], by matcher: Matcher) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(bytes.count)
        func take(_ piece: Span<UInt8>) { for index in piece.indices { output.append(piece[index]) } }
        var stream = RedactionStream(matcher: matcher)
        stream.write(bytes.span) { take($0) }
        stream.finish { take($0) }
        redactions.merge(stream.counts) { $0 + $1 }
        redactionForms.merge(stream.formCounts) { $0.merging($1) { $0 + $1 } }
        return output
    }
}
