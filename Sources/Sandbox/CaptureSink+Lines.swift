extension CaptureSink {
    /// The most bytes that are given up on each side for a whole line; no more than a quarter of what there is.
    private static let mostCut = 1024
    /// The most bytes of a replacement, `[redacted:NAME]`.
    private static let longestReplacement = 80
    private static let replacement = Array("[redacted:".utf8)

    /// What was kept: where bytes are missing in between, up to the end of a line and from the start of one on; or else with
    /// neither half a character nor half a replacement at the cut.
    public var kept: (start: [UInt8], end: [UInt8], missing: Int) {
        guard missing > 0 else { return (start, end, 0) }
        let (head, tail) = (start, end)
        let (stop, first) = (Self.stop(of: head), Self.first(of: tail))
        return (Array(head[..<stop]), Array(tail[first...]), missing + head.count - stop + first)
    }

    /// Behind the last byte of `head` that is shown.
    private static func stop(of head: [UInt8]) -> Int {
        let low = head.count - min(mostCut, head.count / 4)
        if let newline = head[low...].lastIndex(of: 0x0A) { return newline + 1 }
        if let bracket = head.suffix(longestReplacement).lastIndex(of: UInt8(ascii: "[")) {
            let rest = head[bracket...]
            if !rest.contains(UInt8(ascii: "]")), zip(rest, replacement).allSatisfy({ $0 == $1 }) { return bracket }
        }
        // Behind the last character that is whole: one has up to four bytes.
        guard let lead = head.suffix(4).lastIndex(where: { byte in byte & 0xC0 != 0x80 }) else { return head.count }
        let length = head[lead] >= 0xF0 ? 4 : head[lead] >= 0xE0 ? 3 : head[lead] >= 0xC0 ? 2 : 1
        return lead + length > head.count ? lead : head.count
    }

    /// The first byte of `tail` that is shown.
    private static func first(of tail: [UInt8]) -> Int {
        if let newline = tail.prefix(min(mostCut, tail.count / 4)).firstIndex(of: 0x0A) { return newline + 1 }
        if let bracket = tail.prefix(longestReplacement).firstIndex(where: { byte in "[]".utf8.contains(byte) }),
            tail[bracket] == UInt8(ascii: "]")
        {
            return bracket + 1
        }
        return tail.prefix(3).prefix { byte in byte & 0xC0 == 0x80 }.count
    }
}
