internal import Glibc

/// A file descriptor with one owner, closed when the owner lets go.
///
/// Move it with `consume`; lend it by borrowing. `rawValue` is for the call at hand and must not be kept.
public struct FileDescriptor: ~Copyable, Sendable {
    /// The number, valid as long as this value lives.
    public let rawValue: Int32

    /// Takes ownership of an open descriptor.
    public init(owning rawValue: Int32) {
        precondition(rawValue >= 0, "a descriptor cannot be negative")
        self.rawValue = rawValue
    }

    /// Closes the descriptor and reports what close(2) says; without it, the end of the value's life closes silently.
    public consuming func close() throws(SystemCallError) {
        let number = rawValue
        discard self
        // Linux frees the number even when it reports EINTR, so a retry could close somebody else's.
        try checked("close", retrying: false) { Calls.close(number) }
    }

    /// Gives the number up to the caller, who must close it.
    public consuming func release() -> Int32 {
        let number = rawValue
        discard self
        return number
    }

    deinit { _ = Calls.close(rawValue) }
}

extension FileDescriptor {
    /// Makes a second descriptor of the same open file, numbered at least `minimum` and closed on exec.
    ///
    /// The corresponding C function is `fcntl(F_DUPFD_CLOEXEC)`.
    public borrowing func duplicate(atLeast minimum: Int32 = 3) throws(SystemCallError) -> FileDescriptor {
        try BorrowedDescriptor(self).duplicate(atLeast: minimum)
    }
}

/// A descriptor that belongs to somebody else, such as the process's standard streams.
public struct BorrowedDescriptor: Equatable, Sendable {
    /// The number.
    public let rawValue: Int32

    /// Names a descriptor without owning it.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// Borrows from an owner, who must outlive the use.
    public init(_ owner: borrowing FileDescriptor) { self.rawValue = owner.rawValue }

    /// The process's standard input.
    public static let standardInput = BorrowedDescriptor(rawValue: 0)
    /// The process's standard output.
    public static let standardOutput = BorrowedDescriptor(rawValue: 1)
    /// The process's standard error.
    public static let standardError = BorrowedDescriptor(rawValue: 2)

    /// Makes a descriptor of the same open file, numbered at least `minimum` and closed on exec.
    ///
    /// The corresponding C function is `fcntl(F_DUPFD_CLOEXEC)`.
    public func duplicate(atLeast minimum: Int32 = 3) throws(SystemCallError) -> FileDescriptor {
        do {
            return FileDescriptor(
                owning: try checked("fcntl") { Calls.fcntl(rawValue, F_DUPFD_CLOEXEC, Int(minimum)) })
        } catch let error where error.errno == .invalidArgument {
            // What the kernel says where no number as high as that is permitted.
            throw SystemCallError(call: error.call, errno: .tooManyFiles)
        }
    }

    /// Whether the number is open in this process.
    public var isOpen: Bool { Calls.fcntl(rawValue, F_GETFD, 0) >= 0 }

    /// Closes the number although nobody owns it as a `FileDescriptor`: for what this process was started with.
    public func closeUnowned() { _ = Calls.close(rawValue) }

    /// Goes back to the start of the file. The corresponding C function is `lseek`.
    public func rewind() throws(SystemCallError) {
        try checked("lseek") { Calls.lseek(rawValue, 0, SEEK_SET) }
    }

    /// Goes to a position of the file, where nothing needs to be yet. The corresponding C function is `lseek`.
    public func seek(to position: Int64) throws(SystemCallError) {
        try checked("lseek") { Calls.lseek(rawValue, Int(position), SEEK_SET) }
    }

    /// Gives the file a size; what is added takes no room and reads as zeros. The corresponding C function is `ftruncate`.
    public func setSize(_ size: Int64) throws(SystemCallError) {
        try checked("ftruncate") { Calls.ftruncate(rawValue, size) }
    }

    /// Goes back by some bytes from where the open file is. The corresponding C function is `lseek`.
    public func stepBack(_ bytes: Int) throws(SystemCallError) {
        try checked("lseek") { Calls.lseek(rawValue, -bytes, SEEK_CUR) }
    }

    /// Whether this is the same open file as another descriptor of this process, with one position and one set of flags.
    ///
    /// The corresponding C function is `kcmp`. Where the kernel does not answer, the two count as one if they name the
    /// same file and were opened alike.
    public func isSameOpenFile(as other: BorrowedDescriptor) -> Bool {
        let comparison = Calls.compareFiles(Processes.current, rawValue, other.rawValue)
        guard comparison < 0 else { return comparison == 0 }
        guard let own = try? Files.status(of: self), let others = try? Files.status(of: other) else { return false }
        return own.identity == others.identity
            && Calls.fcntl(rawValue, F_GETFL, 0) == Calls.fcntl(other.rawValue, F_GETFL, 0)
    }
}
