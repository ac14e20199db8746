internal import Secrets

/// A store of secrets in one file, readable without its key only as far as names and versions go.
///
/// Values are sealed with XChaCha20-Poly1305 under a data key of their own, which is sealed under the vault key, which
/// is sealed into key slots. Rows that decide what a value means carry a seal by the vault key, so that a blob moved
/// or renamed in the file is refused with `decryption_failed`. What cannot be seen here is a return to the past: the
/// whole file, or single rows with the seals they had then, put back by someone who kept an older copy. That covers an
/// app's pinned policy too.
public struct Vault: ~Copyable {
    internal let database: Database
    internal let file: VaultFile
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
        keys = nil
    }

    /// Whether values can be read and written.
    public var isUnlocked: Bool { keys != nil }

    /// Unlocks with a passphrase or the content of a key file.
    ///
    /// A key that fits no slot, or whose slot was edited, is `wrongKey`.
    public mutating func unlock(_ key: borrowing KeySource) throws(VaultError) {
        let slot = try openSlot(key)
        keys = VaultKeys(slot.vaultKey)
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
