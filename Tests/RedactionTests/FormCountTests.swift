import Secrets
import Testing

@testable import Redaction

/// In which form a secret was met.
struct FormCountTests {
    static let value = "kx7Qm2Zr9Lw4TnB8vY3c"

    static let disguises: [(text: String, form: String)] = [
        (value, "raw"), ("a3g3UW0yWnI5THc0VG5COHZZM2M=", "base64"),
        ("6b7837516d325a72394c7734546e423876593363", "hex"),
        (String(value.reversed()), "disguised"), (value.map(String.init).joined(separator: "-"), "spaced"),
        (value.uppercased(), "disguised"), ("YzNZdjhCblQ0d0w5cloybVE3eGs=", "base64"),
        ("Yj`(NZ8BPNIZSsnRBl2zc3CrH", "base85"), ("613542920785719772129602299618365105337982858083", "digits"),
        (value.map { "%" + String($0.asciiValue ?? 0, radix: 16) }.joined(), "escaped"),
    ]

    @Test(arguments: disguises.indices) func `a form is told by its family`(index: Int) {
        let (text, form) = Self.disguises[index]
        let bytes = Array(Self.value.utf8)
        let matcher = Matcher(secrets: [
            RedactionSecret(name: "KEY", value: SharedSecret(SecretBytes(copying: bytes.span)))
        ])
        var stream = RedactionStream(matcher: matcher)
        let whole = Array(text.utf8)
        stream.write(whole.span) { _ in }
        stream.finish { _ in }
        #expect(stream.formCounts == ["KEY": [form: 1]])
        #expect(stream.counts == ["KEY": 1])
    }
}
