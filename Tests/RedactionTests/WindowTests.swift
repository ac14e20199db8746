internal import Secrets
internal import Testing

@testable internal import Redaction

/// Pieces of a value.
struct WindowTests {
    private static let values = [
        "kx7Qm2Zr9Lw4TnB8vY3cR5pH", "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822c",
        "AKIA5X2QJ7NMP3RTK9ZWb4c6Yd8fGh1jLm", "3f2504e0-4f89-41d3-9a0c-0305e82c3301",
    ]

    @Test(arguments: values) func `sixteen bytes of a random value do not pass`(value: String) {
        let bytes = Array(value.utf8)
        let matcher = makeMatcher([bytes])
        var passed = 0
        for start in 0...(bytes.count - 16) {
            let piece = Array(bytes[start..<(start + 16)])
            let text = Array("= ".utf8) + piece + Array(" =".utf8)
            if output(matcher, [text]) == text { passed += 1 }
        }
        // What looks least random of hexadecimal digits may be left out.
        #expect(passed <= (value.contains("-") ? 4 : 0))
    }

    @Test func `the whole value is replaced once`() {
        for value in Self.values {
            #expect(redact(makeMatcher(value), "a \(value) b") == "a [redacted:S0] b")
        }
    }

    @Test func `a policy can leave pieces alone`() {
        var options = RedactionOptions()
        options.replacesPieces = false
        let bytes = Array(Self.values[0].utf8)
        let matcher = Matcher(
            secrets: [RedactionSecret(name: "S0", value: SharedSecret(SecretBytes(copying: bytes.span)))],
            options: options)
        let piece = Array(bytes.dropLast(3))
        #expect(output(matcher, [piece]) == piece)
        #expect(output(makeMatcher([bytes]), [piece]) != piece)
    }

    @Test(arguments: [
        "https://internal.example.com/api/v2/projects", "postgres-primary-2026-11-25T12:00:00Z-backup",
        "correct horse battery staple", "/var/lib/application/data/releases/current",
    ])
    func `pieces that ordinary text has are not replaced`(value: String) {
        let matcher = makeMatcher(value)
        for start in stride(from: 0, through: value.utf8.count - 16, by: 1) {
            let piece = String(decoding: Array(value.utf8)[start..<(start + 16)], as: UTF8.self)
            #expect(redact(matcher, "= \(piece) =") == "= \(piece) =")
        }
    }
}
