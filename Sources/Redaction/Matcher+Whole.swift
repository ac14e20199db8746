extension Matcher {
    /// Replaces every secret in `bytes`, a text that is there as a whole.
    public func redact(_ bytes: Span<UInt8>) -> [UInt8] {
        guard patternCount > 0 else {
            var copy: [UInt8] = []
            append(bytes, to: &copy)
            return copy
        }
        var stream = RedactionStream(matcher: self)
        var result: [UInt8] = []
        result.reserveCapacity(bytes.count)
        stream.write(bytes) { append($0, to: &result) }
        stream.finish { append($0, to: &result) }
        return result
    }

    /// Replaces every secret in `bytes`, a text that is there as a whole.
    public func redact(_ bytes: [UInt8]) -> [UInt8] { redact(bytes.span) }

    /// Replaces every secret in the UTF-8 bytes of `text`, for messages and reports.
    public func redact(_ text: String) -> String {
        String(decoding: redact(Array(text.utf8)), as: UTF8.self)
    }

    private func append(_ bytes: Span<UInt8>, to result: inout [UInt8]) {
        for index in 0..<bytes.count { result.append(bytes[index]) }
    }
}
