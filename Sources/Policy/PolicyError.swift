public import Diagnostics

/// One thing that is wrong with a policy, and where.
public struct PolicyProblem: Equatable, Sendable, CustomStringConvertible {
    /// Where it is.
    public let origin: Policy.Origin
    /// What is wrong.
    public let message: String
    /// The valid word that was most likely meant.
    public let nearest: String?
    /// What to do about a file that others could have written; `nil` for what is wrong in a text.
    public internal(set) var remedy: String?

    /// For example `deploy.toml:3:1: unknown key "filesytem"; did you mean "filesystem"?`.
    public var description: String {
        // Whose file it is matters to no line of it.
        let place = message.hasPrefix("\(origin.source): ") ? "" : "\(origin): "
        return printable("\(place)\(message)" + (nearest.map { "; did you mean \"\($0)\"?" } ?? ""))
    }
}

/// Why a text that is there is not given.
public enum PolicySourceError: Error, Equatable, Sendable {
    /// It cannot be read.
    case unreadable(String)
    /// Others than the caller and root could have written it.
    case writable(String, remedy: String)
}

/// Everything that is wrong with a policy, at once.
public struct PolicyError: Error, Equatable, Sendable {
    /// The problems, in the order in which they were found.
    public let problems: [PolicyProblem]
}

extension PolicyError: ReportableError {
    /// What the person is told; of a file that others could have written before all else, as nothing in it counts.
    public var report: ErrorReport {
        let writable = problems.filter { $0.remedy != nil }
        if !writable.isEmpty {
            return ErrorReport(
                .permissionsUnsafe, writable.map(\.description).joined(separator: "\n  "),
                hint: writable.compactMap(\.remedy).joined(separator: "\n  "))
        }
        return ErrorReport(
            .policyInvalid, problems.map(\.description).joined(separator: "\n  "),
            hint: "see vault-sandbox-policy(5); `vault-sandbox policy check FILE` finds every problem at once")
    }
}
