internal import CLinux
internal import Glibc

/// An open directory of a tree that is walked without following a link; names are bytes, as they need not be UTF-8.
///
/// Relative paths lead only downwards: every open refuses links and what lies outside of the directory.
public final class TreeDirectory: Sendable {
    /// The directory, closed with this value.
    private let descriptor: FileDescriptor

    /// Opens the root of a tree by its path.
    public init(_ path: String) throws(SystemCallError) {
        descriptor = try Files.open(path, [.readOnly, .directory, .noFollow])
    }

    /// Holds the root of a tree by its path, over which no link may lead; no right to read it is needed.
    public init(holding path: String) throws(SystemCallError) {
        descriptor = try Files.open(
            path, [.path, .directory, .noFollow], resolving: [.noSymbolicLinks, .noMagicLinks])
    }

    private init(owning descriptor: consuming FileDescriptor) {
        self.descriptor = descriptor
    }

    /// Opens a directory below this one; an empty path is this one anew.
    public func directory(_ path: [UInt8]) throws(SystemCallError) -> TreeDirectory {
        TreeDirectory(owning: try open(path.isEmpty ? [0x2E] : path, [.readOnly, .directory]))
    }

    /// Opens what lies below this directory, following no link; the corresponding C function is `openat2`.
    ///
    /// A FIFO that took a file's place meanwhile does not hold the caller up.
    public func open(_ path: [UInt8], _ flags: OpenFlags) throws(SystemCallError) -> FileDescriptor {
        let resolve: ResolveFlags = [.beneath, .noSymbolicLinks, .noMagicLinks]
        let flags = flags.union([.noFollow, .nonBlocking]).rawValue | UInt64(O_CLOEXEC | O_NOCTTY)
        // With O_PATH the kernel takes few other flags.
        let isPath = flags & OpenFlags.path.rawValue != 0
        let bits = isPath ? flags & (OpenFlags.path.rawValue | UInt64(O_CLOEXEC | O_NOFOLLOW | O_DIRECTORY)) : flags
        let number = try checked("openat2") {
            unsafe Self.withCString(path) { name in
                var how = vs_open_how(flags: bits, mode: 0, resolve: resolve.rawValue)
                return unsafe vs_openat2(descriptor.rawValue, name, &how)
            }
        }
        return FileDescriptor(owning: number)
    }

    /// The directory that a path below this one ends in, held, and the last name of the path.
    internal func parent(of path: [UInt8]) throws(SystemCallError) -> (directory: TreeDirectory, name: [UInt8]) {
        guard let slash = path.lastIndex(of: 0x2F) else { return (self, path) }
        return (try held(Array(path[..<slash])), Array(path[(slash + 1)...]))
    }

    /// Holds a directory below this one; no right to read it is needed.
    public func held(_ path: [UInt8]) throws(SystemCallError) -> TreeDirectory {
        TreeDirectory(owning: try open(path.isEmpty ? [0x2E] : path, [.path, .directory]))
    }

    /// What this directory is.
    public var ownStatus: FileStatus {
        get throws(SystemCallError) { try Files.status(of: BorrowedDescriptor(descriptor)) }
    }

    /// What a path below this directory names, itself where it is a link.
    public func status(_ path: [UInt8]) throws(SystemCallError) -> FileStatus {
        if path.contains(0x2F) {
            // The calls that take a name would follow a link on the way.
            let opened = try open(path, .path)
            return try Files.status(of: BorrowedDescriptor(opened))
        }
        var status = stat()
        try checked("fstatat") {
            unsafe Self.withCString(path) { name in
                unsafe fstatat(descriptor.rawValue, name, &status, AT_SYMLINK_NOFOLLOW)
            }
        }
        return FileStatus(status)
    }

    /// What a symbolic link below this directory holds.
    public func linkTarget(_ path: [UInt8]) throws(SystemCallError) -> [UInt8] {
        let (directory, path) = try parent(of: path)
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = try checked("readlinkat") {
            unsafe Self.withCString(path) { name in
                unsafe target.withUnsafeMutableBytes { buffer in
                    guard let start = buffer.baseAddress else { return 0 }
                    return unsafe readlinkat(
                        directory.descriptor.rawValue, name, start.assumingMemoryBound(to: CChar.self), buffer.count)
                }
            }
        }
        return Array(target[..<count])
    }

