import Redaction
import Secrets
import TestSupport
import Testing

@testable import ControlSequences
@testable import Sandbox

/// Redaction and the filter together, as output on a terminal goes through them.
struct OutputStreamTests {
    private func matcher(_ value: [UInt8]) -> Matcher {
        Matcher(secrets: [RedactionSecret(name: "S", value: SharedSecret(SecretBytes(copying: value.span)))])
    }

    /// What leaves of a text in pieces.
    private func shown(_ pieces: [[UInt8]], value: String) -> String {
        var stream = OutputStream(matcher: matcher(Array(value.utf8)), isTerminal: true, releasesIdlePrefix: false)
        var output: [UInt8] = []
        for piece in pieces { stream.write(piece.span) { append($0, to: &output) } }
        stream.finish { append($0, to: &output) }
        return String(decoding: output, as: UTF8.self)
    }

    private func append(_ span: Span<UInt8>, to output: inout [UInt8]) {
        for index in 0..<span.count { output.append(span[index]) }
    }

    private static let value = "correct-horse-battery"

    /// Texts that show the value, and what must be shown instead.
    private static let disguised: [(name: String, text: String, shown: String)] = [
        ("as it is", value, "[redacted:S]"),
        ("colours", value.map { "\u{1B}[3\(1)m\($0)" }.joined() + "\u{1B}[0m", "\u{1B}[31m[redacted:S]\u{1B}[0m"),
        ("a carriage return between all", value.map { "\($0)\r" }.joined(), "[redacted:S]\r"),
        ("backspaces", value.map { "\($0)\u{8}\u{8}\u{8}" }.joined(), "[redacted:S]\u{8}\u{8}\u{8}"),
        ("cursor movement", value.map { "\($0)\u{1B}[1;5H" }.joined(), "[redacted:S]\u{1B}[1;5H"),
        (
            "a clipboard of any length",
            "correct-ho\u{1B}]52;c;" + String(repeating: "A", count: 900) + "\u{7}rse-battery",
            "[redacted:S]"
        ),
        (
            "a picture", "correct-ho\u{1B}Pq" + String(repeating: "~", count: 900) + "\u{1B}\\rse-battery",
            "[redacted:S]"
        ),
        (
            "a title of any length", "correct-ho\u{1B}]0;" + String(repeating: "A", count: 900) + "\u{7}rse-battery",
            "[redacted:S]"
        ),
        ("a link", "correct-ho\u{1B}]8;;https://example.org/\u{7}rse-battery", "[redacted:S]"),
        ("upper control characters", value.map { "\($0)\u{85}" }.joined(), "[redacted:S]"),
        ("ENQ and DEL", value.map { "\($0)\u{5}\u{7F}" }.joined(), "[redacted:S]"),
        ("in a title", "\u{1B}]0;\(value)\u{7}x", "\u{1B}]0;[redacted:S]\u{7}x"),
    ]

    @Test(arguments: disguised) func `a value in a terminal's disguise is caught, and the rest is drawn`(
        row: (name: String, text: String, shown: String)
    ) {
        let text = Array("a \(row.text) b".utf8)
        #expect(shown([text], value: Self.value) == "a \(row.shown) b", "\(row.name)")
        #expect(shown(text.map { [$0] }, value: Self.value) == "a \(row.shown) b", "\(row.name), byte by byte")
    }

    /// The order: redaction alone, before or behind the filter, leaves one of the two.
    @Test func `each of the two redactions catches what the other cannot`() {
        // What the filter takes out parts the halves for the first one.
        let parted = Array("correct-ho\u{1B}]52;c;\(String(repeating: "A", count: 900))\u{7}rse-battery".utf8)
        let redacted = matcher(Array(Self.value.utf8)).redact(parted.span)
        #expect(ControlSequenceFilterProbe.filtered(redacted) == Array(Self.value.utf8), "this attack works without")
        #expect(shown([parted], value: Self.value) == "[redacted:S]")
        // What the filter takes for a sequence is part of the value, so that the second one never sees it whole.
        let odd = "correct-\u{9B}horse-battery\u{1B}[21t"
        let filtered = ControlSequenceFilterProbe.filtered(Array(odd.utf8))
        #expect(matcher(Array(odd.utf8)).redact(filtered.span) == Array("correct-horse-battery".utf8))
        #expect(shown([Array(odd.utf8)], value: odd) == "[redacted:S]")
    }

    @Test func `a repetition does not hide a run of the same character`() {
        #expect(shown([Array("passw\u{1B}[3brd-0xyz".utf8)], value: "passwwwwrd-0xyz") == "[redacted:S]")
    }

    @Test func `a prompt leaves when the source is idle, and the rest of a value is still caught`() {
        var stream = OutputStream(
            matcher: matcher(Array(Self.value.utf8)), isTerminal: true, releasesIdlePrefix: true)
        var output: [UInt8] = []
        let start = Array("name: co".utf8)
        stream.write(start.span) { append($0, to: &output) }
        let isHolding = stream.isHolding
        #expect(isHolding)
        stream.idle { append($0, to: &output) }
        #expect(output == start)
        let rest = Array("rrect-horse-battery.".utf8)
        stream.write(rest.span) { append($0, to: &output) }
        stream.finish { append($0, to: &output) }
        #expect(!String(decoding: output, as: UTF8.self).contains("horse"))
    }

    @Test func `without a terminal nothing is filtered`() {
        var stream = OutputStream(
            matcher: matcher(Array(Self.value.utf8)), isTerminal: false, releasesIdlePrefix: false)
        var output: [UInt8] = []
        let text = Array("\u{1B}[21t\u{1B}]52;c;?\u{7}".utf8)
        stream.write(text.span) { append($0, to: &output) }
        stream.finish { append($0, to: &output) }
        #expect(output == text)
    }
}

/// The filter alone.
private enum ControlSequenceFilterProbe {
    static func filtered(_ text: [UInt8]) -> [UInt8] {
        var filter = ControlSequenceFilter()
        var output = SecretArray<UInt8>()
        filter.write(text.span, to: &output)
        return (0..<output.count).map { output[$0] }
    }
}
