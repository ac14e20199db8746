internal import Linux
internal import Policy
internal import Sandbox
internal import SandboxPlan
internal import Vault
internal import WrittenFiles

/// What is decided about a run before its sandbox is built: no secret is read for it, except to verify a pinned policy.
internal struct Preparation: ~Copyable {
    /// What the caller asked for.
    let request: RunRequest
    /// Where the caller's things are.
    let places: Places
    /// The policy that holds.
    let policy: Policy
    /// The canonical path of the work directory.
    let workDirectory: String
    /// What holds from the directories above, where the caller chooses the work directory alone.
    let ancestors: AncestorRules
    /// What the run must not leave behind.
    let traps: TrapWatch
    /// The secrets that are injected.
    let selected: [SelectedSecret]
    /// The secrets that are made up.
    let decoys: [Decoy]
    /// The time limit.
    let timeout: Duration
    /// What a program without namespaces has for its home and its temporary files, or `nil` for one with its own.
    let folder: PrivateFolder?
    /// The vault with the app chosen.
    var vault: OpenedVault

    /// Chooses app, policy, work directory, secrets and time limit.
    init(_ request: RunRequest, places: Places) throws(RunError) {
        try Self.check(request)
        let needsVault: Bool =
            switch request.secrets {
            case .named(let names): names.contains { name in !request.origins.contains { $0.name == name } }
            case .all, .none: false
            }
        var vault = try OpenedVault.open(places: places, app: request.app, isNeeded: needsVault)
        let workDirectory = try WorkDirectory.find(
            request.workDirectory, writes: request.writes, roots: request.roots, places: places)
        let written = try PolicyChoice.resolve(request, vault: &vault, places: places)
        let ancestors = try AncestorRules(
            of: written, roots: request.roots, workDirectory: workDirectory, as: request.workDirectory, places: places)
        let policy = try PathPatterns.expand(written, places: places, workDirectory: workDirectory)
        let selected = try SecretSelection.select(request, policy: policy, vault: vault)
        let decoys = try Decoy.select(policy, beside: selected)
        let timeout = try Self.timeout(request, policy)
        var folder: PrivateFolder?
        if request.isolation == .landlock {
            if let secret = selected.first(where: { $0.delivery == .file }) {
                throw .argument(
                    "--isolation landlock: \(secret.name) is delivered as a file, for which there is no place",
                    hint: "deliver it as env or fd, by [secrets] deliver of a policy")
            }
            folder = try PrivateFolder()
        }
        let traps = TrapWatch(
            policy: policy, request: request, places: places, workDirectory: workDirectory,
            others: ancestors.protectedPaths)
        if let tree = traps.tooLarge {
            throw .workDirectory(
                tree, reason: "it has more folders than can be looked through for repositories, which are protected",
                hint: "choose a work directory with fewer folders in it, or a policy that protects none of .git")
        }
        // All at the end: a value that cannot be copied must not be half-made when something throws.
        self.request = request
        self.places = places
        self.timeout = timeout
        self.decoys = decoys
        self.policy = policy
        self.workDirectory = workDirectory
        self.ancestors = ancestors
        self.traps = traps
        self.selected = selected
        self.folder = folder
        self.vault = vault
    }

    /// Lays the root out.
    borrowing func makeRoot() throws(RunError) -> RootPlan {
        var grants = try GrantPlan.grants(
            policy: policy, request: request, places: places, workDirectory: workDirectory, traps: traps)
        grants += ancestors.grants
        if let path = folder?.path { grants.append(Grant(path: path, access: .write, isOptional: false, origin: path)) }
        let layout = RootLayout(
            grants: grants, home: places.home, temporarySize: policy.filesystem.temporary, workTree: workDirectory)
        return try part { () throws(SandboxError) in
            let plan = try layout.plan()
            for case .bind(let source, let identity, _, true) in plan.steps
            where source != folder?.path && !traps.written.contains(where: { $0.identity(at: source) == identity }) {
                // What is looked through afterwards must be what the program writes to. A path that was exchanged since
                // names something that is not held, and so does one that the held tree was not found by.
                throw .system(SystemCallError(call: "openat2", errno: .stale, subject: source), during: "hold it")
            }
            return plan
        }
    }

