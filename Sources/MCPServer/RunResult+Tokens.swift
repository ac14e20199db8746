internal import Interceptor
internal import Runner

extension RunResult {
    /// The result without the credentials of well-known shapes that are not the vault's, and so were not redacted: the
    /// last net before an assistant reads it. They are counted under `token NAME`.
    internal func withoutTokens() -> RunResult {
        guard var captured else { return self }
        var result = self
        for stream in [\RunResult.CapturedOutput.output, \.error] {
            var kept = captured[keyPath: stream]
            kept.dropBrokenLines()
            for (name, count) in kept.replaceTokens() { result.redactions["token " + name, default: 0] += count }
            captured[keyPath: stream] = kept
        }
        result.captured = captured
        return result
    }
}

extension RunResult.CapturedStream {
    /// How far from the cut a broken line may reach: no longer token has a shape that is known.
    private static let longestLine = 1024
    private static let newline = UInt8(ascii: "\n")

    /// Drops what is left of the lines in which the stream was cut, since half a token has no shape.
    fileprivate mutating func dropBrokenLines() {
        guard missing > 0 else { return }
        let head = start.suffix(Self.longestLine)
        let first = head.lastIndex(of: Self.newline).map { $0 + 1 } ?? head.startIndex
        missing += start.count - first
        start.removeSubrange(first...)
        let tail = end.prefix(Self.longestLine)
        let last = tail.firstIndex(of: Self.newline) ?? tail.endIndex
        missing += last
        end.removeSubrange(..<last)
    }

    /// Replaces tokens, and what is left of a private key that was cut.
    fileprivate mutating func replaceTokens() -> [String: Int] {
        var counts: [String: Int] = [:]
        for part in [\RunResult.CapturedStream.start, \.end] {
            let replacement = TokenPatterns.replace(in: self[keyPath: part])
            self[keyPath: part] = replacement.bytes
            counts.merge(replacement.counts) { $0 + $1 }
        }
        guard missing > 0 else { return counts }
        let (header, footer) = (Array("-----BEGIN ".utf8), Array("-----END ".utf8))
        // A key without its last line was replaced up to the cut.
        let marker = Array("[redacted:token private-key]".utf8)
        let isOpen = start.reversed().drop { $0 == Self.newline }.starts(with: marker.reversed())
        // Without its first line a rest of base64 lines is told by its last line, or by the header before the cut.
        if let close = Self.place(of: footer, in: end) {
            let header = Self.place(of: header, in: end)
            if header == nil || close < header ?? 0 { end.removeSubrange(..<close) }
        } else if isOpen {
            end.removeSubrange(..<Self.endOfBase64(end))
        }
        return counts
    }

    /// Where a marker of PEM stands that names a private key or stands alone.
    private static func place(of marker: [UInt8], in bytes: [UInt8]) -> Int? {
        guard bytes.count >= marker.count else { return nil }
        return (0...(bytes.count - marker.count)).first { start in
            guard bytes[start] == marker[0], bytes[start..<(start + marker.count)].elementsEqual(marker) else {
                return false
            }
            let line = bytes[start...].prefix { $0 != newline }
            return String(decoding: line, as: UTF8.self).contains("PRIVATE KEY")
        }
    }

    /// Where the lines of base64 at the beginning end.
    private static func endOfBase64(_ bytes: [UInt8]) -> Int {
        bytes.firstIndex { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "+"), UInt8(ascii: "/"), UInt8(ascii: "="), newline,
                UInt8(ascii: "\r"):
                false
            default: true
            }
        } ?? bytes.count
    }
}
