internal import Diagnostics
internal import Linux
public import Runner
internal import Sandbox
internal import Secrets
internal import Synchronization

/// What a server is started with.
public struct ServerConfiguration: Sendable {
    /// Where the caller's things are.
    public var places: Places
    /// The app that was asked for, or `nil`.
    public var app: String?
    /// Where the key comes from; nobody is asked.
    public var key: KeyChoice
    /// Directories in which commands may start, beside the server's own.
    public var roots: [String]

    /// Makes a configuration.
    public init(places: Places, app: String?, key: KeyChoice, roots: [String]) {
        self.places = places
        self.app = app
        self.key = key
        self.roots = roots
    }
}

/// The backend of a real server: the vault and the sandbox of the user that it runs as.
internal final class SandboxBackend: Backend {
    private let places: Places
    private let key: KeyChoice
    private let beginning: Runner.Beginning
    /// The server's own directory, and the only ones that commands may start in.
    private let directory: String
    private let roots: [String]
    /// The app, fixed as soon as there is a vault to choose one of.
    private let app: Mutex<String?>
    /// What no answer may hold.
    private let known = KnownSecrets()
    /// How many commands were refused because they would let a secret out.
    private let intercepted = Mutex<Int64>(0)

    /// Looks at the directories and the app.
    init(_ configuration: ServerConfiguration, beginning: Runner.Beginning) throws(RunError) {
        places = configuration.places
        self.beginning = beginning
        var key = configuration.key
        let directory = (try? Files.currentDirectory()) ?? "/"
        key.mayAsk = false
        key.file = key.file.map { Files.absolutePath($0, from: directory) }
        self.key = key
        self.directory = directory
        var roots: [String] = []
        // A server that was started in / or in a home must not have the whole of it as its root.
        if WorkDirectory.isUsable(directory, places: places) { roots.append(directory) }
        for root in configuration.roots { roots.append(try Self.canonical(root)) }
        self.roots = roots
        var app: String?
        do throws(RunError) {
            app = try VaultAccess.app(configuration.app, places: places)
        } catch {
            // An app that is not there is a mistake of the configuration; a vault that cannot be opened may be later.
            guard error.report.code != .appNotFound, configuration.app == nil else { throw error }
        }
        self.app = Mutex(app ?? configuration.app)
    }

    private static func canonical(_ root: String) throws(RunError) -> String {
        do {
            let path = try Files.canonicalPath(root)
            guard try Files.status(path).kind == .directory else {
                throw SystemCallError(call: "openat2", errno: .notDirectory, subject: root)
            }
            return path
        } catch {
            throw .workDirectory(root, reason: "\(error)", hint: "name an existing directory with --root")
        }
    }

    var appName: String { (try? access().app) ?? "default" }

    private func access() throws(RunError) -> VaultAccess {
        var known = app.withLock { $0 }
        if known == nil {
            known = try VaultAccess.app(nil, places: places)
            app.withLock { $0 = $0 ?? known }
        }
        return VaultAccess(places: places, app: known, key: key)
    }

    func run(_ order: RunOrder, approved: Set<Question>, stop: StopSwitch) throws(ErrorReport) -> RunResult {
        try advised { () throws(RunError) in
            var request = RunRequest(command: order.command.map { Array($0.utf8) })
            request.app = try access().app
            request.secrets = order.secrets
            request.timeout = order.timeout
            request.workDirectory = Files.absolutePath(order.workDirectory ?? ".", from: directory)
            request.roots = roots
            request.key = key
            request.caller = .mcp
            request.isAllowedOnce = approved.contains(.allowOnce)
            return try Runner.run(
                request, beginning: beginning, output: .capturedBriefly, places: places, stop: stop,
                known: known
            ).withoutTokens()
        }
    }

    func list(prefix: String, limit: Int) throws(ErrorReport) -> (secrets: [ListedSecret], total: Int) {
        try advised { () throws(RunError) in try access().list(prefix: prefix, limit: limit) }
    }

    func exists(_ name: String) throws(ErrorReport) -> Bool {
        try advised { () throws(RunError) in try access().exists(name) }
    }

    func store(
        _ name: String, _ value: SharedSecret, isNew: Bool
    ) throws(ErrorReport) -> (version: Int, gap: String?) {
        try advised { () throws(RunError) in
            let stored = try access().store(name, value: value, isNew: isNew)
            return (stored.version, stored.gap)
        }
    }

    func remove(_ name: String) throws(ErrorReport) {
        try advised { () throws(RunError) in try access().remove(name) }
    }

    func status() -> BackendStatus {
        do throws(RunError) {
            let access = try access()
            let status = access.status()
            return BackendStatus(
                obstacle: status.obstacle.map { redacted(advice.report($0)) }, app: access.app,
                policy: status.policy?.name,
                maximumTimeout: status.policy?.maximumTimeout.components.seconds,
                interception: status.policy?.interception, interceptedCount: intercepted.withLock { $0 }, roots: roots)
        } catch {
            return BackendStatus(
                obstacle: redacted(advice.report(error)), app: nil, policy: nil, maximumTimeout: nil,
                interception: nil, interceptedCount: intercepted.withLock { $0 }, roots: roots)
        }
    }

    private func advised<Value>(_ body: () throws(RunError) -> Value) throws(ErrorReport) -> Value {
        do {
            return try body()
        } catch {
            if error.report.code == .commandBlocked { intercepted.withLock { $0 += 1 } }
            throw redacted(advice.report(error))
        }
    }

    func redacted(_ report: ErrorReport) -> ErrorReport {
        let app = app.withLock { $0 }
        return known.redacted(report, for: VaultAccess(places: places, app: app, key: key))
    }

    private var advice: Advice {
        Advice(
            roots: roots,
            isKeyFileMissing: KeyReader.keyFilePath(key).map { (try? Files.status($0)) == nil } ?? false)
    }
}
