internal import Disguises
internal import Testing

@testable internal import Redaction

@Suite struct `Ordinary output` {
    @Test(arguments: 0..<4)
    func `is left as it is, byte for byte`(seed: Int) {
        var numbers = Numbers(seed: 77 + seed)
        var log = BuildLog(seed: seed)
        let text = log.next(256 * 1024)
        // Lengths from the shortest value that is replaced.
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-!$".utf8)
        let values = (0..<25).map { number in (0..<(8 + 2 * number)).map { _ in numbers.pick(alphabet) } }
        let matcher = makeMatcher(values)
        var stream = RedactionStream(matcher: matcher)
        var result: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 4096) {
            let piece = Array(text[start..<min(start + 4096, text.count)])
            stream.write(piece.span) { bytes in bytes.append(to: &result) }
        }
        stream.finish { bytes in bytes.append(to: &result) }
        let isSame = result == text
        let counts = stream.counts
        #expect(counts.isEmpty, "false replacements: \(counts)")
        #expect(isSame)
    }
    @Test func `may end wherever it likes`() {
        let matcher = makeMatcher("tr0ub4dor&3")
        // What begins offsets, numbers and columns of dumps, and escapes.
        let alphabet = Array("018fx :,\\%&\u{1B}\n".utf8)
        var texts: [[UInt8]] = [[]]
        for _ in 0..<4 {
            texts = texts.flatMap { text in alphabet.map { byte in text + [byte] } }
            for text in texts where output(matcher, [text]) != text {
                Issue.record("\(String(decoding: text, as: UTF8.self).debugDescription) is not left as it is")
            }
        }
    }
}
