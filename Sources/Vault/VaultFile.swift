internal import Linux

/// The vault's file and its folder: where they are, that nobody else can reach them, and how a connection is opened.
///
/// The file itself is never opened here while SQLite has it open: closing any descriptor of a file drops every POSIX
/// lock that this process holds on it, SQLite's too.
internal struct VaultFile {
    /// The folder.
    let directory: String

    /// The path of the file.
    var path: String { directory + "/vault.db" }

    /// Opens the file, brings an older format up to date, and refuses what is no vault of this format.
    func open(readOnly: Bool, format: VaultFormat) throws(VaultError) -> Database {
        try checkPlace(forWriting: !readOnly)
        if !readOnly { return try connect(readOnly: false, format: format) }
        do {
            let database = try connect(readOnly: true, format: format)
            if let number = try database.integer("PRAGMA user_version"), number == format.number { return database }
        } catch .storageFull {
            // A journal that a crashed writer left can be played back only by a connection that may write.
        }
        _ = try connect(readOnly: false, format: format)
        return try connect(readOnly: true, format: format)
    }

    /// Makes the folder, and the folders it is in, where they are missing.
    func makeDirectory() throws(VaultError) {
        var path = ""
        var refusal: SystemCallError?
        for part in directory.split(separator: "/") {
            path += directory.hasPrefix("/") || !path.isEmpty ? "/\(part)" : "\(part)"
            do {
                try Files.makeDirectory(path, mode: 0o700)
            } catch  where error.errno == .fileExists {
                continue
            } catch  where path != directory && error.errno != .noSpace {
                // A folder above that cannot be made but is there, as on a read-only root, shows at the next step.
                refusal = refusal ?? error
                continue
            } catch {
                // Where a folder is missing, why the one above could not be made is what to tell.
                let cause = error.errno == .noSuchFile ? refusal ?? error : error
                throw Self.failure(cause, during: "make the vault's folder")
            }
        }
    }

    /// Refuses a folder or file that others can read, write or own, or that its owner cannot use.
    func checkPlace(forWriting: Bool) throws(VaultError) {
        try Self.checkPrivate(directory, kind: .directory, mode: 0o700) { .notInitialized(directory: directory) }
        try Self.checkUsable(directory, needed: forWriting ? 0o700 : 0o500, mode: 0o700)
        try Self.checkPrivate(path, kind: .regular, mode: 0o600) { .notInitialized(directory: directory) }
        try Self.checkUsable(path, needed: forWriting ? 0o600 : 0o400, mode: 0o600)
        do {
            try Self.checkPrivate(path + "-journal", kind: .regular, mode: 0o600) { .busy }
        } catch .busy {
            // No journal is the usual case; a private one is SQLite's to play back.
        }
    }

    /// Refuses one path that others can read, write or own.
    static func checkPrivate(
        _ path: String, kind: FileKind, mode: UInt32, whenMissing: () -> VaultError
    ) throws(VaultError) {
        let status: FileStatus
        do {
            status = try Files.status(path, followingLinks: kind == .directory)
        } catch  where error.errno == .noSuchFile || error.errno == .notDirectory {
            throw whenMissing()
        } catch {
            throw .system(error, during: "look at the vault")
        }
        let right = "chmod \(String(mode, radix: 8)) \(path)"
        guard status.kind == kind else {
            throw .permissionsUnsafe(
                path: path, why: "is not a \(kind == .directory ? "directory" : "regular file")",
                remedy: "move it away and restore the vault from a backup")
        }
        guard status.owner == Processes.effectiveUser else {
            throw .permissionsUnsafe(
                path: path, why: "belongs to another user (\(status.owner))",
                remedy: "make it yours with chown, after you have looked at who could write it, or choose another place"
            )
        }
        guard status.permissions & 0o077 == 0 else {
            throw .permissionsUnsafe(
                path: path, why: "others can reach it (mode \(String(status.permissions, radix: 8)))",
                remedy: "run `\(right)`, and rotate the secrets if others use this machine")
        }
    }

    /// Refuses one path that the modes keep from its owner, which SQLite would only call a failure to open it.
    private static func checkUsable(_ path: String, needed: UInt32, mode: UInt32) throws(VaultError) {
        guard Processes.effectiveUser != 0, let status = try? Files.status(path),
            status.permissions & needed != needed
        else { return }
        throw .permissionsUnsafe(
            path: path, why: "you may not use it (mode \(String(status.permissions, radix: 8)))",
            remedy: "run `chmod \(String(mode, radix: 8)) \(path)`")
    }

    /// Tells a full disk from other failures of system calls.
    static func failure(_ error: SystemCallError, during action: String) -> VaultError {
        switch error.errno {
        case .noSpace, Errno(rawValue: 122), Errno(rawValue: 30), Errno(rawValue: 27), Errno(rawValue: 5):
            // EDQUOT, EROFS, EFBIG and EIO: nothing more can be written here.
            .storageFull(error.errno.message)
        case .accessDenied, .notPermitted, .noSuchFile, .notDirectory:
            .permissionsUnsafe(
                path: error.subject ?? "the vault's folder", why: error.errno.message,
                remedy: "choose a place that you can write, with VAULT_SANDBOX_HOME")
        default: .system(error, during: action)
        }
    }

    private func connect(readOnly: Bool, format: VaultFormat) throws(VaultError) -> Database {
        let database = try Database(path, readOnly: readOnly)
        try Self.configure(database)
        guard try database.integer("PRAGMA application_id") == VaultFormat.applicationID,
            let number = try database.integer("PRAGMA user_version"), number > 0
        else { throw .corrupt("it is not a vault") }
        guard number <= format.number else { throw .tooNew(format: Int(number), known: format.number) }
        if number < format.number {
            // A read-only connection reports the older format; the caller upgrades with another one.
            guard !readOnly else { return database }
            try upgrade(database, from: Int(number), to: format)
        }
        try format.check(database)
        return database
    }

    /// Settings of a connection. A rollback journal rather than a write-ahead log: with a log even a reader must write
    /// beside the file.
    static func configure(_ database: borrowing Database) throws(VaultError) {
        try database.execute(
            """
            PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA foreign_keys = ON;
            PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY;
            """)
    }

    /// Copies the file beside itself, then takes it to the newest format in one transaction.
    private func upgrade(_ database: borrowing Database, from found: Int, to format: VaultFormat) throws(VaultError) {
        try copy(database, to: path + ".format-\(found)")
        try database.transaction { () throws(VaultError) in
            // Another program may have been faster between the first look and the lock.
            guard var number = try database.integer("PRAGMA user_version").map(Int.init) else {
                throw .corrupt("it has no format")
            }
            while number < format.number {
                guard let step = format.upgrades.first(where: { $0.from == number }) else {
                    throw .corrupt("no way leads from format \(number) to \(format.number)")
                }
                try step.apply(database)
                number += 1
            }
            try database.execute("PRAGMA user_version = \(number)")
        }
    }

    /// Writes a consistent copy of the open vault to `target`, replacing an earlier one.
    func copy(_ database: borrowing Database, to target: String) throws(VaultError) {
        do {
            do { try Files.remove(target) } catch  where error.errno == .noSuchFile {}
            // SQLite would make it readable for others; it accepts an empty file that is there.
            try Files.open(target, [.writeOnly, .create, .exclusive], mode: 0o600).close()
        } catch {
            throw Self.failure(error, during: "make a copy of the vault")
        }
        let statement = try database.prepare("VACUUM INTO ?1")
        try statement.bind(1, target)
        try statement.run()
    }
}
