internal import Linux
internal import SandboxPlan

/// The weaker mode: a program under Landlock and the filter of system calls, in no namespace of its own.
///
/// Init is outside the domain, so that the program cannot signal it, and takes along at its end what the program
/// started.
internal enum PlainLaunch {
    /// Carries out the steps in their order.
    static func run(_ groundwork: Groundwork, control: BorrowedDescriptor) throws(LaunchFailure) {
        try during(.isolateProcess) { () throws(SystemCallError) in
            // The end of the supervisor is the end of its socket: there is something to do before this process ends.
            try ProcessAttributes.dieWithParent(signal: 0)
            try ProcessAttributes.adoptOrphans()
            guard Descendants.areListed else {
                throw SystemCallError(call: "open", errno: .noSuchFile, subject: "/proc/thread-self/children")
            }
            if groundwork.keeps(.undumpable) { try ProcessAttributes.makeUndumpable() }
            try Processes.startSession()
            try ProcessAttributes.joinNewSessionKeyring()
            Signals.restoreDefault(Signals.child)
            Signals.restoreDefault(Signals.fileSize)
            try SignalSet([Signals.child]).block()
        }
        let network = try InitProcess.receive(NetworkChoice.init(message:))
        let rules = try LandlockDomain.ofHost(
            try InitProcess.receive(RootPlan.init(message:)), forbidsTCP: network == .own)
        let plan = try InitProcess.receive(LaunchPlan.init(message:))
        try during(.enterWorkDirectory, plan.workDirectory) { () throws(SystemCallError) in
            try Files.changeDirectory(plan.workDirectory)
        }
        let delivered = try DeliveredSecrets(
            try ReceivedSecrets(from: control), files: nil, publicEnvironment: plan.environment)
        let descriptors = try Program.descriptors(plan, with: delivered, terminal: nil)
        if groundwork.keeps(.capabilities) {
            try during(.dropCapabilities) { () throws(SystemCallError) in try Capabilities.dropAll(mayKeepBound: true) }
        }
        try during(.denyNewPrivileges) { () throws(SystemCallError) in try ProcessAttributes.denyNewPrivileges() }
        for limit in plan.limits where groundwork.keeps(.limits) {
            try during(.setLimits, limit.resource.description) { () throws(SystemCallError) in try limit.apply() }
        }
        let program = try Program.start(
            plan, filter: groundwork.keeps(.filter) ? plan.filter : [], with: delivered, descriptors: descriptors,
            domain: groundwork.keeps(.landlock) ? rules.descriptor : nil, terminal: nil)
        defer { Descendants.endAll() }
        var watch = try ProgramWatch(
            program: program, control: control, memory: nil, processor: ProcessorCeiling(milliseconds: 0))
        try watch.untilEnd(boundsProcesses: false)
    }
}
