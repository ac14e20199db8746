internal import CLinux
internal import Glibc

/// How a file is opened; close-on-exec is always added.
public struct OpenFlags: OptionSet, Sendable {
    /// The bits of open(2).
    public let rawValue: UInt64

    /// Wraps the bits of open(2).
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    private init(_ flag: Int32) { self.rawValue = UInt64(UInt32(bitPattern: flag)) }

    /// Read only.
    public static let readOnly = OpenFlags(O_RDONLY)
    /// Write only.
    public static let writeOnly = OpenFlags(O_WRONLY)
    /// Read and write.
    public static let readWrite = OpenFlags(O_RDWR)
    /// Make the file where it is missing.
    public static let create = OpenFlags(O_CREAT)
    /// With `create`: fail where it exists.
    public static let exclusive = OpenFlags(O_EXCL)
    /// Cut the file to nothing.
    public static let truncate = OpenFlags(O_TRUNC)
    /// Every write goes to the end.
    public static let append = OpenFlags(O_APPEND)
    /// Fail unless it is a directory.
    public static let directory = OpenFlags(O_DIRECTORY)
    /// Fail where the last part is a symbolic link, or, with `path`, open the link itself.
    public static let noFollow = OpenFlags(O_NOFOLLOW)
    /// Do not wait.
    public static let nonBlocking = OpenFlags(O_NONBLOCK)
    /// A name for the file only: no reading, no writing. Hidden from the Glibc module.
    public static let path = OpenFlags(rawValue: 0o10000000)
}

/// How openat2(2) walks a path.
public struct ResolveFlags: OptionSet, Sendable {
    /// The bits of `struct open_how.resolve`.
    public let rawValue: UInt64

    /// Wraps the bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Refuse magic links such as /proc/PID/exe.
    public static let noMagicLinks = ResolveFlags(rawValue: 0x02)
    /// Refuse every symbolic link.
    public static let noSymbolicLinks = ResolveFlags(rawValue: 0x04)
    /// Refuse to leave the directory the walk starts in.
    public static let beneath = ResolveFlags(rawValue: 0x08)
}

/// Where a relative path starts.
public struct DirectoryReference: Sendable {
    /// The descriptor number, or AT_FDCWD.
    internal let rawValue: Int32

    /// The current directory.
    public static let current = DirectoryReference(rawValue: AT_FDCWD)

    /// An open directory, which must outlive the call.
    public static func open(_ descriptor: borrowing FileDescriptor) -> DirectoryReference {
        DirectoryReference(rawValue: descriptor.rawValue)
    }
}

/// Calls on paths.
public enum Files {
    /// Opens a path; the corresponding C function is `openat2`.
    public static func open(
        _ path: String, _ flags: OpenFlags, from directory: DirectoryReference = .current, mode: UInt32 = 0,
        resolving resolve: ResolveFlags = []
    ) throws(SystemCallError) -> FileDescriptor {
        let closeOnExec = UInt64(O_CLOEXEC)
        let number = try checked("openat2", path) {
            Calls.openat2(
                directory.rawValue, path, flags: flags.rawValue | closeOnExec, mode: UInt64(mode),
                resolve: resolve.rawValue)
        }
        return FileDescriptor(owning: number)
    }

    /// What a path names; the corresponding C function is `fstatat`.
    public static func status(
        _ path: String, from directory: DirectoryReference = .current, followingLinks: Bool = true
    ) throws(SystemCallError) -> FileStatus {
        var status = stat()
        try checked("fstatat", path) {
            Calls.fstatat(directory.rawValue, path, &status, followingLinks ? 0 : AT_SYMLINK_NOFOLLOW)
        }
        return FileStatus(status)
    }

    /// What an open descriptor names.
    public static func status(of descriptor: BorrowedDescriptor) throws(SystemCallError) -> FileStatus {
        var status = stat()
        try checked("fstatat") { Calls.fstatat(descriptor.rawValue, "", &status, Int32(0x1000) /* AT_EMPTY_PATH */) }
        return FileStatus(status)
    }

    /// Makes a directory; the corresponding C function is `mkdirat`. The mode is subject to the umask.
    public static func makeDirectory(
        _ path: String, in directory: DirectoryReference = .current, mode: UInt32
    ) throws(SystemCallError) {
        try checked("mkdirat", path) { Calls.mkdirat(directory.rawValue, path, mode) }
    }

    /// Makes a symbolic link at `path` that holds `target`.
    public static func makeSymbolicLink(
        to target: String, at path: String, in directory: DirectoryReference = .current
    ) throws(SystemCallError) {
        try checked("symlinkat", path) { Calls.symlinkat(target, directory.rawValue, path) }
    }

    /// What a symbolic link holds; the corresponding C function is `readlinkat`.
    public static func linkTarget(
        _ path: String, in directory: DirectoryReference = .current
    ) throws(SystemCallError) -> String {
        var buffer = [CChar](repeating: 0, count: 4096)
        let length = try checked("readlinkat", path) {
            unsafe buffer.withUnsafeMutableBufferPointer { unsafe Calls.readlinkat(directory.rawValue, path, $0) }
        }
        return String(decoding: buffer[0..<length].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    /// Removes a file, or an empty directory where `directory` says so.
    public static func remove(
        _ path: String, in directory: DirectoryReference = .current, isDirectory: Bool = false
    ) throws(SystemCallError) {
        try checked("unlinkat", path) {
            Calls.unlinkat(directory.rawValue, path, isDirectory ? Int32(0x200) /* AT_REMOVEDIR */ : 0)
        }
    }

    /// Renames a file, replacing what `to` names.
    public static func rename(_ from: String, to: String) throws(SystemCallError) {
        try checked("renameat", from) { Calls.renameat(AT_FDCWD, from, AT_FDCWD, to) }
    }

    /// Changes the current directory to a path.
    public static func changeDirectory(_ path: String) throws(SystemCallError) {
        try checked("chdir", path) { Calls.chdir(path) }
    }

    /// Changes the current directory to an open one.
    public static func changeDirectory(to descriptor: borrowing FileDescriptor) throws(SystemCallError) {
        let number = descriptor.rawValue
        try checked("fchdir") { Calls.fchdir(number) }
    }

    /// The path of the current directory, without symbolic links.
    public static func currentDirectory() throws(SystemCallError) -> String {
        guard let path = unsafe getcwd(nil, 0) else {
            throw SystemCallError(call: "getcwd", errno: Errno.current)
        }
        defer { unsafe free(path) }
        return unsafe String(cString: path)
    }

    /// The names in a directory, without `.` and `..`, in no order.
    public static func names(in path: String) throws(SystemCallError) -> [String] {
        guard let stream = unsafe opendir(path) else {
            throw SystemCallError(call: "opendir", errno: Errno.current, subject: path)
        }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { unsafe String(cString: $0) }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }
}
