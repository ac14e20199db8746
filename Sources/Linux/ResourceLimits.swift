internal import Glibc

/// A limit that the kernel keeps for each process, or, for processes, for each user.
public struct ResourceLimit: Equatable, Sendable {
    /// What is limited.
    public enum Resource: Int32, Sendable, CaseIterable, CustomStringConvertible {
        /// Seconds of processor time.
        case processorTime = 0
        /// Bytes of the largest file written.
        case fileSize = 1
        /// Bytes of data segment, heap and private writable mappings.
        case data = 2
        /// Bytes of a core dump.
        case core = 4
        /// Processes and threads of the user.
        case processes = 6
        /// One more than the highest descriptor number.
        case openFiles = 7

        /// The kernel's name. Written out: a name that the runtime finds by reflection costs a launch 0.2 ms.
        public var description: String {
            switch self {
            case .processorTime: "RLIMIT_CPU"
            case .fileSize: "RLIMIT_FSIZE"
            case .data: "RLIMIT_DATA"
            case .core: "RLIMIT_CORE"
            case .processes: "RLIMIT_NPROC"
            case .openFiles: "RLIMIT_NOFILE"
            }
        }
    }

    /// What is limited.
    public let resource: Resource
    /// The limit that holds, which the process may move up to `hard`.
    public let soft: UInt64
    /// The ceiling.
    public let hard: UInt64

    /// Makes a limit; both values are equal unless `soft` is given.
    public init(_ resource: Resource, soft: UInt64? = nil, hard: UInt64) {
        self.resource = resource
        self.soft = soft ?? hard
        self.hard = hard
    }

    /// The limit of this process now.
    public static func current(_ resource: Resource) throws(SystemCallError) -> ResourceLimit {
        var limit = rlimit()
        try checked("getrlimit") { Calls.getrlimit(resource.rawValue, &limit) }
        return ResourceLimit(resource, soft: UInt64(limit.rlim_cur), hard: UInt64(limit.rlim_max))
    }

    /// Sets the limit for this process, never above the ceiling it has already.
    public func apply() throws(SystemCallError) {
        let ceiling = try ResourceLimit.current(resource).hard
        try checked("setrlimit", resource.description) {
            Calls.setrlimit(resource.rawValue, min(soft, ceiling), min(hard, ceiling))
        }
    }
}
