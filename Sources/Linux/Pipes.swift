internal import Glibc

/// The two ends of a pipe.
@frozen
public struct Pipe: ~Copyable {
    /// Where bytes come out.
    public let reading: FileDescriptor
    /// Where bytes go in.
    public let writing: FileDescriptor

    /// Makes a pipe whose ends are closed on exec and numbered at least `minimum`.
    public init(atLeast minimum: Int32 = 3) throws(SystemCallError) {
        var ends: (Int32, Int32) = (-1, -1)
        try checked("pipe2") { Calls.pipe2(&ends, O_CLOEXEC) }
        let first = FileDescriptor(owning: ends.0)
        let second = FileDescriptor(owning: ends.1)
        let out = try first.duplicate(atLeast: minimum)
        let into = try second.duplicate(atLeast: minimum)
        reading = out
        writing = into
    }

    /// Asks for a larger buffer of the pipe; what the kernel refuses is not an error, only slower.
    public func grow(to bytes: Int) {
        _ = Calls.fcntl(reading.rawValue, 1031 /* F_SETPIPE_SZ, hidden */, bytes)
    }
}

/// Two connected stream sockets of this machine.
@frozen
public struct SocketPair: ~Copyable {
    /// The end that stays.
    public let near: FileDescriptor
    /// The end that is given away.
    public let far: FileDescriptor

    /// Makes a pair closed on exec and numbered at least `minimum`.
    public init(atLeast minimum: Int32 = 3) throws(SystemCallError) {
        var ends: (Int32, Int32) = (-1, -1)
        let closeOnExec: Int32 = 0o2000000  // SOCK_CLOEXEC
        try checked("socketpair") { Calls.socketpair(&ends, Int32(SOCK_STREAM.rawValue) | closeOnExec) }
        let first = FileDescriptor(owning: ends.0)
        let second = FileDescriptor(owning: ends.1)
        let kept = try first.duplicate(atLeast: minimum)
        let given = try second.duplicate(atLeast: minimum)
        near = kept
        far = given
    }
}
