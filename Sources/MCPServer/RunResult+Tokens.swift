internal import Interceptor
internal import Runner

extension RunResult {
    /// The result without the credentials of well-known shapes that are not the vault's, and so were not redacted: the
    /// last net before an assistant reads it. They are counted under `token NAME`.
    internal func withoutTokens() -> RunResult {
        guard var captured else { return self }
        var result = self
        func replace(_ bytes: inout [UInt8]) {
            let replacement = TokenPatterns.replace(in: bytes)
            bytes = replacement.bytes
            for (name, count) in replacement.counts { result.redactions["token " + name, default: 0] += count }
        }
        replace(&captured.output.start)
        replace(&captured.output.end)
        replace(&captured.error.start)
        replace(&captured.error.end)
        result.captured = captured
        return result
    }
}
