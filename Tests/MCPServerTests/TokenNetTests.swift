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
            policy: "default", isolation: .init(memory: "none", processes: "none", cpu: "none"), hasNetwork: false,
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

    /// A stream of 4 KiB that was cut at a place, with so much missing.
    private func cut(_ text: String, at place: Int, missing: Int) -> RunResult {
        var result = result("", "")
        let bytes = Array(text.utf8)
        result.captured?.output = .init(
            start: Array(bytes[..<place]), end: Array(bytes[(place + missing)...]), missing: missing)
        return result
    }

    private func shown(_ result: RunResult) -> String {
        let output = result.captured?.output
        return String(decoding: (output?.start ?? []) + (output?.end ?? []), as: UTF8.self)
    }

    @Test(arguments: 0..<44) func `half a token at the cut is not shown`(offset: Int) {
        let token = "ghp_" + "16C7e42F292c6912E7710c838347Ae178B4a"
        let text = String(repeating: "a line\n", count: 100) + token + "\n" + String(repeating: "more\n", count: 100)
        for missing in [1, 10, 300] {
            let left = shown(cut(text, at: 690 + offset, missing: missing).withoutTokens())
            for length in [12, 20] {
                let parts = (0...(token.count - length)).map { token.dropFirst($0).prefix(length) }
                #expect(!parts.contains { left.contains($0) }, "\(left)")
            }
        }
    }

    @Test(arguments: [100, 500, 900]) func `what is left of a private key at the cut is not shown`(place: Int) {
        let line = "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQC7VJTUt9Us8cKj"
        let key =
            "-----BEGIN PRIVATE KEY-----\n" + String(repeating: line + "\n", count: 20)
            + "-----END PRIVATE KEY-----\n"
        let text = "before\n" + key + "after\n"
        #expect(!shown(cut(text, at: place, missing: 70).withoutTokens()).contains("MIIEvQ"))
        // Its end lies behind what is kept.
        let endless = "before\n" + key.replacing("-----END PRIVATE KEY-----\n", with: "")
        #expect(!shown(cut(endless, at: place, missing: 70).withoutTokens()).contains("MIIEvQ"))
    }
}
