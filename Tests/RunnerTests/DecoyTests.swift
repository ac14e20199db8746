import Secrets
import Testing

@testable import Runner

/// Secrets that are made up for one run.
struct DecoyTests {
    private func value(of name: String) -> String {
        Decoy(name: name).makeValue().withSpan { span in
            String(decoding: (0..<span.count).map { span[$0] }, as: UTF8.self)
        }
    }

    @Test(arguments: [
        ("AWS_SECRET_ACCESS_KEY", "", 40), ("AWS_ACCESS_KEY_ID", "AKIA", 20), ("GITHUB_TOKEN", "ghp_", 40),
        ("NPM_TOKEN", "npm_", 40), ("DATABASE_URL", "postgres://app:", 60), ("ANYTHING", "", 40),
    ]) func `a value has the shape that its name suggests`(name: String, start: String, count: Int) {
        let value = value(of: name)
        #expect(value.hasPrefix(start) && value.utf8.count == count, "\(value)")
    }

    @Test func `no two runs have the same value`() {
        #expect(Set((0..<100).map { _ in value(of: "API_KEY") }).count == 100)
    }
}
