internal import Secrets

/// The keys of an unlocked vault, zeroed when it is let go: one to wrap data keys, one to seal rows.
///
/// Both come from the vault key, which itself is kept only to be sealed into further slots.
internal struct VaultKeys: ~Copyable {
    /// The vault key.
    let vaultKey: SecretBytes
    private let wrappingKey: SecretBytes
    private let sealingKey: SecretBytes

    /// Derives the working keys.
    init(_ vaultKey: consuming SecretBytes) {
        wrappingKey = KeyDerivation.subkey(of: vaultKey, purpose: "vs-data-keys")
        sealingKey = KeyDerivation.subkey(of: vaultKey, purpose: "vs-row-seals")
        self.vaultKey = vaultKey
    }

    /// The tag of a row.
    func seal(_ bindings: Bindings) -> [UInt8] { Authenticator.tag(of: bindings.bytes, key: sealingKey) }

    /// Whether a row's tag belongs to what the row says.
    func isValid(_ seal: [UInt8], _ bindings: Bindings) -> Bool {
        Authenticator.isValid(seal, of: bindings.bytes, key: sealingKey)
    }

    /// Seals a value under a data key of its own.
    func seal(value: borrowing SecretBytes, as version: VersionIdentity) -> (wrappedKey: [UInt8], box: [UInt8]) {
        let dataKey = RandomBytes.secret(AEAD.keyLength)
        let wrapped = AEAD.seal(dataKey, key: wrappingKey, associatedData: version.bindings(.dataKey).bytes)
        return (wrapped, AEAD.seal(value, key: dataKey, associatedData: version.bindings(.value).bytes))
    }

    /// Opens a value that was sealed for exactly this version.
    func open(wrappedKey: [UInt8], box: [UInt8], as version: VersionIdentity) throws(SecretsError) -> SecretBytes {
        let dataKey = try AEAD.open(
            wrappedKey, key: wrappingKey, associatedData: version.bindings(.dataKey).bytes)
        guard dataKey.count == AEAD.keyLength else { throw .authenticationFailed }
        return try AEAD.open(box, key: dataKey, associatedData: version.bindings(.value).bytes)
    }
}

/// What one sealed value belongs to; a box moved to another of any of these does not open.
internal struct VersionIdentity {
    let vault: [UInt8]
    let app: String
    let name: String
    let version: Int64
    let delivery: Delivery
    let createdAt: Int64

    /// The bytes that a box of this version is bound to.
    func bindings(_ purpose: Bindings.Purpose) -> Bindings {
        var bindings = Bindings(purpose, vault: vault)
        bindings.add(app)
        bindings.add(name)
        bindings.add(version)
        bindings.add(delivery.rawValue)
        bindings.add(createdAt)
        return bindings
    }
}
