internal import Diagnostics
internal import Runner

/// What `exec --dry-run` prints.
internal enum DryRun {
    /// The plan of a request, in lines; no sandbox is made and no value is read.
    static func describe(_ request: RunRequest, beginning: Runner.Beginning) throws(RunError) -> String {
        let description = try Runner.describe(request, beginning: beginning)
        var lines = [
            "policy: \(description.policy)", "work directory: \(description.workDirectory)",
            "time limit: \(description.timeout.components.seconds) s", "network: \(description.network)",
        ]
        lines.append("secrets:" + (description.secrets.isEmpty ? " none" : ""))
        lines += description.secrets.map { "  \($0)" }
        lines.append("environment:")
        lines += description.environment.map { "  \($0)" }
        lines.append("root:")
        lines += description.root.map { "  \($0)" }
        lines.append("command is looked for in: \(description.searchPath.joined(separator: ":"))")
        return lines.map { printable($0) }.joined(separator: "\n")
    }
}
