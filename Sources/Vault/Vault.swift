internal import Secrets

/// A store of secrets in one file, readable without its key only as far as names and versions go.
///
/// Values are sealed with XChaCha20-Poly1305 under a data key of their own, which is sealed under the vault key, which
/// is sealed into key slots. Rows that decide what a value means carry a seal by the vault key, so that a blob moved
/// or renamed in the file is refused with `decryption_failed`, and so is a row put back as it once was: see `Ledger`. What
/// cannot be seen here is a return of the whole file to the past by someone who kept an older copy; nor are earlier
/// versions, of which only the one in use is held by its secret's seal. What needs no key proves nothing.
public struct Vault: ~Copyable {
    internal let database: Database
    internal let file: VaultFile
    internal let format: VaultFormat
    /// The random identity that everything sealed is bound to.
    internal let identity: [UInt8]
    internal var keys: VaultKeys?

    /// Opens the vault in a directory; it starts locked.
    ///
    /// - Parameter readOnly: Whether nothing may be written; several readers work side by side in either case.
    public init(in directory: String, readOnly: Bool = false) throws(VaultError) {
        try self.init(in: directory, readOnly: readOnly, format: .current)
    }

    /// Opens a vault with a given format, so that tests can add formats to come.
    internal init(in directory: String, readOnly: Bool, format: VaultFormat) throws(VaultError) {
        let file = VaultFile(directory: directory)
        let database = try file.open(readOnly: readOnly, format: format)
        identity = try Self.identity(in: database)
        self.database = database
        self.file = file
        self.format = format
        keys = nil
    }

    /// Whether values can be read and written.
    public var isUnlocked: Bool { keys != nil }

    /// Unlocks with a passphrase or the content of a key file.
    ///
    /// A key that fits no slot, or whose slot was edited, is `wrongKey`; what was edited in the vault's state, which says
    /// which app is active, is `altered`.
    public mutating func unlock(_ key: borrowing KeySource) throws(VaultError) {
        let slot = try openSlot(key)
        let keys = VaultKeys(slot.vaultKey)
        if try Self.lacksLedger(database) {
            // A connection that only reads cannot seal what an upgrade left to the key.
            let writable = try file.open(readOnly: false, format: format)
            try Self.makeLedger(writable, keys, vault: identity)
        }
        try database.snapshot { () throws(VaultError) in _ = try Ledger(database, keys, vault: identity) }
        self.keys = consume keys
    }

    /// Zeroes the keys; what was unlocked must be unlocked again.
    public mutating func lock() { keys = nil }

    /// Finds the slot that a key opens.
    internal func openSlot(_ key: borrowing KeySource) throws(VaultError) -> OpenSlot {
        let statement = try database.prepare(
            "SELECT number, kind, salt, operations, memory, created_at, wrapped_key FROM key_slot ORDER BY number")
        while try statement.step() {
            let slot = try KeySlot(row: statement)
            guard slot.mayOpen(with: key) else { continue }
            do {
                return OpenSlot(
                    number: slot.number,
                    vaultKey: try slot.unwrap(try statement.bytes(6), with: key, vault: identity))
            } catch .wrongKey {
                continue
            }
        }
        throw .wrongKey
    }

    /// A slot that was opened, and the vault key that was in it.
    internal struct OpenSlot: ~Copyable {
        let number: Int64
        let vaultKey: SecretBytes
    }

    /// Lends the keys, or refuses where the vault is locked.
    internal borrowing func withKeys<R: ~Copyable>(
        _ body: (borrowing VaultKeys) throws(VaultError) -> R
    ) throws(VaultError) -> R {
        switch keys {
        case .some(let keys): return try body(keys)
        case .none: throw .locked
        }
    }

    private static func identity(in database: borrowing Database) throws(VaultError) -> [UInt8] {
        let statement = try database.prepare("SELECT identity FROM vault WHERE id = 1")
        guard try statement.step() else { throw .corrupt("its first row is missing") }
        let identity = try statement.bytes(0)
        guard identity.count == identityLength else { throw .corrupt("its identity has the wrong length") }
        return identity
    }

    /// The length of a vault's identity in bytes.
    internal static let identityLength = 16
}
