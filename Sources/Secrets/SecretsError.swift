public import Diagnostics

/// Why sealed bytes could not be opened or a key could not be derived.
public enum SecretsError: Error, Equatable, Sendable {
    /// The key does not fit, or the sealed bytes or what is bound to them were altered.
    case authenticationFailed
    /// The machine has too little free memory for the derivation's cost.
    case notEnoughMemory
}

extension SecretsError: ReportableError {
    /// What the person is told.
    public var report: ErrorReport {
        switch self {
        case .authenticationFailed:
            ErrorReport(
                .decryptionFailed, "the key does not fit, or the sealed bytes were altered",
                hint: "authenticate again with the right passphrase or key file")
        case .notEnoughMemory:
            ErrorReport(
                .internalError, "there is too little free memory to derive the key from the passphrase",
                hint: "free some memory or raise the memory limit, then try again")
        }
    }
}
