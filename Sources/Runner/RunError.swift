public import Diagnostics

/// Why a run was refused or failed before its program could give a result.
public enum RunError: Error, Equatable, Sendable {
    /// The directory cannot be a run's work directory.
    case workDirectory(String, reason: String, hint: String)
    /// A rule of the policy covers the directory, by a path that it means in it or in a directory above; `nil` where the
    /// caller did not write that path.
    case coveredDirectory(String, path: String?, rule: String)
    /// A `--secret-from` value, `--env` entry or other argument cannot be used.
    case argument(String, hint: String)
    /// A time limit that the policy does not permit.
    case timeoutOutOfRange(policy: String, maximum: Duration)
    /// Secrets that the policy's ceiling leaves out.
    case secretsNotAllowed([String], policy: String)
    /// The app's pinned policy leaves no room for what was asked.
    case policyPinned(app: String, asked: String)
    /// No key to the vault was given.
    case locked
    /// There is no terminal to ask on.
    case noTerminal(String)
    /// The person interrupted a question.
    case interrupted
    /// A part of the run failed and says so itself.
    case part(ErrorReport)
}

extension RunError: ReportableError {
    /// What the person is told.
    public var report: ErrorReport {
        switch self {
        case .workDirectory(let path, let reason, let hint):
            ErrorReport(.workDirRefused, "\(path): \(reason)", hint: hint)
        case .coveredDirectory(let directory, let path, let rule):
            ErrorReport(
                .workDirRefused, "\(directory): the policy's rule \(rule) covers it",
                hint: "name a directory outside \(path ?? "what it covers"), or change the policy")
        case .argument(let message, let hint): ErrorReport(.argumentInvalid, message, hint: hint)
        case .timeoutOutOfRange(let policy, let maximum):
            ErrorReport(
                .argumentInvalid, "the time limit is out of range",
                hint:
                    "the policy \(policy) permits 1s to \(maximum.components.seconds)s; raise [limits] timeout_max in "
                    + "a policy of yours")
        case .secretsNotAllowed(let names, let policy):
            ErrorReport(
                .secretNotAllowed, "the policy \(policy) does not allow \(names.joined(separator: ", "))",
                hint: "leave them out, or add them to [secrets] allow of a policy that you trust")
        case .policyPinned(let app, let asked):
            ErrorReport(
                .policyNotAllowed, "\(asked) is not permitted: the app \(app) has a pinned policy",
                hint: "run without it, or change the pin with `vault-sandbox app policy \(app) POLICY`")
        case .locked:
            ErrorReport(
                .vaultLocked, "the vault is locked: no key was given",
                hint: "pass --key-file FILE, set VAULT_SANDBOX_KEY_FILE, or run without secrets with --no-secrets")
        case .noTerminal(let what):
            ErrorReport(
                .noTerminal, "there is no terminal to ask for \(what)",
                hint: "pass --key-file FILE or --passphrase-fd N")
        case .interrupted: ErrorReport(.clientGone, "interrupted")
        case .part(let report): report
        }
    }
}

/// Runs a part of the work and turns its error into one of this module.
internal func part<Value: ~Copyable, Failure: ReportableError>(
    _ body: () throws(Failure) -> Value
) throws(RunError) -> Value {
    do {
        return try body()
    } catch {
        throw .part(error.report)
    }
}
