internal import TestSupport
import Testing

@testable import Sandbox

/// What is kept of captured output.
struct CaptureSinkTests {
    /// What a capture of everything at once must keep.
    private func expected(_ bytes: [UInt8], limit: Int) -> (start: [UInt8], end: [UInt8], missing: Int) {
        let start = Array(bytes.prefix(limit / 4))
        let rest = bytes.dropFirst(limit / 4)
        let end = Array(rest.suffix(limit - limit / 4))
        return (start, end, rest.count - end.count)
    }

    @Test(arguments: [0, 1, 2, 3, 4, 5, 16, 100], [UInt64(1), 2, 3])
    func `a quarter is kept from the start and the rest from the end, however it comes`(limit: Int, seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        for length in 0...(3 * limit + 3) {
            let bytes = (0..<length).map { _ in UInt8.random(in: 0...255, using: &generator) }
            let sink = CaptureSink(limit: limit)
            var index = 0
            while index < length {
                let count = min(length - index, Int.random(in: 1...max(1, limit), using: &generator))
                #expect(sink.accept(bytes[index..<index + count].span) == count)
                index += count
            }
            let wanted = expected(bytes, limit: limit)
            #expect(sink.start == wanted.start)
            #expect(sink.end == wanted.end)
            #expect(sink.missing == wanted.missing)
        }
    }

    @Test func `one piece far beyond the limit is counted and cut`() {
        let sink = CaptureSink(limit: 8)
        let bytes = (0..<100_000).map { UInt8(truncatingIfNeeded: $0) }
        #expect(sink.accept(bytes.span) == bytes.count)
        #expect(sink.start == Array(bytes.prefix(2)))
        #expect(sink.end == Array(bytes.suffix(6)))
        #expect(sink.missing == 100_000 - 8)
    }

    /// What is shown of a text of which so many bytes are kept.
    private func shown(_ text: String, limit: Int) -> [String] {
        let sink = CaptureSink(limit: limit)
        _ = sink.accept(Array(text.utf8).span)
        let (start, end, missing) = sink.kept
        #expect(start.count + end.count + missing == text.utf8.count)
        return [String(decoding: start, as: UTF8.self), String(decoding: end, as: UTF8.self)]
    }

    @Test func `where bytes are missing, whole lines are shown`() {
        func lines(_ numbers: Range<Int>) -> String { numbers.map { "line \($0)\n" }.joined() }
        #expect(shown(lines(100..<200), limit: 400) == [lines(100..<111), lines(167..<200)])
        #expect(shown(lines(100..<200), limit: 4000) == [lines(100..<200), ""])
    }

    @Test func `no character and no replacement is cut`() {
        func repeated(_ text: String, _ count: Int) -> String { String(repeating: text, count: count) }
        #expect(shown(repeated("ä", 100), limit: 44) == [repeated("ä", 5), repeated("ä", 16)])
        #expect(shown(repeated("😀", 100), limit: 42) == ["😀😀", repeated("😀", 8)])
        let text = "0123456789[redacted:TOKEN]" + repeated("-", 100) + "[redacted:TOKEN] and more"
        #expect(shown(text, limit: 72) == ["0123456789", repeated("-", 29) + "[redacted:TOKEN] and more"])
        #expect(shown(text, limit: 28) == ["0123456", " and more"])
    }

    @Test func `a capture waits for nothing`() {
        #expect(CaptureSink(limit: 10).pollNumber == nil)
    }
}
