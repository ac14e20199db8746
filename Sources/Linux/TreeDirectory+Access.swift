internal import Glibc

extension TreeDirectory {
    /// Opens the root of a tree by its path, giving its owner, where that is this user, the right to read it back.
    public static func owned(_ path: String) throws(SystemCallError) -> TreeDirectory {
        do {
            return try TreeDirectory(path)
        } catch let error where error.errno == .accessDenied {
            let target = try Files.open(path, [.path, .directory, .noFollow])
            let status = try Files.status(of: BorrowedDescriptor(target))
            guard status.owner == Processes.effectiveUser else { throw error }
            let number = target.rawValue
            try checked("chmod", path) { unsafe chmod("/proc/self/fd/\(number)", status.permissions | 0o500) }
            return try TreeDirectory(path)
        }
    }

    /// Gives the owner of a directory below this one, where that is this user, the right to read and to search it back.
    ///
    /// It keeps that right: what is in it is reached through it.
    public func restoreAccess(to path: [UInt8], _ status: FileStatus) throws(SystemCallError) {
        let needed: UInt32 = 0o500
        guard status.permissions & needed != needed, status.owner == Processes.effectiveUser else { return }
        try setPermissions(path, status.permissions | needed)
    }
}
