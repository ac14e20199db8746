internal import Glibc

/// What poll(2) is asked about one descriptor, and what it answers.
public struct PollEntry: Sendable {
    /// What can be waited for and reported.
    public struct Events: OptionSet, Sendable {
        /// The bits of poll(2).
        public let rawValue: Int16

        /// Wraps the bits.
        public init(rawValue: Int16) { self.rawValue = rawValue }

        /// Something can be read.
        public static let readable = Events(rawValue: Int16(POLLIN))
        /// Something can be written.
        public static let writable = Events(rawValue: Int16(POLLOUT))
        /// The other end is closed.
        public static let hungUp = Events(rawValue: Int16(POLLHUP))
        /// An error is waiting, or the reader of a pipe is gone.
        public static let failed = Events(rawValue: Int16(POLLERR))
    }

    fileprivate let entry: pollfd

    /// Asks about a descriptor; an entry for `nil` is passed over.
    public init(_ descriptor: BorrowedDescriptor?, _ events: Events) {
        entry = pollfd(fd: descriptor?.rawValue ?? -1, events: events.rawValue, revents: 0)
    }
}

/// Waiting for several descriptors at once.
public enum Polling {
    /// Waits until one entry has something to say, at most `milliseconds` (-1: without end), and answers for each.
    ///
    /// A signal that is not blocked ends the wait with nothing said. The corresponding C function is `poll`.
    public static func wait(
        _ entries: [PollEntry], milliseconds: Int32 = -1
    ) throws(SystemCallError) -> [PollEntry.Events] {
        var raw = entries.map(\.entry)
        do {
            try checked("poll", retrying: false) {
                unsafe raw.withUnsafeMutableBufferPointer { unsafe Calls.poll($0, milliseconds) }
            }
        } catch {
            guard error.errno == .interrupted else { throw error }
            return entries.map { _ in [] }
        }
        return raw.map { PollEntry.Events(rawValue: $0.revents) }
    }
}

/// A timer that is waited for like any other descriptor; it counts suspended time as the monotonic clock does.
public struct TimerDescriptor: ~Copyable {
    /// The descriptor to poll; readable once the timer has run out.
    public let descriptor: FileDescriptor

    /// Makes a timer that is not running. The corresponding C function is `timerfd_create`.
    public init() throws(SystemCallError) {
        descriptor = FileDescriptor(owning: try checked("timerfd_create") { Calls.timerfd() })
    }

    /// Starts the timer anew; a duration of zero stops it.
    public borrowing func arm(_ duration: Duration) throws(SystemCallError) {
        let (seconds, attoseconds) = duration.components
        let number = descriptor.rawValue
        try checked("timerfd_settime") { Calls.timerfdArm(number, seconds, attoseconds / 1_000_000_000) }
    }

    /// How long the timer still runs; zero where it does not, or has run out.
    ///
    /// The corresponding C function is `timerfd_gettime`.
    public borrowing func remaining() throws(SystemCallError) -> Duration {
        let number = descriptor.rawValue
        var left = itimerspec()
        try checked("timerfd_gettime") { Calls.timerfdRemaining(number, &left) }
        return .seconds(left.it_value.tv_sec) + .nanoseconds(left.it_value.tv_nsec)
    }
}