    /// Calls `body` with each entry's status and, where `body` asks for it, its name; `.` and `..` are passed over, and
    /// so is what goes away meanwhile.
    public func forEachEntry(
        _ body: (FileStatus, () -> [UInt8]) -> Void
    ) throws(SystemCallError) {
        let copy = try Files.open(".", [.readOnly, .directory], from: .open(descriptor)).release()
        guard let stream = unsafe fdopendir(copy) else {
            let error = Errno.current
            _ = Calls.close(copy)
            throw SystemCallError(call: "fdopendir", errno: error)
        }
        defer { unsafe closedir(stream) }
        while let entry = unsafe readdir(stream) {
            unsafe withUnsafePointer(to: &entry.pointee.d_name) { field in
                unsafe field.withMemoryRebound(to: CChar.self, capacity: 256) { name in
                    let first = unsafe name[0]
                    let isDots = unsafe first == 0x2E && (name[1] == 0 || (name[1] == 0x2E && name[2] == 0))
                    var status = stat()
                    guard !isDots, unsafe fstatat(copy, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else { return }
                    body(FileStatus(status)) {
                        unsafe (0..<strlen(name)).map { unsafe UInt8(bitPattern: name[$0]) }
                    }
                }
            }
        }
    }

    /// Moves what lies below this directory to a path elsewhere on the same file system; the corresponding C function is
    /// `renameat`. A link is moved itself.
    public func move(_ path: [UInt8], to target: String) throws(SystemCallError) {
        let (directory, path) = try parent(of: path)
        try checked("renameat", target) {
            unsafe Self.withCString(path) { name in
                unsafe renameat(directory.descriptor.rawValue, name, AT_FDCWD, target)
            }
        }
    }

    /// Moves what has a path elsewhere on the same file system below this directory.
    public func take(_ source: String, as path: [UInt8]) throws(SystemCallError) {
        let (directory, path) = try parent(of: path)
        try checked("renameat", source) {
            unsafe Self.withCString(path) { name in
                unsafe renameat(AT_FDCWD, source, directory.descriptor.rawValue, name)
            }
        }
    }

    /// Removes a name below this directory: that of an empty directory where `isDirectory` says so, else of none.
    public func remove(_ path: [UInt8], isDirectory: Bool = false) throws(SystemCallError) {
        let flags = isDirectory ? Int32(0x200) /* AT_REMOVEDIR */ : 0
        let (directory, path) = try parent(of: path)
        try checked("unlinkat") {
            unsafe Self.withCString(path) { name in unsafe unlinkat(directory.descriptor.rawValue, name, flags) }
        }
    }

    /// Removes what is in this directory, whose path is `root`, following no link; what cannot be removed stays.
    ///
    /// What lies deeper is moved up before it is removed, so that depth costs neither stack nor descriptors.
    public func removeContents(_ root: String) throws(SystemCallError) {
        var moved = 0
        var isEmpty = false
        while !isEmpty {
            var folders: [[UInt8]] = []
            var failure: SystemCallError?
            try forEachEntry { status, name in
                let name = name()
                if status.kind == .directory { return folders.append(name) }
                do throws(SystemCallError) { try remove(name) } catch { failure = error }
            }
            if let failure { throw failure }
            isEmpty = folders.isEmpty
            for folder in folders {
                try openToOwner(folder)
                let inner = try directory(folder)
                var names: [[UInt8]] = []
                try inner.forEachEntry { status, name in
                    let name = name()
                    if status.kind == .directory { return names.append(name) }
                    do throws(SystemCallError) { try inner.remove(name) } catch { failure = error }
                }
                if let failure { throw failure }
                for name in names {
                    try inner.openToOwner(name)
                    var free = ""
                    repeat {
                        moved += 1
                        free = ".removed-\(moved)"
                    } while (try? status(Array(free.utf8))) != nil
                    try inner.move(name, to: root + "/" + free)
                }
                try remove(folder, isDirectory: true)
            }
        }
    }

    /// Calls `body` with a path that leads to this directory in this process, wherever it was moved to.
    internal func withPath<Value>(_ body: (String) throws(SystemCallError) -> Value) throws(SystemCallError) -> Value {
        try body("/proc/self/fd/\(descriptor.rawValue)")
    }

    private static func withCString<Value>(_ bytes: [UInt8], _ body: (UnsafePointer<CChar>) -> Value) -> Value {
        var text = bytes.map { CChar(bitPattern: $0) }
        text.append(0)
        return unsafe text.withUnsafeBufferPointer { buffer in
            guard let start = buffer.baseAddress else { preconditionFailure("a text ends in NUL") }
            return unsafe body(start)
        }
    }
}

extension BorrowedDescriptor {
    /// The next stretch of a file that holds data at or behind a position, or `nil` where only a hole follows.
    ///
    /// The file's position is moved to its start. The corresponding C function is `lseek` with `SEEK_DATA`.
    public func nextData(from position: Int64) throws(SystemCallError) -> Range<Int64>? {
        let start: Int
        do {
            start = try checked("lseek") { Calls.lseek(rawValue, Int(position), 3 /* SEEK_DATA */) }
        } catch let error where error.errno == .noSuchDevice {
            return nil
        }
        let end = try checked("lseek") { Calls.lseek(rawValue, start, 4 /* SEEK_HOLE */) }
        try checked("lseek") { Calls.lseek(rawValue, start, SEEK_SET) }
        return Int64(start)..<Int64(max(start, end))
    }

    /// The extended attributes of an open file, each as its name, a NUL byte and its value, up to 64 KiB each.
    ///
    /// The corresponding C functions are `flistxattr` and `fgetxattr`; where the file system has none, there are none.
    public var extendedAttributes: [[UInt8]] {
        let size = flistxattr(rawValue, nil, 0)
        guard size > 0 else { return [] }
        var names = [CChar](repeating: 0, count: size)
        let count = unsafe names.withUnsafeMutableBufferPointer { buffer in
            unsafe flistxattr(rawValue, buffer.baseAddress, buffer.count)
        }
        guard count > 0 else { return [] }
        return names[..<count].split(separator: 0).map { name in
            var value = [UInt8](repeating: 0, count: 64 << 10)
            let length = unsafe (Array(name) + [0]).withUnsafeBufferPointer { text in
                unsafe value.withUnsafeMutableBytes { buffer in
                    guard let start = text.baseAddress else { return 0 }
                    return unsafe fgetxattr(rawValue, start, buffer.baseAddress, buffer.count)
                }
            }
            return name.map { UInt8(bitPattern: $0) } + [0] + value[..<max(0, length)]
        }
    }
}
