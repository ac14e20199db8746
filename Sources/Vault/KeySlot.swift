internal import Linux
internal import Secrets

/// A key slot's row: the vault key, sealed under a key derived from one passphrase or key file.
internal struct KeySlot {
    /// What opens a slot.
    enum Kind: String {
        case passphrase
        case keyFile = "key-file"
    }

    let number: Int64
    let kind: Kind
    let salt: [UInt8]
    /// The Argon2id cost; `nil` where a key file is long enough to be hashed once.
    let cost: DerivationCost?
    let createdAt: Int64

    /// A key file shorter than this may be guessed, and is stretched as a passphrase is.
    static let unguessableLength = 32

    /// Describes a new slot for `key`.
    init(number: Int64, for key: borrowing KeySource, cost: DerivationCost) {
        self.number = number
        salt = RandomBytes.bytes(KeyDerivation.saltLength)
        createdAt = Clocks.wallSeconds
        switch key {
        case .passphrase:
            kind = .passphrase
            self.cost = cost
        case .keyFile(let content):
            kind = .keyFile
            self.cost = content.lengthWithoutNewline < Self.unguessableLength ? cost : nil
        }
    }

    /// Reads a slot from a row of `number, kind, salt, operations, memory, created_at`.
    init(row: borrowing Statement) throws(VaultError) {
        number = try row.integer(0)
        guard let kind = Kind(rawValue: try row.text(1)) else { throw .corrupt("a key slot is of no known kind") }
        self.kind = kind
        salt = try row.bytes(2)
        guard salt.count == KeyDerivation.saltLength else { throw .corrupt("a key slot's salt has the wrong length") }
        let operations = try row.integer(3)
        let memory = try row.integer(4)
        createdAt = try row.integer(5)
        if operations == 0, memory == 0, kind == .keyFile {
            cost = nil
        } else {
            // A doctored cost must neither crash the derivation nor eat the machine's memory.
            guard operations > 0, memory > 0 else { throw .corrupt("a key slot's cost is out of range") }
            let cost = DerivationCost(operations: UInt64(operations), memory: UInt64(memory))
            guard cost.isReasonable else { throw .corrupt("a key slot's cost is out of range") }
            self.cost = cost
        }
    }

    /// Seals the vault key into this slot.
    func wrap(
        _ vaultKey: borrowing SecretBytes, with key: borrowing KeySource, vault identity: [UInt8]
    ) throws(VaultError) -> [UInt8] {
        AEAD.seal(vaultKey, key: try deriveKey(from: key), associatedData: bindings(identity))
    }

    /// Opens the vault key, or says that this key does not fit.
    func unwrap(
        _ wrapped: [UInt8], with key: borrowing KeySource, vault identity: [UInt8]
    ) throws(VaultError) -> SecretBytes {
        let derived = try deriveKey(from: key)
        do {
            return try AEAD.open(wrapped, key: derived, associatedData: bindings(identity))
        } catch {
            throw .wrongKey
        }
    }

    /// Whether this slot is for what `key` is, so that a passphrase is not stretched for a key file's slot.
    func mayOpen(with key: borrowing KeySource) -> Bool {
        switch key {
        case .passphrase: kind == .passphrase
        case .keyFile(let content):
            kind == .keyFile && (cost != nil) == (content.lengthWithoutNewline < Self.unguessableLength)
        }
    }

    /// Everything the row says; an editor who makes a guess cheaper or moves a slot gets a slot that does not open.
    private func bindings(_ identity: [UInt8]) -> [UInt8] {
        var bindings = Bindings(.keySlot, vault: identity)
        bindings.add(number)
        bindings.add(kind.rawValue)
        bindings.add(salt)
        bindings.add(Int64(cost?.operations ?? 0))
        bindings.add(Int64(cost?.memory ?? 0))
        bindings.add(createdAt)
        return bindings.bytes
    }

    private func deriveKey(from key: borrowing KeySource) throws(VaultError) -> SecretBytes {
        switch key {
        case .passphrase(let passphrase):
            guard passphrase.count > 0 else { throw .emptyPassphrase }
            return try stretch(passphrase, cost: cost ?? .standard)
        case .keyFile(let content):
            let line = content.withoutNewline()
            guard line.count > 0 else {
                throw .keyFileRefused(path: "key file", why: "is empty", remedy: "use a file that holds a key")
            }
            guard let cost else { return KeyDerivation.key(fromKeyFile: line, salt: salt) }
            return try stretch(line, cost: cost)
        }
    }

    private func stretch(_ text: borrowing SecretBytes, cost: DerivationCost) throws(VaultError) -> SecretBytes {
        do {
            return try KeyDerivation.key(fromPassphrase: text, salt: salt, cost: cost)
        } catch {
            throw .notEnoughMemory
        }
    }
}

extension SecretBytes {
    /// How many bytes are there before one final LF or CRLF.
    internal var lengthWithoutNewline: Int {
        withSpan { bytes in
            guard bytes.count > 0, bytes[bytes.count - 1] == UInt8(ascii: "\n") else { return bytes.count }
            let isPair = bytes.count > 1 && bytes[bytes.count - 2] == UInt8(ascii: "\r")
            return bytes.count - (isPair ? 2 : 1)
        }
    }

    /// A copy without one final LF or CRLF.
    internal func withoutNewline() -> SecretBytes {
        let length = lengthWithoutNewline
        return withSpan { SecretBytes(copying: $0.extracting(0..<length)) }
    }
}

extension KeySlot {
    /// Writes the slot's row.
    func insert(_ wrapped: [UInt8], into database: borrowing Database) throws(VaultError) {
        let statement = try database.prepare(
            """
            INSERT INTO key_slot (number, kind, salt, operations, memory, created_at, wrapped_key)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            """)
        try statement.bind(1, number)
        try statement.bind(2, kind.rawValue)
        try statement.bind(3, salt)
        try statement.bind(4, Int64(cost?.operations ?? 0))
        try statement.bind(5, Int64(cost?.memory ?? 0))
        try statement.bind(6, createdAt)
        try statement.bind(7, wrapped)
        try statement.run()
    }
}
