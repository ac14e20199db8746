public import Linux

/// Everything that PID 1 of a sandbox needs to know to start the program in the root that it has made, but no secret.
///
/// A plan is a plain value: the supervisor makes it, tests compare it, `--dry-run` prints it, and init carries it out
/// without deciding anything.
public struct LaunchPlan: Equatable, Sendable {
    /// Where the program starts, as a path inside.
    public var workDirectory: String
    /// The limits of init and the program.
    public var limits: [ResourceLimit]
    /// The seccomp program of the payload, eight bytes an instruction; empty for none.
    public var filter: [UInt8]
    /// Where a program without a slash in its name is looked for, in order, as paths inside.
    public var searchPath: [String]
    /// The program and its arguments, each without its final NUL; they need not be UTF-8.
    public var arguments: [[UInt8]]
    /// `NAME=value` pairs that hold no secret.
    public var environment: [[UInt8]]
    /// The signals that the program finds blocked, as the caller had them.
    public var blockedSignals: SignalSet
    /// Which of the descriptors 0 to 2 the program finds closed, because the caller had closed them.
    public var closedStreams: [Bool]
    /// How many processes and threads there may be at once; 0 for as many as the machine has.
    public var processCeiling: UInt64
    /// How much memory the processes may have together, where init must look for itself; 0 where it need not.
    public var memoryCeiling: UInt64
    /// How many milliseconds of processor time the processes may use together; 0 for as many as they like.
    public var processorCeiling: UInt64
    /// How many bytes the memory file system for secrets delivered as files may hold; 0 makes none.
    public var secretFilesCapacity: UInt64

    /// The terminal that the program gets in place of its three streams; `nil` for none.
    public var terminal: TerminalPlan?

    /// Makes a plan from all its parts.
    public init(
        workDirectory: String, limits: [ResourceLimit], filter: [UInt8], searchPath: [String], arguments: [[UInt8]],
        environment: [[UInt8]], blockedSignals: SignalSet, closedStreams: [Bool], processCeiling: UInt64,
        memoryCeiling: UInt64, processorCeiling: UInt64, secretFilesCapacity: UInt64, terminal: TerminalPlan? = nil
    ) {
        self.workDirectory = workDirectory
        self.limits = limits
        self.filter = filter
        self.searchPath = searchPath
        self.arguments = arguments
        self.environment = environment
        self.blockedSignals = blockedSignals
        self.closedStreams = closedStreams
        self.processCeiling = processCeiling
        self.memoryCeiling = memoryCeiling
        self.processorCeiling = processorCeiling
        self.secretFilesCapacity = secretFilesCapacity
        self.terminal = terminal
    }
}
