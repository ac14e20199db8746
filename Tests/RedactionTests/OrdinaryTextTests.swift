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

    @Test(arguments: [
        "# Settings of the shop.\nversion: 1\ndatabase:\n  host: db\n  port: 5432\n  password: kx7Qm2Zr9Lw4\n",
        "[database]\nuser = shop\npassword = kx7Qm2Zr9Lw4\n\n[server]\nport = 8080\n",
        "host=localhost port=5432 user=postgres password=kx7Qm2Zr9Lw4 sslmode=require",
        "machine example.org\n  login shop\n  password kx7Qm2Zr9Lw4\n", "localhost:5432:*:postgres:kx7Qm2Zr9Lw4",
        "{\n  \"key_type\": \"service\",\n  \"token\": \"kx7Qm2Zr9Lw4\",\n  \"port\": 5432\n}\n",
        "Installing dependencies\nBuild complete!\nkx7Qm2Zr9Lw4\n12345678\n----------\nlocalhost\n",
    ])
    func `is left beside a value that has much of it`(value: String) {
        let text = """
            # Settings of the shop.
            Installing dependencies
            Build complete! version: 1, at localhost:5432 and db:5432, 8080
            database:
              host: db
              port: 5432
            [database]
            [server]
            user = shop
            host=localhost port=5432 user=postgres sslmode=require
            machine example.org login shop
            "port": 5432
            {"key_type": "service"}
            ----------
            12345678 postgres
            """
        #expect(redact(makeMatcher(value), text) == text)
        #expect(redact(makeMatcher(value), "pw kx7Qm2Zr9Lw4") == "pw [redacted:S0]")
    }

    @Test func `may hold numbers in any base`() {
        let matcher = makeMatcher("kx7Qm2Zr9Lw4", "@@@@@@@@", "12345678", "0000000000", "tr0ub4d")
        let text = """
            00000000 00000001 00000010 00000011 00000100 01000000 01000000 01000000 01000000
            0110 1011 0111 1000 01101011 01111000 00110111 0110101101111000001101110101000101101101
            umask 0022 0644 4294967295 18446744073709551615 4629771061636907071 1764374400.123456
            101010101010101010101010101010101010101010101010101010101010101010101010
            """
        #expect(redact(matcher, text) == text)
    }

    /// Digits of so few bytes are no more than a counter's.
    @Test(arguments: ["01110100011100100011000001110101011000100011010001100100", "32776649751802980"])
    func `may be the digits of a short value`(text: String) {
        #expect(redact(makeMatcher("tr0ub4d"), "<\(text)>") == "<\(text)>")
    }

    @Test func `may hold what zero bytes make of a number or a line`() {
        let matcher = makeMatcher([
            [0, 0, 0, 0, 0, 0, 0x27, 0x10], Array("kx7Qm2Zr9Lw4".utf8) + [UInt8](repeating: 0, count: 80),
        ])
        let text = "10000 ports\(String(repeating: " ", count: 70))10000\n"
        #expect(redact(matcher, text) == text)
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
