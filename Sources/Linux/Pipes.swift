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
    public func grow(to bytes: Int) { BorrowedDescriptor(reading).setPipeCapacity(bytes) }
}

extension BorrowedDescriptor {
    /// Asks for another size of this pipe's buffer, rounded up to whole pages; the kernel may refuse.
    public func setPipeCapacity(_ bytes: Int) {
        _ = Calls.fcntl(rawValue, 1031 /* F_SETPIPE_SZ, hidden */, bytes)
    }

    /// How many bytes lie in this pipe, at whichever end; 0 where that cannot be told.
    public var unreadBytes: Int {
        var count: Int32 = 0
        return Calls.unreadBytes(rawValue, &count) == 0 ? Int(count) : 0
    }

    /// Moves at most `limit` bytes to another descriptor without waiting at either end; one of the two must be a pipe.
    ///
    /// 0 means the end; fails with `wouldBlock` where nothing is there or there is no room. The corresponding C function
    /// is `splice`.
    public func move(to target: BorrowedDescriptor, atMost limit: Int) throws(SystemCallError) -> Int {
        try checked("splice") { Calls.splice(rawValue, target.rawValue, limit, 2 /* SPLICE_F_NONBLOCK, hidden */) }
    }

    /// Copies at most `limit` bytes from this pipe into another without waiting; they stay here to be read.
    ///
    /// 0 means the end; fails with `wouldBlock` where nothing is there or there is no room. The corresponding C function
    /// is `tee`.
    public func copy(toPipe target: BorrowedDescriptor, atMost limit: Int) throws(SystemCallError) -> Int {
        try checked("tee") { Calls.tee(rawValue, target.rawValue, limit, 2 /* SPLICE_F_NONBLOCK, hidden */) }
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
