internal import Diagnostics
internal import Interceptor
internal import JSON
internal import Runner
internal import Sandbox

/// Carries out calls of tools.
internal struct Tools: Sendable {
    let backend: any Backend

    /// Carries one call out to its end.
    ///
    /// - Parameters:
    ///   - approved: What a person has said yes to.
    ///   - stop: By which the call is ended from outside.
    func perform(
        _ tool: Tool, _ given: [String: JSONValue], approved: Set<Question>, stop: StopSwitch
    ) -> ToolResult {
        do throws(ErrorReport) {
            let arguments = try ToolArguments(given, for: tool.parameters)
            switch tool.name {
            case .run: return try run(arguments, approved, stop)
            case .list: return try list(arguments)
            case .exists: return ToolResult(["exists": .bool(try backend.exists(arguments.text("name") ?? ""))])
            case .create: return try store(arguments, isNew: true)
            case .update: return try store(arguments, isNew: false)
            case .delete:
                try backend.remove(arguments.text("name") ?? "")
                return ToolResult(["deleted": true])
            case .status: return status()
            }
        } catch {
            return ToolResult(error)
        }
    }

    private func run(
        _ arguments: ToolArguments, _ approved: Set<Question>, _ stop: StopSwitch
    ) throws(ErrorReport) -> ToolResult {
        let result = try backend.run(try Self.order(arguments), approved: approved, stop: stop)
        let error = result.trouble(
            timeoutHint: "raise timeout_seconds, up to timeout_max_seconds of vault_status, or look at the command"
        ).map(backend.redacted)
        let note: String? =
            result.isFailureOffline
            ? "The network is off in this run, by the policy \(result.policy). If the command needs it, ask the person to "
                + "allow it: vault-sandbox app policy \(backend.appName) POLICY, where POLICY is one that has the "
                + "network; `vault-sandbox policy list` names them." : nil
        return ToolResult(result, error: error, note: note)
    }

    /// Reads the arguments of `vault_run`.
    static func order(_ arguments: ToolArguments) throws(ErrorReport) -> RunOrder {
        let command = arguments.texts("command") ?? []
        guard let program = command.first, !program.isEmpty else {
            throw ErrorReport(
                .argumentInvalid, "command is empty",
                hint: "give the program and each argument on its own: [\"npm\", \"test\"]")
        }
        let workDirectory = arguments.text("work_dir")
        for (name, texts) in [("command", command), ("work_dir", [workDirectory ?? ""])]
        where texts.contains(where: { $0.utf8.contains(0) }) {
            throw ErrorReport(.argumentInvalid, "\(name) holds a NUL character", hint: "leave it out")
        }
        if workDirectory == "" {
            throw ErrorReport(.argumentInvalid, "work_dir is empty", hint: "leave it out, or name a directory")
        }
        let names = arguments.texts("secrets")
        if let names, Set(names).count != names.count {
            throw ErrorReport(.argumentInvalid, "secrets holds a name twice", hint: "name each secret once")
        }
        var timeout: Duration?
        if let seconds = arguments.number("timeout_seconds") {
            // More than any policy permits, and still a number that a Duration can hold.
            guard seconds >= 0.001, seconds <= 1e9 else {
                throw ErrorReport(
                    .argumentInvalid, "timeout_seconds is out of range",
                    hint: "name a number of seconds above 0, at most timeout_max_seconds of vault_status")
            }
            timeout = .seconds(seconds)
        }
        return RunOrder(
            command: command, secrets: names.map { $0.isEmpty ? .none : .named($0) } ?? .all,
            workDirectory: workDirectory, timeout: timeout)
    }

    private func list(_ arguments: ToolArguments) throws(ErrorReport) -> ToolResult {
        let limit = Int(arguments.number("limit") ?? Double(Tool.defaultPage))
        let (secrets, total) = try backend.list(prefix: arguments.text("prefix") ?? "", limit: limit)
        return ToolResult([
            "secrets": .array(
                secrets.map { secret in
                    [
                        "name": .string(secret.name), "deliver": .string(secret.delivery),
                        "version": .integer(Int64(secret.version)),
                        "updated_at": .string(JSONText.date(secret.updatedAt)),
                    ]
                }),
            "total": .integer(Int64(total)),
        ])
    }

    private func store(_ arguments: ToolArguments, isNew: Bool) throws(ErrorReport) -> ToolResult {
        guard let name = arguments.text("name"), let value = arguments.secretValue("value") else {
            preconditionFailure("the parameters are required")
        }
        guard TokenPatterns.replace(in: Array(name.utf8)).counts.isEmpty else {
            throw ErrorReport(
                .nameInvalid, "name looks like a value, not like the name of a secret",
                hint: "give the name in name and the value in value")
        }
        let (version, gap) = try backend.store(name, value, isNew: isNew)
        var members: [String: JSONValue] = ["name": .string(name), "version": .integer(Int64(version))]
        if let gap { members["warning"] = .string("the value is \(gap) and will not be replaced in output") }
        return ToolResult(.object(members))
    }

    private func status() -> ToolResult {
        let status = backend.status()
        var members: [String: JSONValue] = [
            "unlocked": .bool(status.obstacle == nil), "app": status.app.map { .string($0) } ?? .null,
            // No session is kept yet.
            "intercept_mode": status.interception.map { .string($0) } ?? .null,
            "intercepted_count": .integer(status.interceptedCount), "session_age_seconds": nil,
            "session_expires_in_seconds": nil, "policy": status.policy.map { .string($0) } ?? .null,
            "timeout_max_seconds": status.maximumTimeout.map { .integer($0) } ?? .null,
            "roots": .array(status.roots.map { .string($0) }),
        ]
        if let obstacle = status.obstacle { members["obstacle"] = ToolResult(obstacle).content["error"] }
        return ToolResult(.object(members))
    }
}
