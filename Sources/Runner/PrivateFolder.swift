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

    /// Makes one of a name that nobody can take beforehand, and removes those of runs that were killed.
    init() throws(RunError) {
        let parent = ProcessEnvironment.value(of: "TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        do throws(SystemCallError) {
            let place = try Files.canonicalPath(parent)
            Self.removeLeftOvers(in: place)
            let made = place + "/" + Self.prefix + String(UInt64.random(in: 1 << 60 ... .max), radix: 16)
            try Files.makeDirectory(made, mode: 0o700)
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

    deinit { Self.remove(path) }

    private static func remove(_ path: String) {
        try? TreeDirectory(path).removeContents(path)
        try? Files.remove(path, isDirectory: true)
    }

    /// Removes folders of this user's that no run holds.
    private static func removeLeftOvers(in place: String) {
        for (name, status) in (try? Files.statuses(in: place)) ?? []
        where name.hasPrefix(prefix) && status.kind == .directory && status.owner == Processes.effectiveUser {
            let path = place + "/" + name
            guard let folder = try? Files.open(path, [.readOnly, .directory, .noFollow]),
                (try? BorrowedDescriptor(folder).lock(waiting: false)) != nil,
                // One that was made a moment ago is not locked yet.
                status.changed < Clocks.changeNanoseconds - 60_000_000_000
            else { continue }
            remove(path)
        }
    }
}
