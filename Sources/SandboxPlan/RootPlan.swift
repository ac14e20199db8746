public import Linux

/// How PID 1 makes the root of its sandbox, behind the steps of the groundwork.
///
/// It is sent apart from the rest of the plan, so that init mounts while the supervisor goes on planning.
public struct RootPlan: Equatable, Sendable {
    /// The steps, in order; parents come before what lies in them.
    public var steps: [RootStep]

    /// Makes a plan of these steps.
    public init(steps: [RootStep]) { self.steps = steps }
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
