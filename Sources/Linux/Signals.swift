internal import CLinux
internal import Glibc

/// A set of signals, one bit each, as the kernel has it.
public struct SignalSet: Equatable, Sendable {
    /// Bit N - 1 stands for signal N.
    public var rawValue: UInt64

    /// Wraps the bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Makes a set of these signals.
    public init(_ signals: [Int32]) {
        rawValue = signals.reduce(0) { $0 | 1 << UInt64($1 - 1) }
    }

    /// Whether the signal is in the set.
    public func contains(_ signal: Int32) -> Bool { rawValue & 1 << UInt64(signal - 1) != 0 }

    /// Blocks these signals beside those blocked already, and returns what was blocked before.
    @discardableResult
    public func block() throws(SystemCallError) -> SignalSet {
        var previous: UInt64 = 0
        try checked("rt_sigprocmask") { Calls.signalMask(SIG_BLOCK, rawValue, &previous) }
        return SignalSet(rawValue: previous)
    }

    /// Lets these signals through; those that wait arrive before this returns.
    public func unblock() throws(SystemCallError) {
        var previous: UInt64 = 0
        try checked("rt_sigprocmask") { Calls.signalMask(SIG_UNBLOCK, rawValue, &previous) }
    }

    /// Makes this the set of blocked signals.
    public func setBlocked() throws(SystemCallError) {
        var previous: UInt64 = 0
        try checked("rt_sigprocmask") { Calls.signalMask(SIG_SETMASK, rawValue, &previous) }
    }
}

/// Numbers and names of signals.
public enum Signals {
    /// Hang-up of the terminal.
    public static let hangUp = SIGHUP
    /// Interrupt from the keyboard.
    public static let interrupt = SIGINT
    /// Quit from the keyboard.
    public static let quit = SIGQUIT
    /// End at once; cannot be caught.
    public static let kill = SIGKILL
    /// First user-defined signal.
    public static let user1 = SIGUSR1
    /// Second user-defined signal.
    public static let user2 = SIGUSR2
    /// Write to a pipe without a reader.
    public static let brokenPipe = SIGPIPE
    /// Request to end.
    public static let terminate = SIGTERM
    /// A child stopped or ended.
    public static let child = SIGCHLD
    /// Go on after a stop.
    public static let resume = SIGCONT
    /// Stop at once; cannot be caught.
    public static let stop = SIGSTOP
    /// Stop from the keyboard.
    public static let terminalStop = SIGTSTP
    /// A change of the terminal, or a write to it, from the background.
    public static let backgroundOutput = SIGTTOU
    /// The terminal's window changed its size.
    public static let windowSize = SIGWINCH

    /// A file grew over the limit of the process.
    public static let fileSize = SIGXFSZ

    /// Ignores a signal, so that the call that caused it fails instead.
    public static func ignore(_ signal: Int32) { Glibc.signal(signal, SIG_IGN) }

    /// Puts the default action of a signal back, whatever the caller had left.
    public static func restoreDefault(_ signal: Int32) { Glibc.signal(signal, SIG_DFL) }
}

/// A descriptor that yields blocked signals as records.
public struct SignalDescriptor: ~Copyable {
    /// The descriptor to poll.
    public let descriptor: FileDescriptor

    /// One signal that arrived.
    public struct Arrival: Equatable, Sendable {
        /// The signal.
        public let signal: Int32
        /// Whether the kernel sent it, as it does for a key on the terminal, and not a process.
        public let isFromKernel: Bool
    }

    /// Starts to collect these signals, which must be blocked. The corresponding C function is `signalfd`.
    public init(_ signals: SignalSet) throws(SystemCallError) {
        descriptor = FileDescriptor(owning: try checked("signalfd") { Calls.signalfd(signals.rawValue) })
    }

    /// Takes the next signal, or `nil` where none is waiting.
    public borrowing func next() throws(SystemCallError) -> Arrival? {
        var record = vs_signal_information()
        let number = descriptor.rawValue
        do {
            let count = try checked("read") {
                unsafe withUnsafeMutableBytes(of: &record) { unsafe Calls.read(number, $0) }
            }
            guard count == MemoryLayout<vs_signal_information>.size else { return nil }
        } catch {
            if error.errno == .wouldBlock { return nil }
            throw error
        }
        return Arrival(signal: Int32(record.signal), isFromKernel: record.code == 0x80 /* SI_KERNEL */)
    }
}
