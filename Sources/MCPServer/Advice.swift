internal import Diagnostics
internal import Runner

/// Says to an assistant what the command line says to a person: without options that it does not have.
internal struct Advice {
    /// The directories in which commands may start.
    let roots: [String]
    /// Whether a key file is named that is not there.
    let isKeyFileMissing: Bool

    /// What a person does so that the tools work again.
    private static let unlocking = """
        ask the person to make the key readable for this server: put the key file back that it was started with, or \
        start it with `vault-sandbox mcp --key-file FILE`; then call again
        """

    /// The report of an error, in the tools' words.
    func report(_ error: RunError) -> ErrorReport {
        switch error {
        case .timeoutOutOfRange(let policy, let maximum):
            let seconds = maximum.components.seconds
            return ErrorReport(
                .argumentInvalid,
                "timeout_seconds is out of range: the policy \(policy) permits at most \(seconds)",
                hint: "name at most \(seconds), or ask the person to raise [limits] timeout_max in the app's policy")
        case .workDirectory(let path, let reason, _):
            return ErrorReport(.workDirRefused, "\(path): \(reason)", hint: directories)
        case .coveredDirectory(_, let covered, _):
            return ErrorReport(
                .workDirRefused, error.report.message,
                hint:
                    "pass as work_dir a directory outside \(covered ?? "what the rule covers"), or ask the person to change the policy"
            )
        default: return report(error.report)
        }
    }

    /// A report in the tools' words.
    func report(_ report: ErrorReport) -> ErrorReport {
        func with(_ hint: String) -> ErrorReport { ErrorReport(report.code, report.message, hint: hint) }
        switch report.code {
        case .vaultLocked: return ErrorReport(.vaultLocked, "the vault is locked", hint: Self.unlocking)
        case .keyFileRefused where isKeyFileMissing:
            return ErrorReport(.vaultLocked, "the vault is locked: its key file is not there", hint: Self.unlocking)
        case .commandNotFound:
            let searched = report.hint?.split(separator: ";").first.map(String.init) ?? ""
            return with(
                (searched.hasPrefix("searched ") ? searched + "; " : "")
                    + "check the spelling; a person can grant another folder by a policy that is pinned to the app")
        case .existsAlready: return with("give it a new value with vault_update_secret, or choose another name")
        case .secretValueInvalid where report.hint?.contains("--deliver") ?? false:
            return with("ask the person to store it in a terminal: vault-sandbox secret set NAME --deliver file")
        case .workDirRefused: return with(directories)
        case .vaultNotInitialized: return with("ask the person to run `vault-sandbox init` in a terminal")
        default: return report
        }
    }

    private var directories: String {
        roots.isEmpty
            ? "this server has no directory to work in: start it in a project, or with --root DIR"
            : "pass as work_dir a directory at or below \(roots.joined(separator: " or "))"
    }
}
