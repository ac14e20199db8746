public import Linux
public import SandboxPlan
public import Secrets

/// A sandbox whose PID 1 exists; letting go of it kills everything inside and waits for the end.
///
/// The thread that starts it owns it to its end: the kernel kills PID 1 when that thread is gone.
public struct RunningSandbox: ~Copyable {
    /// Readable once PID 1, and with it everything inside, has ended.
    internal let pidfd: FileDescriptor
    /// The socket to init.
    internal let control: FileDescriptor
    /// Where the program's standard output comes out, unless the caller's was closed.
    private var output: FileDescriptor?
    /// Where the program's standard error comes out, unless the caller's was closed.
    private var error: FileDescriptor?
    /// Where the program's standard input goes in, where it is pumped.
    private var input: FileDescriptor?
    /// What confines the program.
    private let isolation: IsolationKind
    /// Whether the end of PID 1 was taken already.
    internal var isReaped = false

    /// Clones PID 1 into every namespace but those that it makes itself, network and time; it lays the ground and waits for the network's choice and its plan.
    ///
    /// - Parameters:
    ///   - streams: What the caller's standard streams are.
    ///   - hasTerminal: Whether the program gets a terminal in their place.
    ///   - isolation: What confines the program; init is no PID 1, and in no namespace, in the weaker mode.
    public static func start(
        _ streams: StandardStreams, hasTerminal: Bool = false, isolation: IsolationKind = .namespaces
    ) throws(SandboxError) -> RunningSandbox {
        let sandbox = try RunningSandbox(streams, hasTerminal: hasTerminal, isolation: isolation)
        let groundwork = Groundwork(
            user: Processes.effectiveUser, group: Processes.effectiveGroup, hasTerminal: hasTerminal,
            isolation: isolation)
        try sandbox.send(groundwork.message, during: "send the groundwork")
        return sandbox
    }

    private init(
        _ streams: StandardStreams, hasTerminal: Bool, isolation: IsolationKind
    ) throws(SandboxError) {
        let descriptors = try Self.prepare(streams, hasTerminal: hasTerminal)
        let pidfd = try Self.clone(descriptors, isolation)
        self.isolation = isolation
        self.pidfd = pidfd
        control = descriptors.control
        output = descriptors.output
        self.error = descriptors.error
        input = descriptors.input
    }

    private static func prepare(
        _ streams: StandardStreams, hasTerminal: Bool
    ) throws(SandboxError) -> ChildDescriptors {
        do {
            return try ChildDescriptors(streams, hasTerminal: hasTerminal)
        } catch {
            throw .system(error, during: "prepare the sandbox")
        }
    }

    private static func clone(
        _ descriptors: borrowing ChildDescriptors, _ isolation: IsolationKind
    ) throws(SandboxError) -> FileDescriptor {
        let request = CloneExec(
            namespaces: isolation == .landlock
                ? [] : [.user, .mount, .process, .interprocess, .hostName, .controlGroup],
            arguments: StringBlock([Array("vault-sandbox-init".utf8)]), descriptors: descriptors.forChild)
        do {
            return try request.start(try Files.open("/proc/self/exe", [.path]))
        } catch {
            throw error.call == "clone" ? .unavailable(error) : .system(error, during: "start the sandbox")
        }
    }

    /// Tells init which network the program sees; goes before the plan.
    public borrowing func choose(_ network: NetworkChoice) throws(SandboxError) {
        try send(network.message, during: "choose the network")
    }

    /// Moves PID 1, which has started nothing yet, into a control group; `false` where that is not permitted.
    public borrowing func enter(_ group: borrowing ControlGroup) -> Bool {
        guard let process = try? Processes.number(of: pidfd), process > 0 else { return false }
        return (try? group.admit(process)) != nil
    }

    /// Tells init how to make the root; goes before the rest of the plan.
    public borrowing func send(_ root: RootPlan) throws(SandboxError) {
        try send(root.message, during: "send the plan of the root")
    }

    /// Sends init its plan. Where init is gone already, its report or its end says why.
    public borrowing func send(_ plan: LaunchPlan) throws(SandboxError) {
        try send(plan.message, during: "send the plan")
    }

    /// Sends init the secrets; the program starts once it has them.
    public borrowing func send(_ manifest: SecretManifest, values: borrowing SecretBytes) throws(SandboxError) {
        precondition(manifest.totalLength == values.count, "the values must be those of the manifest")
        try send(manifest.message, during: "send the secrets")
        do {
            try values.withSpan { span throws(SystemCallError) in
                try BorrowedDescriptor(control).writeAll(span)
            }
        } catch {
            try Self.tolerate(error, during: "send the secrets")
        }
    }

    /// Gives the reading end of standard output up to a pump.
    internal mutating func takeOutput() -> FileDescriptor? { output.take() }
    /// Gives the reading end of standard error up to a pump.
    internal mutating func takeError() -> FileDescriptor? { error.take() }
    /// Gives the writing end of standard input up to a pump.
    internal mutating func takeInput() -> FileDescriptor? { input.take() }

    /// Asks init to send the program a signal.
    internal borrowing func signal(_ signal: Int32, toGroup: Bool) {
        // Where init has ended in this moment, there is nobody left to signal.
        try? ControlChannel.send(
            InitRequest.signal(signal, toGroup: toGroup).message, on: BorrowedDescriptor(control))
    }

    /// Asks init to end everything after so many milliseconds, or, with `nil`, not to.
    internal borrowing func end(afterMilliseconds limit: UInt32?) {
        try? ControlChannel.send(
            InitRequest.end(afterMilliseconds: limit).message, on: BorrowedDescriptor(control))
    }

    /// Kills PID 1 and with it everything inside; an init that is no PID 1 does it itself when it is alone.
    internal borrowing func kill() {
        switch isolation {
        case .namespaces: try? Processes.send(Signals.kill, to: pidfd)
        case .landlock: BorrowedDescriptor(control).shutDown()
        }
    }

    /// Takes the end of PID 1, waiting for it.
    internal mutating func reap() -> ProcessEvent? {
        isReaped = true
        return try? Processes.end(of: pidfd)
    }

    deinit {
        guard !isReaped else { return }
        kill()
        _ = try? Processes.end(of: pidfd)
    }

    private borrowing func send(_ message: [UInt8], during action: String) throws(SandboxError) {
        do {
            try ControlChannel.send(message, on: BorrowedDescriptor(control))
        } catch {
            try Self.tolerate(error, during: action)
        }
    }

    /// A broken socket means that init has ended; why is told by its report, which is read later.
    private static func tolerate(_ error: SystemCallError, during action: String) throws(SandboxError) {
        guard error.errno == .brokenPipe || error.errno == .connectionReset else {
            throw .system(error, during: action)
        }
    }
}
