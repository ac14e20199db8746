internal import Glibc

/// What the owner of files and directories may do with them, where a program has taken that away.
///
/// Each function looks at what it has opened, and changes that and nothing else: a path may name another file by now, and
/// what was listed may have been exchanged.
extension TreeDirectory {
    /// Gives the owner of a directory, where that is this user, the right to read and to search it back; an empty path is
    /// this directory.
    ///
    /// It keeps that right: what is in it is reached through it.
    ///
    /// - Parameter isTaken: Whether the right was taken from a directory of that status by whom it is given back for.
    public func restoreAccess(
        to path: [UInt8], where isTaken: (FileStatus) -> Bool
    ) throws(SystemCallError) {
        try change(path) { status in
            guard status.owner == Processes.effectiveUser, status.isShut, isTaken(status) else { return nil }
            return status.permissions | FileStatus.toSearch
        }
    }

    /// Gives the owner of a directory that is being removed every right to it.
    public func openToOwner(_ path: [UInt8]) throws(SystemCallError) {
        try change(path) { status in status.permissions | 0o700 }
    }

    /// Calls `body`, which moves or removes what a path names, while the owner of its folder may write there; a directory
    /// that is moved takes that right, too, and keeps it where it was moved.
    public func whileMovable<Value>(
        _ path: [UInt8], _ body: () throws(SystemCallError) -> Value
    ) throws(SystemCallError) -> Value {
        let folder = try parent(of: path).directory
        let before = try folder.ownStatus.permissions
        try folder.change([]) { status in status.permissions | 0o300 }
        defer { try? folder.change([]) { _ in before } }
        guard let moved = try? held(path) else { return try body() }
        let own = try moved.ownStatus.permissions
        try moved.change([]) { status in status.permissions | 0o300 }
        do {
            return try body()
        } catch {
            try? moved.change([]) { _ in own }
            throw error
        }
    }

    /// Opens a regular file of this user's for reading, whose right to that was taken from it; it has none afterwards.
    ///
    /// - Parameter identity: What the file must be.
    public func shutFile(_ path: [UInt8], _ identity: FileIdentity) throws(SystemCallError) -> FileDescriptor {
        let target = try open(path, .path)
        let status = try Files.status(of: BorrowedDescriptor(target))
        guard status.identity == identity, status.kind == .regular else {
            throw SystemCallError(call: "openat2", errno: .stale)
        }
        guard status.owner == Processes.effectiveUser else {
            throw SystemCallError(call: "openat2", errno: .accessDenied)
        }
        let name = "/proc/self/fd/\(target.rawValue)"
        try checked("chmod") { unsafe chmod(name, status.permissions | 0o400) }
        defer { _ = unsafe chmod(name, status.permissions) }
        return try Files.open(name, [.readOnly, .nonBlocking])
    }

    /// Changes the permission bits of a directory to what `mode` makes of its status, unless that is `nil`.
    private func change(_ path: [UInt8], _ mode: (FileStatus) -> UInt32?) throws(SystemCallError) {
        // This directory itself may not even be searched.
        let target = path.isEmpty ? self : try held(path)
        guard let mode = mode(try target.ownStatus) else { return }
        // By the descriptor's name in /proc: no right to open it is needed.
        _ = try target.withPath { path throws(SystemCallError) in
            try checked("chmod") { unsafe chmod(path, mode) }
        }
    }
}

extension FileStatus {
    /// What the owner of a directory needs to read and to search it.
    fileprivate static let toSearch: UInt32 = 0o500

    /// Whether the owner of a directory has no right to read or to search it.
    public var isShut: Bool { permissions & Self.toSearch != Self.toSearch }
}
