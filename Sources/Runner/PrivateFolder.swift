internal import Linux

/// A folder for a program that has no file systems of its own: its home and its temporary files, gone with the run.
internal final class PrivateFolder: Sendable {
    /// The folder, without links.
    let path: String

    /// Where the program's home lies.
    var home: String { path + "/home" }
    /// Where its temporary files lie.
    var temporary: String { path + "/tmp" }

    /// Held and locked while the run lasts.
    private let lock: FileDescriptor

    private static let prefix = "vault-sandbox-run-"
    /// What the owner needs to remove what is in it; the program may have taken it away.
    private static let permissions: UInt32 = 0o700

    /// Makes one of a name that nobody can take beforehand, and removes those of runs that were killed.
    init() throws(RunError) {
        let parent = ProcessEnvironment.value(of: "TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        do throws(SystemCallError) {
            let place = try Files.canonicalPath(parent)
            Self.removeLeftOvers(in: place)
            let made = place + "/" + Self.prefix + String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
            try Files.makeDirectory(made, mode: Self.permissions)
            lock = try Files.open(made, [.readOnly, .directory, .noFollow])
            try BorrowedDescriptor(lock).lock(waiting: false)
            for folder in ["/home", "/tmp"] { try Files.makeDirectory(made + folder, mode: 0o700) }
            path = made
        } catch {
            throw .argument(
                "the run's own folder cannot be made in \(parent): \(error.errno.message)",
                hint: "make it writable, or set TMPDIR to a folder that is")
        }
    }

    // For a run that came to no result; where `remove` was called there is nothing left, or it fails again.
    deinit { try? Self.remove(path, opened: lock) }

    /// Removes the folder and everything in it, whatever rights the program left its owner.
    func remove() throws(SystemCallError) { try Self.remove(path, opened: lock) }

    private static func remove(
        _ path: String, opened folder: borrowing FileDescriptor
    ) throws(SystemCallError) {
        // By the descriptor: nothing that has taken the folder's name meanwhile is changed.
        try BorrowedDescriptor(folder).setPermissions(permissions)
        try TreeDirectory(path).removeContents(path)
        try Files.remove(path, isDirectory: true)
    }

    /// Removes folders of this user's that no run holds.
    ///
    /// - Parameter age: How long one must be unchanged, in nanoseconds; one that was made a moment ago is not locked yet.
    internal static func removeLeftOvers(in place: String, age: Int64 = 60_000_000_000) {
        for (name, status) in (try? Files.statuses(in: place)) ?? []
        where name.hasPrefix(prefix) && status.kind == .directory && status.owner == Processes.effectiveUser
            && status.changed <= Clocks.changeNanoseconds - age
        {
            let path = place + "/" + name
            guard let folder = try? open(name, status, in: place),
                (try? BorrowedDescriptor(folder).lock(waiting: false)) != nil
            else { continue }
            try? remove(path, opened: folder)
        }
    }

    /// Opens a folder, and gives its owner the right to where the program took that away.
    private static func open(
        _ name: String, _ status: FileStatus, in place: String
    ) throws(SystemCallError) -> FileDescriptor {
        let parent = try TreeDirectory(place)
        if status.permissions & permissions != permissions { try parent.openToOwner(Array(name.utf8)) }
        return try parent.open(Array(name.utf8), [.readOnly, .directory])
    }
}

extension Preparation {
    /// Removes the folder of a program without namespaces; says what to do where it stays.
    internal borrowing func removeFolder() -> String? {
        guard let folder else { return nil }
        do throws(SystemCallError) {
            try folder.remove()
            return nil
        } catch {
            return "the run's own folder \(folder.path) could not be removed: \(error.errno.message); "
                + "remove it yourself, it may hold a secret"
        }
    }
}
