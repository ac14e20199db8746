/// A descriptor by which one thread wakes another that waits in poll(2).
public struct EventDescriptor: ~Copyable, Sendable {
    /// The descriptor to poll; readable from a signal until it is cleared.
    public let descriptor: FileDescriptor

    /// Makes one that says nothing yet. The corresponding C function is `eventfd`.
    public init() throws(SystemCallError) {
        descriptor = FileDescriptor(owning: try checked("eventfd") { Calls.eventfd() })
    }

    /// Wakes whoever waits. Signals that nobody took yet are one.
    public borrowing func signal() {
        // The counter is the kernel's: it fails only where 2^64 - 2 signals wait, and then the reader is awake anyway.
        let one: [UInt8] = [1, 0, 0, 0, 0, 0, 0, 0]
        _ = try? BorrowedDescriptor(descriptor).write(one.span)
    }

    /// Takes what was signalled, so that the next wait waits.
    public borrowing func clear() {
        var counter = [UInt8](repeating: 0, count: 8)
        var span = counter.mutableSpan
        _ = try? BorrowedDescriptor(descriptor).read(into: &span)
    }
}
