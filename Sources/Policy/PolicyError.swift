public import Diagnostics

/// One thing that is wrong with a policy, and where.
public struct PolicyProblem: Equatable, Sendable, CustomStringConvertible {
    /// Where it is.
    public let origin: Policy.Origin
    /// What is wrong.
    public let message: String
    /// The valid word that was most likely meant.
    public let nearest: String?

    /// For example `deploy.toml:3:1: unknown key "filesytem"; did you mean "filesystem"?`.
    public var description: String {
        printable("\(origin): \(message)" + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
    }
}

/// Everything that is wrong with a policy, at once.
public struct PolicyError: Error, Equatable, Sendable {
    /// The problems, in the order in which they were found.
    public let problems: [PolicyProblem]
}

extension PolicyError: ReportableError {
    /// What the person is told.
    public var report: ErrorReport {
        ErrorReport(
            .policyInvalid, problems.map(\.description).joined(separator: "\n  "),
            hint: "see vault-sandbox-policy(5); `vault-sandbox policy check FILE` finds every problem at once")
    }
}
