internal import Disguises
internal import Testing

@testable internal import Redaction

/// Forms in lines of one width, alone and behind what tools put in front of lines.
@Suite struct `Broken lines` {
    static let value = "9tq4Wz7eKq81LmPx02Vn3rB6yHd0sTj5uXc7aZ"
    static let encoded = "OXRxNFd6N2VLcTgxTG1QeDAyVm4zckI2eUhkMHNUajV1WGM3YVo="

    private static func lines(_ text: String, width: Int) -> [String] {
        stride(from: 0, to: text.count, by: width).map { start in String(text.dropFirst(start).prefix(width)) }
    }

    private func redacted(_ text: String) -> String {
        redactedHoweverCut(text, makeMatcher(Self.value))
    }

    @Test(arguments: 2...30)
    func `of any width are read as one`(width: Int) {
        for (form, end) in [(Self.value, ""), (Self.encoded, "")] {
            let text = Self.lines(form, width: width).joined(separator: "\n")
            guard form.count >= 2 * width else { continue }
            #expect(redacted("log:\n" + text + "\nmore\n") == "log:\n[redacted:S0]\(end)\nmore\n", "\(form)")
            #expect(redacted(text) == "[redacted:S0]\(end)", "\(form)")
        }
    }

    /// What stands in front of each line, by its number.
    static let prefixes: [(label: String, prefix: @Sendable (Int) -> String)] = [
        ("quoted", { _ in "> " }), ("compose", { _ in "web_1  | " }), ("step", { _ in "#12 0.5 " }),
        ("time", { line in "2026-11-24T12:00:0\(line % 10).123\(line % 7)Z " }),
        ("numbers", { line in String(repeating: " ", count: line < 9 ? 5 : 4) + "\(line + 1)\t" }),
        ("indented", { _ in "        " }), ("comment", { _ in "// " }), ("prose", { _ in "[app] info: " }),
        ("grep -n", { line in "\(line + 7):" }), ("grep -rn", { line in "src/app.env:\(line + 98):" }),
        ("grep -A", { line in "\(line + 9)-" }), ("growing step", { line in "#7 \(line + 7).981 " }),
        ("coloured", { _ in "\u{1B}[36mweb_1  | \u{1B}[0m" }),
    ]

    @Test(arguments: prefixes.map(\.label))
    func `are so behind a prefix`(label: String) throws {
        let prefix = try #require(Self.prefixes.first { each in each.label == label }).prefix
        for width in [10, 20, 26] {
            let rows = Self.lines(Self.encoded, width: width).enumerated().map { line, row in prefix(line + 1) + row }
            let text = prefix(0) + "begins\n" + rows.joined(separator: "\n") + "\n"
            let expected = prefix(0) + "begins\n" + prefix(1) + "[redacted:S0]\n"
            #expect(redacted(text) == expected, "\(width)")
        }
        let long = String(repeating: "QUJD", count: 12) + Self.encoded
        let rows = Self.lines(long, width: 76).enumerated().map { line, row in prefix(line) + row }
        #expect(!redacted(rows.joined(separator: "\n")).contains(Self.encoded.prefix(16)))
    }

    @Test(arguments: ["+", "-"])
    func `are so in a difference`(sign: String) {
        let rows = Self.lines(Self.encoded, width: 20).map { row in "\(sign)\(row)\n" }.joined()
        #expect(redacted("@@ -0,0 +1,3 @@\n" + rows) == "@@ -0,0 +1,3 @@\n\(sign)[redacted:S0]\n")
        #expect(redacted("\(sign)data: |\n" + rows) == "\(sign)data: |\n\(sign)[redacted:S0]\n")
    }

    @Test func `are so in a difference whose first row has a name in front`() {
        let rows = Self.lines("token: " + Self.encoded, width: 22).map { row in "+\(row)\n" }.joined()
        #expect(redacted("@@ -0,0 +1,3 @@\n" + rows) == "@@ -0,0 +1,3 @@\n+token: [redacted:S0]\n")
    }

