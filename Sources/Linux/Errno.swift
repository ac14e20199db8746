internal import CLinux
internal import Glibc

/// An error number of the kernel.
public struct Errno: RawRepresentable, Hashable, Sendable {
    /// The number, as in errno(3).
    public let rawValue: Int32

    /// Wraps a number.
    public init(rawValue: Int32) { self.rawValue = rawValue }

    /// The calling thread's last error; read it before anything else can run.
    internal static var current: Errno { Errno(rawValue: errno) }

    /// The symbolic name, such as `ENOENT`, or `errno N` where glibc knows none.
    public var name: String {
        guard let name = unsafe strerrorname_np(rawValue) else { return "errno \(rawValue)" }
        return unsafe String(cString: name)
    }

    /// The sentence that strerror(3) gives in the C locale.
    public var message: String {
        guard let text = unsafe strerrordesc_np(rawValue) else { return "unknown error" }
        return unsafe String(cString: text)
    }
}

extension Errno {
    /// Operation not permitted.
    public static let notPermitted = Errno(rawValue: EPERM)
    /// No such file or directory.
    public static let noSuchFile = Errno(rawValue: ENOENT)
    /// Interrupted system call.
    public static let interrupted = Errno(rawValue: EINTR)
    /// Bad file descriptor.
    public static let badDescriptor = Errno(rawValue: EBADF)
    /// No child processes.
    public static let noChild = Errno(rawValue: ECHILD)
    /// Resource temporarily unavailable.
    public static let wouldBlock = Errno(rawValue: EAGAIN)
    /// Cannot allocate memory.
    public static let noMemory = Errno(rawValue: ENOMEM)
    /// Permission denied.
    public static let accessDenied = Errno(rawValue: EACCES)
    /// File exists.
    public static let fileExists = Errno(rawValue: EEXIST)
    /// Not a directory.
    public static let notDirectory = Errno(rawValue: ENOTDIR)
    /// Invalid argument.
    public static let invalidArgument = Errno(rawValue: EINVAL)
    /// Invalid cross-device link: the two are on different file systems.
    public static let otherFileSystem = Errno(rawValue: EXDEV)
    /// No space left on device.
    public static let noSpace = Errno(rawValue: ENOSPC)
    /// Too many open files.
    public static let tooManyFiles = Errno(rawValue: EMFILE)
    /// File too large.
    public static let fileTooBig = Errno(rawValue: EFBIG)
    /// Disk quota exceeded.
    public static let quotaExceeded = Errno(rawValue: EDQUOT)
    /// Input/output error.
    public static let inputOutput = Errno(rawValue: EIO)
    /// Broken pipe.
    public static let brokenPipe = Errno(rawValue: EPIPE)
    /// The other end closed with data unread.
    public static let connectionReset = Errno(rawValue: ECONNRESET)
    /// Too many levels of symbolic links, or a link where none may be.
    public static let tooManyLinks = Errno(rawValue: ELOOP)
    /// Argument list too long.
    public static let argumentsTooLong = Errno(rawValue: E2BIG)
    /// Exec format error.
    public static let notExecutableFormat = Errno(rawValue: ENOEXEC)
    /// Function not implemented.
    public static let notImplemented = Errno(rawValue: ENOSYS)
    /// No such process.
    public static let noSuchProcess = Errno(rawValue: ESRCH)
    /// No such device or address.
    public static let noSuchDevice = Errno(rawValue: ENXIO)
    /// Address family not supported by protocol.
    public static let familyNotSupported = Errno(rawValue: EAFNOSUPPORT)
    /// Stale file handle: here, a path that no longer names what it named.
    public static let stale = Errno(rawValue: ESTALE)
}
