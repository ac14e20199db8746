internal import Linux
internal import Policy
internal import Sandbox
#if DEBUG
    internal import SandboxPlan
#endif

/// The variables that a program finds, secrets apart: what the policy passes and sets, and what was asked for.
internal struct ProgramEnvironment: Equatable {
    /// `NAME=value` entries without a final NUL, sorted by name.
    let entries: [[UInt8]]
    /// The folders of PATH, in order.
    let searchPath: [String]

    /// What every system has, behind all else.
    private static let systemPath = [
        "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/usr/bin", "/sbin", "/bin",
    ]

    /// Names that no policy and no option can pass: the launcher's own, the key's whereabouts among them.
    private static let ownPrefix = "VAULT_SANDBOX_"

    /// Where things lie that the variables speak of.
    struct Scene {
        /// What the sandbox shows.
        let view: RootView
        /// The caller's places.
        let places: Places
        /// The work directory.
        let workDirectory: String
        /// The program's home.
        let home: String
        /// The folder for its temporary files.
        let temporary: String
        /// The caller's own environment, as `NAME=value` entries.
        let caller: [[UInt8]]
    }

    /// Whether a variable of the caller's is the program's too.
    private static func passes(_ name: String, _ policy: Policy) -> Bool {
        #if DEBUG
            if Layer.omitted.contains(.environment) { return true }
        #endif
        return policy.process.passEnvironment.contains { matches(name, $0.text) }
    }

    /// Puts the variables together.
    ///
    /// - Parameter taken: Names that belong to secrets, or to their paths and numbers.
    init(
        policy: Policy, variables: [RunRequest.Variable], taken: Set<String>, scene: Scene
    ) throws(RunError) {
        var values: [String: [UInt8]] = [:]
        let caller = Self.split(scene.caller)
        for (name, value) in caller
        where Self.passes(name, policy) {
            values[name] = value
        }
        values["HOME"] = Array(scene.home.utf8)
        values["TMPDIR"] = Array(scene.temporary.utf8)
        if let user = scene.places.user {
            values["USER"] = Array(user.utf8)
            values["LOGNAME"] = Array(user.utf8)
        }
        let path = Self.path(policy: policy, callerPath: caller["PATH"], scene: scene)
        // Not by `joined`, whose types the runtime looks up for longer than all else here takes.
        values["PATH"] = Array(path.dropFirst().reduce(path.first ?? "") { $0 + ":" + $1 }.utf8)
        for variable in policy.process.setEnvironment {
            guard !taken.contains(variable.name) else { throw Self.collision(variable.name, "[process] set_env") }
            values[variable.name] = Array(variable.value.utf8)
        }
        for variable in variables {
            guard !taken.contains(variable.name) else { throw Self.collision(variable.name, "--env") }
            guard Self.isName(variable.name), !(variable.value ?? []).contains(0) else {
                throw .argument(
                    "--env: not a variable's name, or a value with a NUL byte",
                    hint: "write --env NAME or --env NAME=VALUE")
            }
            guard !variable.name.hasPrefix(Self.ownPrefix) else {
                throw .argument(
                    "--env \(variable.name): vault-sandbox's own variables never reach a program", hint: "leave it out")
            }
            values[variable.name] = variable.value ?? caller[variable.name]
        }
        entries = values.filter { !$0.key.hasPrefix(Self.ownPrefix) && !taken.contains($0.key) }
            .sorted { $0.key < $1.key }.map { Array($0.key.utf8) + [UInt8(ascii: "=")] + $0.value }
        searchPath = String(decoding: values["PATH"] ?? [], as: UTF8.self)
            .split(separator: ":").map(String.init).filter { $0.hasPrefix("/") }
    }

    /// The policy's folders, then the caller's that can be seen inside, then the system's; each once.
    private static func path(policy: Policy, callerPath: [UInt8]?, scene: Scene) -> [String] {
        let own = policy.process.path.map {
            $0.expanded(
                home: scene.places.home, workDirectory: scene.workDirectory, runtimeDirectory: scene.places.runtime)
        }
        let callers = String(decoding: callerPath ?? [], as: UTF8.self).split(separator: ":").map(String.init)
            .filter { $0.hasPrefix("/") && scene.view.shows($0) }
        var seen: Set<String> = []
        return (own + callers + systemPath).filter { seen.insert($0).inserted }
    }

    private static func split(_ entries: [[UInt8]]) -> [String: [UInt8]] {
        var values: [String: [UInt8]] = [:]
        for entry in entries {
            guard let equals = entry.firstIndex(of: UInt8(ascii: "=")) else { continue }
            let name = String(decoding: entry[..<equals], as: UTF8.self)
            // The first entry counts, as in getenv(3).
            if values[name] == nil { values[name] = Array(entry[(equals + 1)...]) }
        }
        return values
    }

    /// Whether a name fits a pattern: the name itself, or a beginning followed by `*`.
    private static func matches(_ name: String, _ pattern: String) -> Bool {
        pattern.hasSuffix("*") ? name.hasPrefix(pattern.dropLast()) : name == pattern
    }

    private static func isName(_ name: String) -> Bool {
        guard let first = name.utf8.first, !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(first) else {
            return false
        }
        return name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"):
                true
            default: false
            }
        }
    }

    private static func collision(_ name: String, _ origin: String) -> RunError {
        .argument(
            "\(origin) \(name): a secret of this run has that name",
            hint: "leave it out, or choose the run's secrets with --secret")
    }
}
