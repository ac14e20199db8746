internal import Diagnostics
internal import JSON
internal import Runner
internal import Sandbox
internal import Secrets

/// What the tools are made of; the tests have one of their own.
internal protocol Backend: Sendable {
    /// Runs a command to its end.
    func run(_ order: RunOrder, approved: Set<Question>, stop: StopSwitch) throws(ErrorReport) -> RunResult
    /// At most `limit` secrets whose names begin with `prefix`, and how many there are of them.
    func list(prefix: String, limit: Int) throws(ErrorReport) -> (secrets: [ListedSecret], total: Int)
    /// Whether there is a secret of this name.
    func exists(_ name: String) throws(ErrorReport) -> Bool
    /// Stores a value under a new name, or under one that is there; returns the version and a warning.
    func store(_ name: String, _ value: SharedSecret, isNew: Bool) throws(ErrorReport) -> (version: Int, gap: String?)
    /// Removes a secret.
    func remove(_ name: String) throws(ErrorReport)
    /// How the vault stands; never waits for anybody.
    func status() -> BackendStatus
    /// An error without any value of the app in it; those that the other methods throw are so already.
    func redacted(_ report: ErrorReport) -> ErrorReport
    /// The name of the app, for messages.
    var appName: String { get }
}

/// What `vault_run` asks for.
internal struct RunOrder: Equatable, Sendable {
    /// The program and its arguments.
    let command: [String]
    /// Which secrets it gets.
    let secrets: SecretChoice
    /// Where it starts, absolute or from the server's own directory; `nil` for that.
    let workDirectory: String?
    /// The time limit; `nil` for the policy's.
    let timeout: Duration?
}

/// What `vault_status` tells.
internal struct BackendStatus: Sendable {
    /// Why values cannot be used now; `nil` where they can.
    let obstacle: ErrorReport?
    /// The app, where it is known.
    let app: String?
    /// The policy's name, where it is known.
    let policy: String?
    /// The longest time limit, in seconds, where it is known.
    let maximumTimeout: Int64?
    /// What becomes of a command that would let a secret out, where it is known.
    let interception: String?
    /// How many commands were refused since the start.
    let interceptedCount: Int64
    /// The directories in which commands may start.
    let roots: [String]
}

/// Something that only a person can answer, asked by a form where the client has forms. Never a value or a passphrase.
internal enum Question: String, CaseIterable, Sendable {
    /// Whether the vault was unlocked meanwhile.
    case unlocked
    /// Whether a blocked command may run this once.
    case allowOnce = "allow_once"

    /// The question that an error leads to, if any.
    init?(_ error: ErrorReport) {
        switch error.code {
        case .vaultLocked: self = .unlocked
        case .commandBlocked: self = .allowOnce
        default: return nil
        }
    }

    /// The parameters of the form, in a revision's shape.
    func form(_ error: ErrorReport, _ revision: ProtocolRevision) -> JSONValue {
        let (message, title): (String, String) =
            switch self {
            case .unlocked:
                (
                    "The vault is locked. Make its key file readable for the server again, then say so here. Do not "
                        + "enter a passphrase or a value.", "I have unlocked it"
                )
            case .allowOnce: ("\(error.message). Allow it this once?", "Allow this blocked command once")
            }
        var form: [String: JSONValue] = [
            "message": .string(message),
            "requestedSchema": [
                "type": "object", "properties": [rawValue: ["type": "boolean", "title": .string(title)]],
                "required": [.string(rawValue)],
            ],
        ]
        // Before there were other kinds, a form needed no name.
        if revision >= .november2025 { form["mode"] = "form" }
        return .object(form)
    }

    /// Whether the answer to the form is a yes.
    func isAccepted(_ answer: JSONValue?) -> Bool {
        answer?["action"] == "accept" && answer?["content"]?[rawValue]?.isTrue == true
    }
}
