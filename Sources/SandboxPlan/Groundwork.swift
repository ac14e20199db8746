/// What PID 1 can do before it knows the plan, because it is the same for every run.
///
/// The sandbox starts before the supervisor has looked at vault, policy and paths, and lays the ground meanwhile.
public struct Groundwork: Equatable, Sendable {
    /// The user that the program runs as; inside and outside the number is the same.
    public var user: UInt32
    /// The group that the program runs as.
    public var group: UInt32
    /// Whether the program gets a terminal, and so /dev/tty.
    public var hasTerminal: Bool
    /// What confines the program.
    public var isolation: IsolationKind
    #if DEBUG
        /// The layers that init leaves out.
        public var omitted = Layer.omitted
    #endif

    /// The first steps of every root.
    public static let root: [RootStep] = [.processes, .devices]

    /// Makes the groundwork of a run.
    public init(user: UInt32, group: UInt32, hasTerminal: Bool = false, isolation: IsolationKind = .namespaces) {
        self.user = user
        self.group = group
        self.hasTerminal = hasTerminal
        self.isolation = isolation
    }

    /// The groundwork as the bytes that init reads.
    public var message: [UInt8] {
        var writer = MessageWriter()
        writer.integer(user)
        writer.integer(group)
        writer.flag(hasTerminal)
        writer.flag(isolation == .landlock)
        #if DEBUG
            writer.list(Layer.allCases) { $0.flag(omitted.contains($1)) }
        #endif
        return writer.bytes
    }

    /// Reads what `message` wrote.
    public init(message: [UInt8]) throws(MalformedMessage) {
        var reader = MessageReader(message)
        user = try reader.integer()
        group = try reader.integer()
        hasTerminal = try reader.flag()
        isolation = try reader.flag() ? .landlock : .namespaces
        #if DEBUG
            let flags = try reader.list { reader throws(MalformedMessage) in try reader.flag() }
            omitted = Set(zip(Layer.allCases, flags).filter { $1 }.map { $0.0 })
        #endif
        try reader.expectEnd()
    }
}

/// Which network the program sees; sent as soon as the policy is known, since a new one takes long to make.
public enum NetworkChoice: Equatable, Sendable, CaseIterable {
    /// A new one with nothing but `lo`.
    case own
    /// That of the host.
    case host

    /// The choice as the bytes that init reads.
    public var message: [UInt8] {
        var writer = MessageWriter()
        writer.flag(self == .own)
        return writer.bytes
    }

    /// Reads what `message` wrote.
    public init(message: [UInt8]) throws(MalformedMessage) {
        var reader = MessageReader(message)
        self = try reader.flag() ? .own : .host
        try reader.expectEnd()
    }
}
