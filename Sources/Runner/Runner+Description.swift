internal import Policy
internal import Sandbox
internal import SandboxPlan

extension Runner {
    /// What a run would do, in words; no value is in it.
    public struct Description: Equatable, Sendable {
        /// The policy's name.
        public var policy: String
        /// The canonical work directory.
        public var workDirectory: String
        /// The time limit.
        public var timeout: Duration
        /// `none` or `host`.
        public var network: String
        /// Each secret with the way in which it is delivered.
        public var secrets: [String]
        /// Each variable, secrets apart; with its value where that comes neither from the caller's environment nor from
        /// `--env`, for either may hold a secret.
        public var environment: [String]
        /// Each step in the making of the root.
        public var root: [String]
        /// The folders in which the command is looked for.
        public var searchPath: [String]
    }

    /// Makes the plan of a request and describes it.
    public static func describe(
        _ request: RunRequest, beginning: Beginning, places: Places = .ofCaller()
    ) throws(RunError) -> Description {
        let preparation = try Preparation(request, places: places)
        let root = try preparation.makeRoot()
        let plan = try preparation.makePlan(
            in: root, streams: beginning.streams, blockedSignals: beginning.blockedSignals,
            countsMemory: false, countsProcessorTime: false, terminal: nil)
        let isPlain = request.isolation == .landlock
        let steps =
            isPlain
            ? try part { () throws(SandboxError) in try HostPlan(root).root.steps } : Groundwork.root + root.steps
        return Description(
            policy: preparation.policy.name, workDirectory: preparation.workDirectory, timeout: preparation.timeout,
            network: preparation.policy.network == .host ? "host" : "none",
            secrets: preparation.selected.map { secret in
                switch secret.delivery {
                case .environment: "\(secret.name) in the variable \(secret.variable)"
                case .file: "\(secret.name) in a file, its path in \(secret.variable)"
                case .descriptor: "\(secret.name) behind a descriptor, its number in \(secret.variable)"
                }
            },
            environment: plan.environment.map {
                words(for: $0, policy: preparation.policy, added: request.variables.map(\.name))
            },
            root: steps.map(isPlain ? \.plainWords : \.words), searchPath: plan.searchPath)
    }
}

extension Runner {
    /// The variables whose values every run sets.
    private static let ownVariables: Set<String> = ["HOME", "LOGNAME", "PATH", "TMPDIR", "USER"]

    /// An entry of the program's environment in words.
    private static func words(for entry: [UInt8], policy: Policy, added: [String]) -> String {
        let text = String(decoding: entry, as: UTF8.self)
        let name = String(text.prefix { $0 != "=" })
        if added.contains(name) { return "\(name), from --env" }
        let isShown = ownVariables.contains(name) || policy.process.setEnvironment.contains { $0.name == name }
        return isShown ? text : "\(name), from the caller"
    }
}

extension RootStep {
    /// What it means where there is no root and the host's files have their own names.
    fileprivate var plainWords: String {
        switch self {
        case .directory(let path, _): "\(path): its names alone"
        default: words
        }
    }

    /// The step in one line.
    fileprivate var words: String {
        switch self {
        case .directory(let path, _): "\(path): an empty directory"
        case .symbolicLink(let path, let target): "\(path): a link to \(target)"
        case .bind(let source, _, let path, let isWritable):
            "\(path): \(isWritable ? "writable" : "read-only")" + (source == path ? "" : ", from \(source)")
        case .mask(let path, _): "\(path): hidden"
        case .temporary(let path, let size, _): "\(path): empty, in memory, at most \(size >> 10) KiB"
        case .processes: "/proc: the sandbox's own processes"
        case .devices: "/dev: null, zero, full, random, urandom, pts"
        case .sharedMemory(let size): "/dev/shm: empty, in memory, at most \(size >> 10) KiB"
        }
    }
}
