internal import Diagnostics
internal import Glibc

/// What happens where there is no guarded memory left.
internal enum GuardedMemory {
    /// Ends the process as a refusal of vault-sandbox's own ends it, without a trap, whose core could hold secrets.
    static func exhausted() -> Never {
        let text =
            "vault-sandbox: \(ErrorCode.limitExceeded.rawValue): there is no guarded memory left for a secret\n"
            + "hint: free some memory, or raise the limits of the process (ulimit -v, ulimit -l)\n"
        var bytes = Array(text.utf8)[...]
        while !bytes.isEmpty {
            let count = unsafe bytes.withUnsafeBytes { unsafe write(2, $0.baseAddress, $0.count) }
            guard count > 0 else { break }
            bytes = bytes.dropFirst(count)
        }
        _exit(125)
    }
}
