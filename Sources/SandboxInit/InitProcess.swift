internal import Linux
internal import SandboxPlan
internal import Secrets

/// PID 1 of a sandbox: carries out one launch plan, starts the program, and stays until it ends.
///
/// It is the supervisor's own executable, executed anew with an empty environment, so that nothing of the supervisor's
/// memory is mapped here. It is single-threaded and synchronous throughout.
public enum InitProcess {
    /// The name under which the executable takes this role; the supervisor passes it as the only argument.
    public static let argumentZero = "vault-sandbox-init"

    /// The descriptor of the socket to the supervisor.
    private static let control = BorrowedDescriptor(rawValue: 3)

    /// Does all of init's work and ends the process.
    public static func run() -> Never {
        do throws(LaunchFailure) {
            try launch()
        } catch {
            // Where even the report cannot be sent, the supervisor sees the socket's end and says so itself.
            try? ControlChannel.send(InitReport.failed(error).message, on: control)
        }
        Processes.exit(1)
    }

    /// Carries out the steps in their order; the reasons for the order stand in ARCHITECTURE.md.
    private static func launch() throws(LaunchFailure) {
        ProcessAttributes.setName("sandbox-init")
        let groundwork = try receive(Groundwork.init(message:))
        guard groundwork.isolation == .namespaces else { return try PlainLaunch.run(groundwork, control: control) }
        try during(.isolateProcess) { () throws(SystemCallError) in
            try ProcessAttributes.dieWithParent(signal: Signals.kill)
        }
        try IdentityMap.apply(groundwork)
        if TimeNamespace.isKnown {
            try during(.makeTime) { () throws(SystemCallError) in try TimeNamespace.enterNew() }
        }
        try during(.isolateProcess) { () throws(SystemCallError) in
            if groundwork.keeps(.undumpable) { try ProcessAttributes.makeUndumpable() }
            try Processes.startSession()
            try ProcessAttributes.joinNewSessionKeyring()
            Signals.restoreDefault(Signals.child)
            // The supervisor may ignore it; the program is ended by it where the policy limits the size of files.
            Signals.restoreDefault(Signals.fileSize)
            try SignalSet([Signals.child]).block()
        }
        var root = try SandboxRoot(groundwork)
        for step in Groundwork.root { try root.carryOut(step) }
        if try receive(NetworkChoice.init(message:)) == .own, groundwork.keeps(.network) {
            try during(.makeNetwork) { () throws(SystemCallError) in try NamespaceSet.network.unshare() }
            try during(.bringLoopbackUp) { () throws(SystemCallError) in try Loopback.bringUp() }
        }
        let rootPlan = try receive(RootPlan.init(message:))
        for step in rootPlan.steps { try root.carryOut(step) }
        let plan = try receive(LaunchPlan.init(message:))
        let secretFiles = try root.makeSecretFiles(capacity: plan.secretFilesCapacity)
        let boundsProcesses =
            groundwork.keeps(.limits) && plan.processCeiling > 0 && root.bound(processes: plan.processCeiling)
        try root.enter()
        try during(.enterWorkDirectory, plan.workDirectory) { () throws(SystemCallError) in
            try Files.changeDirectory(plan.workDirectory)
        }
        let secrets = try ReceivedSecrets(from: control)
        let delivered = try DeliveredSecrets(secrets, files: secretFiles, publicEnvironment: plan.environment)
        let terminal = try makeTerminal(plan)
        let descriptors = try Program.descriptors(plan, with: delivered, terminal: terminal)
        if groundwork.keeps(.capabilities) {
            try during(.dropCapabilities) { () throws(SystemCallError) in try Capabilities.dropAll() }
        }
        try during(.denyNewPrivileges) { () throws(SystemCallError) in try ProcessAttributes.denyNewPrivileges() }
        if groundwork.keeps(.landlock) {
            try LandlockDomain.enter(rootPlan, hasSecretFiles: plan.secretFilesCapacity > 0)
        }
        for limit in plan.limits where groundwork.keeps(.limits) {
            try during(.setLimits, limit.resource.description) { () throws(SystemCallError) in try limit.apply() }
        }
        let filter = groundwork.keeps(.filter) ? plan.filter : []
        let program = try Program.start(
            plan, filter: filter, with: delivered, descriptors: descriptors, terminal: descriptor(of: terminal))
        var watch = try ProgramWatch(
            program: program, control: control, memory: MemoryCeiling(plan.memoryCeiling, in: rootPlan),
            processor: ProcessorCeiling(milliseconds: groundwork.keeps(.limits) ? plan.processorCeiling : 0))
        try watch.untilEnd(boundsProcesses: boundsProcesses)
        if case .some(let terminal) = terminal { terminal.giveUp() }
    }

    /// The program's terminal, where the plan has one.
    private static func makeTerminal(_ plan: LaunchPlan) throws(LaunchFailure) -> ProgramTerminal? {
        guard let terminal = plan.terminal else { return nil }
        return try ProgramTerminal(terminal, control: control)
    }

    private static func descriptor(of terminal: borrowing ProgramTerminal?) -> BorrowedDescriptor? {
        switch terminal {
        case .some(let terminal): terminal.descriptor
        case .none: nil
        }
    }

    /// Waits for a part of the plan. An end of the stream means that nobody listens any more, so that the report of
    /// the failure reaches nobody.
    static func receive<Part>(
        _ read: ([UInt8]) throws(MalformedMessage) -> Part
    ) throws(LaunchFailure) -> Part {
        do {
            return try read(try ControlChannel.receive(on: control))
        } catch {
            throw LaunchFailure(step: .receivePlan, errno: .invalidArgument)
        }
    }
}

/// Runs one step and names it in what it throws.
internal func during<Value: ~Copyable>(
    _ step: LaunchStep, _ subject: String? = nil, _ body: () throws(SystemCallError) -> Value
) throws(LaunchFailure) -> Value {
    do {
        return try body()
    } catch {
        throw LaunchFailure(step: step, errno: error.errno, subject: subject ?? error.subject ?? error.call)
    }
}