    @Test func `that begin with a colon keep it where a time stands in front`() {
        let text = """
            log line:
            2026-11-24T12:00:10.7Z b/#*$'&~#9
            2026-11-24T12:00:11.7Z :d8c_/%$_8
            2026-11-24T12:00:12.3Z :=0a

            """
        let matcher = makeMatcher(#"a0=:8_$%/_c8d:9#~&'$*#/b"#)
        #expect(redact(matcher, text) == "log line:\n2026-11-24T12:00:10.7Z [redacted:S0]\n")
    }

    @Test(arguments: 2...8) func `are so behind a prefix where they are narrow`(width: Int) {
        let rows = Self.lines(Self.value, width: width).map { row in "web_1  | \(row)\n" }.joined()
        #expect(redacted(rows) == "web_1  | [redacted:S0]\n")
    }

    @Test(arguments: ["\n", "\r\n"]) func `that a backslash ends are read as one`(end: String) {
        let text = "KEY=\(Self.value.prefix(17))\\\(end)\(Self.value.dropFirst(17))\(end)"
        #expect(redacted(text) == "KEY=[redacted:S0]\(end)")
    }

    @Test(arguments: ["\n", "\r\n"])
    func `of quoted-printable are read as one`(end: String) {
        let text = "Subject: the key is \(Self.value.prefix(11))=\(end)\(Self.value.dropFirst(11))\(end)"
        #expect(redacted(text) == "Subject: the key is [redacted:S0]\(end)")
        #expect(redacted("\(Self.encoded.prefix(3))=\(end)\(Self.encoded.dropFirst(3))") == "[redacted:S0]")
    }

    @Test(arguments: ["\\n", "\\\\n", "\\r\\n", "&#10;", "\\u000a"])
    func `are so where their ends are written as escapes`(end: String) {
        let lead = String(repeating: "QUJD", count: 9)
        let text = "{\"content\":\"" + Self.lines(lead + Self.encoded, width: 60).joined(separator: end) + end + "\"}"
        #expect(redacted(text) == "{\"content\":\"\(lead)[redacted:S0]\(end)\"}")
    }

    @Test func `that hold white space, or differ in width, stand as they are`() {
        let value = "correct-horse-battery-staple"
        let matcher = makeMatcher(value)
        for text in [
            "correct-horse x\n-battery-stapl\n", "correct-\nhorse-ba x\n", "correct-horse\n-battery-sta\nple\n",
            "correct-horse\n-battery-staple\n",
        ] { #expect(String(decoding: matcher.redact(Array(text.utf8).span), as: UTF8.self) == text) }
        #expect(matcher.redact(Array("correct-horse-\nbattery-staple\n".utf8).span) == Array("[redacted:S0]\n".utf8))
    }

    @Test func `are found behind a break that is not decided yet`() {
        let value = "a[!-]~9(1'[&*}9b"
        let matcher = makeMatcher(value)
        let text = Array("{\"key\":\"\na[!-]~\r\n9(1'[&\r\n*}9b\r\n; true".utf8)
        let expected = Array("{\"key\":\"\n[redacted:S0]\r\n; true".utf8)
        for first in 0...text.count {
            for second in first...text.count {
                let pieces = [Array(text[..<first]), Array(text[first..<second]), Array(text[second...])]
                #expect(output(matcher, pieces) == expected, "cut at \(first) and \(second)")
            }
        }
    }

    @Test func `do not swallow the end of a form that is whole`() {
        #expect(redacted("\(Self.encoded)\n\(Self.encoded)\n") == "[redacted:S0]\n[redacted:S0]\n")
        #expect(redacted("\(Self.encoded.dropLast())\nabc\n") == "[redacted:S0]\nabc\n")
    }

    @Test func `end in what leaves when nothing follows`() {
        var stream = RedactionStream(matcher: makeMatcher("xyzzy-plugh"), releasesIdlePrefix: true)
        var seen: [UInt8] = []
        stream.write(Array("what is xyz\r\n".utf8).span) { bytes in bytes.append(to: &seen) }
        stream.idle { bytes in bytes.append(to: &seen) }
        #expect(String(decoding: seen, as: UTF8.self) == "what is xyz\r\n")
    }
}
