/// The published name of a rule.
public enum RuleID: String, Sendable, CaseIterable {
    case printEnvironment = "print-environment"
    case echoVariable = "echo-variable"
    case transformVariable = "transform-variable"
    case readProcEnviron = "read-proc-environ"
    case sendVariable = "send-variable"
    case writeVariable = "write-variable"
    case traceShell = "trace-shell"
    case literalSecret = "literal-secret"
    case tokenPattern = "token-pattern"
    case unparsableShell = "unparsable-shell"
}

/// What the interceptor looks for, and what people and assistants are told of it.
public struct Rule: Equatable, Sendable {
    /// Its name.
    public let id: RuleID
    /// What it is about, in a few words.
    public let title: String
    /// Why such a command is refused: one sentence without a final full stop.
    public let reason: String
    /// Further sentences for the manual page: where the rule begins and ends.
    public let scope: String
    /// A command that it refuses; `DATABASE_URL` and `API_TOKEN` are injected, and a stored value is `exampleValue`.
    public let example: [String]
    /// How the same is done safely: one sentence without a final full stop.
    public let advice: String
    /// A command that does it safely.
    public let alternative: [String]

    /// The stored value in the examples.
    public static let exampleValue = "correct-horse-battery"

    /// The rule of a name.
    public static func of(_ id: RuleID) -> Rule {
        // The table holds every name, as a test says.
        table.first { $0.id == id } ?? table[0]
    }
}
