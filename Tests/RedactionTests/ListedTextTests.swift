@testable internal import Disguises
internal import Testing

@testable internal import Redaction

/// Values as the items of lists.
@Suite struct `Lists` {
    static let value = "kx7Qm2Zr9Lw4TnB8vY3cWs10"
    static let secret = "S0"

    private func redacted(_ text: String) -> String {
        redactedHoweverCut(text, makeMatcher(Self.value))
    }

    private static func joined(_ separator: String) -> String {
        value.map { character in String(character) }.joined(separator: separator)
    }

    private static func numbers(_ separator: String) -> String {
        value.utf8.map { byte in String(byte) }.joined(separator: separator)
    }

    @Test(arguments: [
        ("Python", "['", "', '", "']\n"), ("JSON", "[\"", "\", \"", "\"]\n"),
        ("compact JSON", "[\"", "\",\"", "\"]\n"),
        ("JSON in lines", "[\n  \"", "\",\n  \"", "\"\n]\n"), ("commas", "is ", ", ", "; and more\n"),
        ("arrows", "is ", " -> ", "\n"), ("dots", "is ", "...", " and more"),
        ("marks", "<p><b>", "</b><b>", "</b></p>"),
        ("zero width", "is ", "\u{200B}", "\n"), ("combining", "is ", "\u{301}", "\n"), ("gaps", "is ", "  ", "\n"),
    ])
    func `of characters are read as text`(list: (label: String, before: String, separator: String, after: String)) {
        let text = list.before + Self.joined(list.separator) + list.after
        #expect(redacted(text) == list.before + "[redacted:S0]" + list.after, "\(list.label)")
    }

    @Test(arguments: [", ", ",", " ", "\n", ";", ", \n", "\t"])
    func `of numbers are read as bytes`(separator: String) {
        let list = Self.numbers(separator)
        #expect(redacted("[\(list)]\n") == "[[redacted:S0]]\n")
        #expect(redacted("CHAR(\(list))") == "CHAR([redacted:S0])")
        let within = "1\(separator)\(list)\(separator)7 more"
        #expect(redacted(within) == "1\(separator)[redacted:S0]\(separator)7 more")
    }

    @Test func `in an encoding are found too`() {
        let encoded = String(decoding: Encoding.base64(Array(Self.value.utf8)), as: UTF8.self)
        let list = encoded.map { character in String(character) }.joined(separator: "', '")
        #expect(redacted("['\(list)']") == "['[redacted:S0]']")
    }

    @Test func `of a value with one character five times are found`() {
        let value = "aZ33333q8LLLLLLx"
        let list = value.map { character in String(character) }.joined(separator: ", ")
        #expect(redact(makeMatcher(value), list) == "[redacted:S0]")
    }

    @Test(arguments: [
        "12, 34, 56, 78, 90, 12\n", "a, b, c, d, e, f\n", "| a | b | c |\n+---+---+---+\n",
        "1.2.3.4, 5.6.7.8\n", "- - - - -",
        "10 20 30 40 300 50\n", "{ } { } { }\n", "x = [1, 2, 3, 4, 5, 6, 7];\n",
    ])
    func `of anything else stay`(text: String) {
        #expect(redacted(text) == text)
    }

    @Test(arguments: [
        "Name: ", "Continue? [y/N] ", "Enter >>> ", "kx7... ", "Rate 1-4: ", "k, x", "Port 80, 81: ", "% ",
    ])
    func `hold no prompt back where the source is idle`(prompt: String) {
        var stream = RedactionStream(matcher: makeMatcher(Self.value), releasesIdlePrefix: true)
        var seen = ""
        stream.write(Array(prompt.utf8).span) { piece in seen += text(of: piece) }
        stream.idle { piece in seen += text(of: piece) }
        #expect(seen == prompt)
    }

    @Test func `give no more than three items away where the source is idle`() {
        var stream = RedactionStream(matcher: makeMatcher(Self.value), releasesIdlePrefix: true)
        var seen = ""
        for character in Self.value {
            stream.write(Array("\(character)', '".utf8).span) { piece in seen += text(of: piece) }
            stream.idle { piece in seen += text(of: piece) }
        }
        stream.finish { piece in seen += text(of: piece) }
        #expect(seen.hasPrefix("k', 'x', '7"))
        #expect(!seen.contains("m"))
        #expect(stream.counts == [Self.secret: 1])
    }
}

private func text(of piece: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    piece.append(to: &bytes)
    return String(decoding: bytes, as: UTF8.self)
}
