public import Linux

/// A step of a launch that can fail, in the order in which they run.
public enum LaunchStep: Int32, Sendable, CaseIterable {
    /// Reading the plan.
    case receivePlan = 1
    /// Mapping the user and group into the new user namespace.
    case mapIdentity
    /// Entering a time namespace.
    case makeTime
    /// Becoming unreadable to others, leading a session, leaving the caller's keyring.
    case isolateProcess
    /// Making the network namespace.
    case makeNetwork
    /// Bringing `lo` up.
    case bringLoopbackUp
    /// Making the root file system in memory.
    case makeRoot
    /// Making a directory, link or file system of the sandbox's own.
    case makeEntry
    /// Opening a granted path again; `ESTALE` where it is not what the supervisor saw.
    case openGrant
    /// Mounting a granted path.
    case mountGrant
    /// Covering a masked path.
    case mountMask
    /// Mounting /proc.
    case mountProcesses
    /// Mounting /dev.
    case mountDevices
    /// Entering the new root and letting go of the old one.
    case enterRoot
    /// Changing to the work directory.
    case enterWorkDirectory
    /// Reading the secrets.
    case receiveSecrets
    /// Writing the secrets that are delivered as files or descriptors.
    case deliverSecrets
    /// Giving up every capability.
    case dropCapabilities
    /// Giving up new privileges by exec.
    case denyNewPrivileges
    /// Entering the Landlock domain.
    case restrictFiles
    /// Setting the limits.
    case setLimits
    /// Making the process of the program.
    case spawn
    /// Installing the system-call filter.
    case installFilter
    /// Executing the program; `ENOENT` and `EACCES` are the caller's mistakes, not the sandbox's.
    case execute
    /// Watching over the program.
    case supervise
    /// Making the program's terminal.
    case makeTerminal
}

/// Why a launch failed: the step, the error and what it was about.
public struct LaunchFailure: Error, Equatable, Sendable {
    /// The step that failed.
    public let step: LaunchStep
    /// The error that the kernel gave.
    public let errno: Errno
    /// The path or call that the step was about; empty where there is none.
    public let subject: String

    /// Makes a failure.
    public init(step: LaunchStep, errno: Errno, subject: String = "") {
        self.step = step
        self.errno = errno
        self.subject = subject
    }
}

/// What init tells the supervisor.
public enum InitReport: Equatable, Sendable {
    /// The program runs; `boundsProcesses` says whether the kernel holds the sandbox to its number of processes.
    case started(boundsProcesses: Bool)
    /// The program was stopped by this signal.
    case stopped(signal: Int32)
    /// The program goes on.
    case continued
    /// The program ended; init ends right after this report, and with it everything inside.
    case ended(ProcessEvent)
    /// The processes had more memory than they may; init ends right after this report.
    case exceededMemory
    /// The processes used more processor time than they may; init ends right after this report.
    case exceededProcessorTime
    /// The launch failed; init ends right after this report.
    case failed(LaunchFailure)
    /// The program is about to get a terminal, whose other end comes with this report.
    case madeTerminal

    /// The report as the body of a frame.
    public var message: [UInt8] {
        var writer = MessageWriter()
        switch self {
        case .started(let boundsProcesses):
            writer.integer(1)
            writer.flag(boundsProcesses)
        case .stopped(let signal):
            writer.integer(2)
            writer.integer(signal)
        case .continued: writer.integer(3)
        case .ended(.signalled(let signal)):
            writer.integer(4)
            writer.integer(signal)
        case .ended(.exited(let status)):
            writer.integer(5)
            writer.integer(status)
        case .ended: preconditionFailure("a stop is not an end")
        case .exceededMemory: writer.integer(7)
        case .exceededProcessorTime: writer.integer(8)
        case .madeTerminal: writer.integer(9)
        case .failed(let failure):
            writer.integer(6)
            writer.integer(failure.step.rawValue)
            writer.integer(failure.errno.rawValue)
            writer.text(failure.subject)
        }
        return writer.bytes
    }

    /// Reads what `message` wrote.
    public init(message: [UInt8]) throws(MalformedMessage) {
        var reader = MessageReader(message)
        switch try reader.integer(Int.self) {
        case 1: self = .started(boundsProcesses: try reader.flag())
        case 2: self = .stopped(signal: try reader.integer())
        case 3: self = .continued
        case 4: self = .ended(.signalled(try reader.integer()))
        case 5: self = .ended(.exited(try reader.integer()))
        case 6:
            guard let step = LaunchStep(rawValue: try reader.integer()) else { throw MalformedMessage() }
            self = .failed(
                LaunchFailure(step: step, errno: Errno(rawValue: try reader.integer()), subject: try reader.text()))
        case 7: self = .exceededMemory
        case 8: self = .exceededProcessorTime
        case 9: self = .madeTerminal
        default: throw MalformedMessage()
        }
        try reader.expectEnd()
    }
}

/// What the supervisor tells init once the program runs.
public enum InitRequest: Equatable, Sendable {
    /// Send a signal to the program, or to its whole process group.
    case signal(Int32, toGroup: Bool)
    /// End everything after so many milliseconds, for a supervisor that is stopped; `nil` takes that back.
    case end(afterMilliseconds: UInt32?)

    /// The request as the body of a frame.
    public var message: [UInt8] {
        var writer = MessageWriter()
        switch self {
        case .signal(let signal, let toGroup):
            writer.integer(1)
            writer.integer(signal)
            writer.flag(toGroup)
        case .end(let milliseconds):
            writer.integer(2)
            writer.list(milliseconds.map { [$0] } ?? []) { $0.integer($1) }
        }
        return writer.bytes
    }

    /// Reads what `message` wrote.
    public init(message: [UInt8]) throws(MalformedMessage) {
        var reader = MessageReader(message)
        switch try reader.integer(Int.self) {
        case 1: self = .signal(try reader.integer(), toGroup: try reader.flag())
        case 2:
            let ends: [UInt32] = try reader.list { reader throws(MalformedMessage) in try reader.integer() }
            guard ends.count <= 1 else { throw MalformedMessage() }
            self = .end(afterMilliseconds: ends.first)
        default: throw MalformedMessage()
        }
        try reader.expectEnd()
    }
}
