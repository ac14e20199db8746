public import Linux

/// Everything that PID 1 of a sandbox needs to know to build it and start the program, but no secret.
///
/// A plan is a plain value: the supervisor makes it, tests compare it, `--dry-run` prints it, and init carries it out
/// without deciding anything.
public struct LaunchPlan: Equatable, Sendable {
    /// The steps that make the root, behind those of the groundwork; parents come before what lies in them.
    public var root: [RootStep]
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
    /// How many bytes the memory file system for secrets delivered as files may hold; 0 makes none.
    public var secretFilesCapacity: UInt64

    /// Makes a plan from all its parts.
    public init(
        root: [RootStep], workDirectory: String, limits: [ResourceLimit], filter: [UInt8], searchPath: [String],
        arguments: [[UInt8]], environment: [[UInt8]], blockedSignals: SignalSet, closedStreams: [Bool],
        secretFilesCapacity: UInt64
    ) {
        self.root = root
        self.workDirectory = workDirectory
        self.limits = limits
        self.filter = filter
        self.searchPath = searchPath
        self.arguments = arguments
        self.environment = environment
        self.blockedSignals = blockedSignals
        self.closedStreams = closedStreams
        self.secretFilesCapacity = secretFilesCapacity
    }
}

/// One step in the making of a sandbox's root; every path is absolute and without links, `.` or `..`.
public enum RootStep: Equatable, Sendable {
    /// An empty directory of the sandbox's own.
    case directory(path: String, mode: UInt32)
    /// A symbolic link of the sandbox's own.
    case symbolicLink(path: String, target: String)
    /// What lies at `source` outside, at `path` inside; the launch fails where it is no longer what it was.
    case bind(source: String, identity: FileIdentity, path: String, isWritable: Bool)
    /// What lies at `path` outside is not there: an empty directory or file covers it.
    case mask(path: String, identity: FileIdentity)
    /// An empty file system in memory, with a limit in bytes.
    case temporary(path: String, size: UInt64, mode: UInt32)
    /// A view of the sandbox's own processes at /proc, its dangerous parts covered or read-only.
    case processes
    /// /dev with null, zero, full, random, urandom, a private devpts and a place for shared memory.
    case devices
    /// Shared memory at /dev/shm, with a limit in bytes.
    case sharedMemory(size: UInt64)

    /// The path that this step makes.
    public var path: String {
        switch self {
        case .directory(let path, _), .symbolicLink(let path, _), .bind(_, _, let path, _), .mask(let path, _),
            .temporary(let path, _, _):
            path
        case .processes: "/proc"
        case .devices: "/dev"
        case .sharedMemory: "/dev/shm"
        }
    }
}
