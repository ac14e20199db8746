import Interceptor
import Testing

@testable import MCPServer
@testable import Runner

/// Credentials that are not the vault's, in what a program printed.
struct TokenNetTests {
    private func result(_ output: String, _ error: String) -> RunResult {
        func stream(_ text: String) -> RunResult.CapturedStream { .init(start: Array(text.utf8), end: [], missing: 0) }
        return RunResult(
            exitStatus: 0, timedOut: false, timeout: .seconds(1), secretsInjected: [], redactions: ["A": 1],
            notRedacted: [], warnings: .clean, runID: RunID(milliseconds: 0, random: (0, 0)), milliseconds: 0,
            policy: "default", isolation: .init(memory: "none", processes: "none"), hasNetwork: false,
            captured: .init(output: stream(output), error: stream(error)))
    }

    @Test func `a token of a known shape is replaced and counted`() throws {
        let token = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
        let caught = result("token \(token)!\n", "again \(token)\n").withoutTokens()
        let captured = try #require(caught.captured)
        #expect(!String(decoding: captured.output.start + captured.error.start, as: UTF8.self).contains(token))
        #expect(caught.redactions["A"] == 1)
        #expect(caught.redactions.values.reduce(0, +) == 3, "\(caught.redactions)")
    }

    @Test func `ordinary output stays as it is`() {
        let plain = result("commit 3f786850e387550fdab836ed7e6dc881de23001b\n", "warning: 12 tests skipped\n")
        #expect(plain.withoutTokens() == plain)
    }
}
