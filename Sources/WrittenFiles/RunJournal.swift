public import Linux

/// Says, in a file of the vault's folder, that somebody is at work there; locked as long as that process lives.
///
/// It is made before anything that could be left unfinished and is removed when nothing is. A file that nobody has
/// locked is of a process that was killed, and `cleanUp` repairs what that left.
public struct RunJournal: ~Copyable {
    private let path: String
    private let file: FileDescriptor

    private static func folder(in data: String) -> String { data + "/journal" }

    /// Begins the work on a run's items, or on one item by its name; waits for another process that is at the same.
    public init(in data: String, run: String) throws(SystemCallError) {
        let folder = Self.folder(in: data)
        try Files.makePrivateDirectories(folder)
        let path = folder + "/" + run
        while true {
            let file = try Files.open(path, [.writeOnly, .create, .noFollow], mode: 0o600)
            try BorrowedDescriptor(file).lock(waiting: true)
            // Whoever cleans up may have removed it between the two.
            if try Files.status(of: BorrowedDescriptor(file)).links > 0 {
                self.path = path
                self.file = file
                return
            }
        }
    }

    /// Nothing is unfinished any more.
    deinit { try? Files.remove(path) }

    /// Repairs what killed runs and commands left; costs the reading of one empty folder where there is nothing.
    ///
    /// What cannot be repaired now is left for the next start.
    public static func cleanUp(in data: String) {
        let folder = folder(in: data)
        guard let names = try? Files.names(in: folder) else { return }
        for run in names {
            let path = folder + "/" + run
            guard let file = try? Files.open(path, [.writeOnly, .noFollow]),
                (try? BorrowedDescriptor(file).lock(waiting: false)) != nil,
                (try? Files.status(of: BorrowedDescriptor(file)).links) ?? 0 > 0
            else { continue }
            if Quarantine(in: data, run: run).repair() { try? Files.remove(path) }
        }
    }
}
