internal import FoundationEssentials
internal import Secrets
internal import Testing

@testable internal import Redaction

@Suite struct `A disguise of the corpus` {
    /// A value, and a text of which one part must go.
    struct Line: Sendable, CustomTestStringConvertible {
        var testDescription: String
        let value: [UInt8]
        let before: [UInt8]
        let hidden: [UInt8]
        let after: [UInt8]
    }

    @Test(arguments: Self.read())
    func `goes as a whole, wherever it is cut, and nothing else does`(disguise: Line) {
        let matcher = makeMatcher([disguise.value])
        let text = disguise.before + disguise.hidden + disguise.after
        let expected = disguise.before + Array("[redacted:S0]".utf8) + disguise.after
        let whole = matcher.redact(text.span)
        #expect(
            whole == expected,
            "gives \(String(decoding: whole, as: UTF8.self)) for \(String(decoding: text, as: UTF8.self))")
        // One expectation for all cuts, so that a failure says which and not how many.
        let wrong = (0...text.count).filter { cut in
            output(matcher, [Array(text[..<cut]), Array(text[cut...])]) != whole
        }
        #expect(wrong.isEmpty)
        let isSame = output(matcher, text.map { byte in [byte] }) == whole
        #expect(isSame, "cut at every byte")
    }

    @Test func `is there for each family`() {
        let labels = Set(Self.read().map(\.testDescription))
        #expect(
            labels.isSuperset(of: [
                "raw", "hex", "base64 at 2", "base64url at 1", "percent", "json", "bash", "crlf", "json .net", "utf-16",
                "reversed", "rot13", "base32", "spaced", "coloured", "base64 twice", "base64 wrapped, indented",
            ]))
    }

    /// The lines of the corpus; without any where the file cannot be read, which the test above reports.
    private static func read() -> [Line] {
        let path = #filePath.dropLast("CorpusTests.swift".count) + "Corpus/disguises.tsv"
        guard let data = try? Data(contentsOf: URL(filePath: String(path))) else { return [] }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").filter { !$0.hasPrefix("#") }.map { line in
            let fields = line.split(separator: "\t")
            let parts = fields.dropFirst().map { field in bytes(ofHex: field) }
            return Line(
                testDescription: String(fields[0]), value: parts[0], before: parts[1], hidden: parts[2], after: parts[3]
            )
        }
    }

    private static func bytes(ofHex text: Substring) -> [UInt8] {
        let digits = Array(text)
        return stride(from: 0, to: digits.count - 1, by: 2).compactMap { index in
            UInt8(String(digits[index...(index + 1)]), radix: 16)
        }
    }
}
