internal import Linux
internal import Secrets

extension Vault {
    /// The name of the app that every vault starts with.
    public static let firstApp = "default"

    /// Makes a vault with one key slot and one app; the directory is made where it is missing.
    ///
    /// The vault appears complete or not at all: it is written under another name and linked into place, which fails
    /// where a vault is there already.
    public static func create(in directory: String, key: borrowing KeySource) throws(VaultError) {
        try create(in: directory, key: key, cost: .standard)
    }

    /// Makes a vault whose passphrase costs `cost` to try: cheap in tests.
    internal static func create(
        in directory: String, key: borrowing KeySource, cost: DerivationCost, format: VaultFormat = .current
    ) throws(VaultError) {
        let file = VaultFile(directory: directory)
        try file.makeDirectory()
        try VaultFile.checkPrivate(directory, kind: .directory, mode: 0o700) { .notInitialized(directory: directory) }
        // Asked before the slow derivation; the link below is what decides.
        if (try? Files.status(file.path, followingLinks: false)) != nil {
            throw .existsAlready("a vault in \(directory)")
        }
        let suffix = RandomBytes.bytes(8).map { String($0, radix: 16) }.joined()
        let draft = directory + "/.vault.db.new-" + suffix
        do throws(VaultError) {
            try write(draft, key: key, cost: cost, format: format)
            try place(draft, at: file)
            try? Files.remove(draft)
            try synchronize(directory)
        } catch {
            // What failed half-way leaves nothing behind; the first error is the one to tell.
            try? Files.remove(draft)
            try? Files.remove(draft + "-journal")
            throw error
        }
    }

    /// Gives the finished file its name, which fails where a vault has it.
    private static func place(_ draft: String, at file: VaultFile) throws(VaultError) {
        do {
            try Files.link(draft, to: file.path)
        } catch  where error.errno == .fileExists {
            throw .existsAlready("a vault in \(file.directory)")
        } catch {
            throw VaultFile.failure(error, during: "put the vault in place")
        }
    }

    /// Writes a whole vault to a file that does not exist yet.
    private static func write(
        _ path: String, key: borrowing KeySource, cost: DerivationCost, format: VaultFormat
    ) throws(VaultError) {
        do {
            // SQLite would make it readable for others; it accepts an empty file that is there.
            let file = try Files.open(path, [.writeOnly, .create, .exclusive], mode: 0o600)
            try BorrowedDescriptor(file).setPermissions(0o600)
            try file.close()
        } catch {
            throw VaultFile.failure(error, during: "make the vault's file")
        }
        let database = try Database(path, readOnly: false)
        try VaultFile.configure(database)
        let identity = RandomBytes.bytes(identityLength)
        let keys = VaultKeys(RandomBytes.secret(AEAD.keyLength))
        let slot = KeySlot(number: 1, for: key, cost: cost)
        let wrapped = try slot.wrap(keys.vaultKey, with: key, vault: identity)
        try database.transaction { () throws(VaultError) in
            try format.make(in: database)
            let row = try database.prepare(
                "INSERT INTO vault (id, identity, created_at, active_app) VALUES (1, ?1, ?2, 1)")
            try row.bind(1, identity)
            try row.bind(2, Clocks.wallSeconds)
            try row.run()
            try slot.insert(wrapped, into: database)
            var ledger = Ledger(emptyVault: identity)
            try AppRow(id: 1, name: firstApp, createdAt: Clocks.wallSeconds, policy: nil)
                .write(to: database, keys: keys, vault: identity, &ledger)
            try ledger.commit(database, keys)
        }
    }

    /// Makes a new name in a folder last through a power failure.
    private static func synchronize(_ directory: String) throws(VaultError) {
        do {
            let folder = try Files.open(directory, [.readOnly, .directory])
            try BorrowedDescriptor(folder).synchronize()
        } catch {
            throw VaultFile.failure(error, during: "write the vault's folder")
        }
    }
}
