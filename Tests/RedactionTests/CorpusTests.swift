internal import Foundation
internal import Secrets
internal import Testing

@testable internal import Redaction

@Suite struct CorpusTests {
    /// A value, and a text with the part of it that must go.
    struct Disguise: Sendable, CustomTestStringConvertible {
        let value: [UInt8]
        let before: [UInt8]
        let secret: [UInt8]
        let after: [UInt8]

        var testDescription: String { "\(value.text) as \(secret.text)" }
    }

    @Test(arguments: disguises())
    func `A disguise goes as a whole, wherever the output is cut`(disguise: Disguise) {
        let matcher = Matcher(
            secrets: [RedactionSecret(name: "N", value: SharedSecret(SecretBytes(copying: disguise.value.span)))])
        let text = disguise.before + disguise.secret + disguise.after
        let expected = (disguise.before + Array("[redacted:N]".utf8) + disguise.after).text
        #expect(matcher.redact(text).text == expected)
        for cut in 0...text.count {
            #expect(output(matcher, [Array(text[..<cut]), Array(text[cut...])]).text == expected, "cut at \(cut)")
        }
        #expect(output(matcher, text.map { [$0] }).text == expected)
    }

    @Test func `The corpus is read as a whole`() {
        #expect(disguises().count > 60)
    }
}

/// The lines of the corpus; empty where it cannot be read, which a test of its own reports.
private func disguises() -> [CorpusTests.Disguise] {
    let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .appendingPathComponent("Corpus/disguises.txt")
    guard let content = try? String(contentsOf: file, encoding: .utf8) else { return [] }
    return content.split(separator: "\n").filter { !$0.hasPrefix("#") }.compactMap { line in
        let fields = line.split(separator: "\t").map(bytes(ofHex:))
        guard fields.count == 2 else { return nil }
        let parts = String(decoding: fields[1], as: UTF8.self).components(separatedBy: CharacterSet(charactersIn: "«»"))
        guard parts.count == 3 else { return nil }
        return CorpusTests.Disguise(
            value: fields[0], before: Array(parts[0].utf8), secret: Array(parts[1].utf8), after: Array(parts[2].utf8))
    }
}

private func bytes(ofHex text: Substring) -> [UInt8] {
    let digits = Array(text)
    return stride(from: 0, to: digits.count - 1, by: 2).compactMap { UInt8(String(digits[$0...$0 + 1]), radix: 16) }
}
