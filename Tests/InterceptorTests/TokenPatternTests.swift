internal import Diagnostics
internal import Testing

@testable import Interceptor

/// The well-known shapes of credentials in what a tool gives back.
struct TokenPatternTests {
    private func replaced(_ text: String) -> String {
        String(decoding: TokenPatterns.replace(in: Array(text.utf8)).bytes, as: UTF8.self)
    }

    @Test func `tokens are replaced in place and counted by pattern`() {
        let key = "AKIA" + "IOSFODNN7QRSTUVW"
        let replacement = TokenPatterns.replace(in: Array("a \(key) b \(key)\nurl postgres://app:Xk29fjW0q@db/x".utf8))
        #expect(
            String(decoding: replacement.bytes, as: UTF8.self)
                == "a [redacted:token aws-access-key] b [redacted:token aws-access-key]\n"
                + "url postgres://app:[redacted:token url-password]@db/x")
        #expect(replacement.counts == ["aws-access-key": 2, "url-password": 1])
    }

    @Test func `random text in a command warns and never refuses`() {
        let random = "q7Zt2Lm9XcV4bN8kP1rS6wY3dF5gH0jKaE"
        let suspected = CorpusLine(number: 0, command: ["tool", random], rule: nil).verdict()
        #expect(suspected.warning != nil)
        #expect(suspected.refusal == nil)
        let mixed = CorpusLine(number: 0, command: ["tool", random, "AKIAIOSFODNN7QRSTUVW"], rule: nil).verdict()
        #expect(mixed.refusal?.message.contains("at argument 2") == true)
    }

    @Test func `random text, checksums and placeholders stay`() {
        for text in [
            "9fceb02d0ae598e95dc970b74767f19372d61af8", "q7Zt2Lm9XcV4bN8kP1rS6wY3dF5gH0jKaE",
            "postgres://user:password@localhost/x", "https://example.org:8080/a@b",
        ] { #expect(replaced(text) == text) }
    }
}
