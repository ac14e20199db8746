internal import Glibc

/// The terminal that a person sits at, whatever the standard streams are.
public struct Terminal: ~Copyable {
    private let device: FileDescriptor

    /// Opens the controlling terminal of this process; fails with `ENXIO` where there is none.
    public init() throws(SystemCallError) {
        device = try Files.open("/dev/tty", .readWrite)
    }

    /// Writes a text to it.
    public borrowing func write(_ text: String) throws(SystemCallError) {
        try BorrowedDescriptor(device).writeAll(text)
    }

    /// Reads a line while what is typed is not shown, and says how many bytes of `buffer` it fills; the former mode is
    /// put back whatever happens. A signal that asks for an end, blocked or not, fails with `EINTR`.
    ///
    /// The corresponding C functions are `tcgetattr` and `tcsetattr`.
    public borrowing func readHiddenLine(into buffer: inout MutableSpan<UInt8>) throws(SystemCallError) -> Int {
        let number = device.rawValue
        var former = termios()
        try checked("tcgetattr") { unsafe tcgetattr(number, &former) }
        // A signal must not leave the person with a silent terminal: it is taken as a record instead.
        let ends = SignalSet([Signals.interrupt, Signals.terminate, Signals.quit, Signals.hangUp])
        let blocked = try ends.block()
        defer { try? blocked.setBlocked() }
        let signals = try SignalDescriptor(ends)
        var silent = former
        silent.c_lflag &= ~tcflag_t(ECHO)
        silent.c_lflag |= tcflag_t(ECHONL)
        try checked("tcsetattr") { unsafe tcsetattr(number, TCSAFLUSH, &silent) }
        defer { unsafe tcsetattr(number, TCSAFLUSH, &former) }
        let entries = [
            PollEntry(BorrowedDescriptor(device), .readable),
            PollEntry(BorrowedDescriptor(signals.descriptor), .readable),
        ]
        var length = 0
        while length < buffer.count {
            let events = try Polling.wait(entries)
            if !events[1].isEmpty { throw SystemCallError(call: "read", errno: .interrupted) }
            if events[0].isEmpty { continue }
            let count = try BorrowedDescriptor(device).read(into: &buffer, from: length, atMost: 1)
            guard count == 1, buffer[length] != UInt8(ascii: "\n") else { break }
            length += 1
        }
        return length
    }
}