    /// Puts together everything else that init needs to know.
    ///
    /// - Parameters:
    ///   - countsMemory: Whether a control group counts the memory, so that init need not.
    ///   - countsProcessorTime: Whether one counts the processor time.
    ///   - terminal: The terminal that the program gets, or `nil`.
    borrowing func makePlan(
        in root: RootPlan, streams: StandardStreams, blockedSignals: SignalSet, countsMemory: Bool,
        countsProcessorTime: Bool, terminal: TerminalPlan?
    ) throws(RunError) -> LaunchPlan {
        let view = RootView(root)
        guard view.shows(workDirectory) else {
            throw .workDirectory(
                request.workDirectory ?? workDirectory,
                reason: "the policy \(policy.name) does not show it to the program",
                hint: "grant it with --read or --write, or choose another policy")
        }
        let taken = Set(selected.flatMap { [$0.name, $0.variable] } + decoys.map(\.name))
        let environment = try ProgramEnvironment(
            policy: policy, variables: request.variables, taken: taken,
            scene: ProgramEnvironment.Scene(
                view: view, places: places, workDirectory: workDirectory, home: folder?.home ?? places.home,
                temporary: folder?.temporary ?? "/tmp", caller: ProcessEnvironment.entries()))
        let isPlain = request.isolation == .landlock
        return LaunchPlan(
            workDirectory: workDirectory,
            limits: policy.limits.resourceLimits,
            filter: policy.systemCalls.filter(withoutNamespaces: isPlain ? policy.network : nil).compile(),
            searchPath: environment.searchPath,
            arguments: request.command, environment: environment.entries, blockedSignals: blockedSignals,
            closedStreams: [streams.input == .closed, streams.isOutputClosed, streams.isErrorClosed],
            processCeiling: policy.limits.processes ?? 0,
            memoryCeiling: countsMemory || isPlain ? 0 : policy.limits.memory ?? 0,
            processorCeiling: countsProcessorTime || isPlain
                ? 0 : UInt64(policy.limits.processorTime?.components.seconds ?? 0) * 1000,
            secretFilesCapacity: selected.contains { $0.delivery == .file }
                ? UInt64(selected.count * SecretReader.longestValue) : 0,
            terminal: terminal)
    }

    /// Reads the values, unlocking the vault where one of them is in it.
    mutating func collect() throws(RunError) -> CollectedSecrets {
        if selected.contains(where: { $0.place == nil }) {
            try vault.unlock(request.key)
            // A secret that was hidden in the file would otherwise be left out in silence.
            if request.secrets == .all { try vault.verifyList() }
        }
        return try CollectedSecrets(selected, decoys: decoys, vault: vault, allowsEmpty: request.allowsEmpty)
    }

    private static func check(_ request: RunRequest) throws(RunError) {
        guard let name = request.command.first, !name.isEmpty else {
            throw .argument("no command was given", hint: "write it behind the options: vault-sandbox exec -- COMMAND")
        }
        // The kernel's own limits: 128 KiB for one argument, and together at most what E2BIG says later.
        if let long = request.command.firstIndex(where: { $0.count >= 128 << 10 }) {
            throw .argument(
                "argument \(long) of the command is longer than the kernel takes (128 KiB)",
                hint: "pass long input by standard input or in a file")
        }
        if case .named(let names) = request.secrets, Set(names).count != names.count {
            throw .argument("--secret: a name was given twice", hint: "name each secret once")
        }
    }

    private static func timeout(_ request: RunRequest, _ policy: Policy) throws(RunError) -> Duration {
        guard let asked = request.timeout else { return min(policy.limits.timeout, policy.limits.maximumTimeout) }
        guard asked > .zero, asked <= policy.limits.maximumTimeout else {
            throw .timeoutOutOfRange(policy: policy.name, maximum: policy.limits.maximumTimeout)
        }
        return asked
    }
}
