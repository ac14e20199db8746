public import Diagnostics
internal import Interceptor
internal import Policy
internal import Redaction
public import Secrets
internal import Vault

/// What a server does with the secrets of one app; the key is looked for anew each time, and nobody is asked.
public struct VaultAccess: Sendable {
    /// Where the vault is.
    public let places: Places
    /// The app; `nil` where there was no vault yet to choose one of, and the active one is meant.
    public let app: String?
    /// Where the key comes from.
    public let key: KeyChoice

    /// Makes an access.
    public init(places: Places, app: String?, key: KeyChoice) {
        self.places = places
        self.app = app
        self.key = key
    }

    /// The app that is meant: the one asked for, that of the environment, the active one; `nil` where there is no vault
    /// and none was asked for.
    public static func app(_ asked: String?, places: Places) throws(RunError) -> String? {
        if case .none = VaultState.look(at: places), asked == nil { return nil }
        return try OpenedVault.open(places: places, app: asked, isNeeded: true).app
    }

    /// At most `limit` secrets whose names begin with `prefix`, and how many there are of them; needs no key.
    public func list(prefix: String, limit: Int) throws(RunError) -> (secrets: [ListedSecret], total: Int) {
        try part { () throws(VaultError) in
            let vault = try Vault(in: places.data, readOnly: true)
            let app = try owner(in: vault)
            let secrets = try vault.secrets(in: app, prefix: prefix, limit: limit).map {
                ListedSecret(
                    name: $0.name, delivery: $0.delivery.rawValue, version: $0.version, updatedAt: $0.updatedAt)
            }
            // All are stated beforehand; those of a prefix must be counted.
            let total =
                prefix.isEmpty
                ? try vault.statedSecretCount(in: app) : try vault.secretCount(in: app, prefix: prefix)
            return (secrets, total)
        }
    }

    /// Whether there is a secret of this name; needs no key.
    public func exists(_ name: String) throws(RunError) -> Bool {
        try part { () throws(VaultError) in
            try SecretName.validate(name)
            let vault = try Vault(in: places.data, readOnly: true)
            return try vault.hasSecret(name, in: try owner(in: vault))
        }
    }

    /// What was stored.
    public struct Stored: Equatable, Sendable {
        /// The number of the new version.
        public let version: Int
        /// Why the value will not be replaced in output, or `nil` where it will.
        public let gap: String?
    }

    /// Stores a value under a name that must be there already, or must not; one final newline is dropped. Refused in an
    /// app that holds as many values as a server keeps in mind.
    public func store(_ name: String, value: SharedSecret, isNew: Bool) throws(RunError) -> Stored {
        try part { () throws(VaultError) in try SecretName.validate(name) }
        let kept = value.bytes.withSpan { bytes in
            SecretBytes(copying: bytes.extracting(0..<SecretReader.lengthWithoutNewline(bytes, bytes.count)))
        }
        let vault = try unlocked()
        let held = try part { () throws(VaultError) in try vault.heldExtent(of: try owner(in: vault)) }
        guard held.values < KnownSecrets.mostStored, held.bytes < KnownSecrets.mostStoredBytes else {
            throw .part(
                ErrorReport(
                    .limitExceeded,
                    "the app holds \(held.values) values, earlier versions among them, and no more are stored this way",
                    hint: "ask the person to store it in a terminal: vault-sandbox secret set NAME"))
        }
        let version = try part { () throws(VaultError) in
            try vault.setSecret(name, value: kept, in: try owner(in: vault), presence: isNew ? .missing : .present)
        }
        return Stored(
            version: version,
            gap: kept.withSpan { whyNotRedacted($0, options: RedactionOptions())?.description })
    }

    /// Removes a secret; its versions are kept.
    public func remove(_ name: String) throws(RunError) {
        let vault = try unlocked()
        try part { () throws(VaultError) in try vault.removeSecret(name, in: try owner(in: vault)) }
    }

    /// How the vault stands.
    public struct Status: Equatable, Sendable {
        /// Why values cannot be used now; `nil` where they can.
        public let obstacle: ErrorReport?
        /// The policy of the app's runs; `nil` where only an unlocked vault can tell.
        public let policy: PolicySummary?
    }

    /// What a caller may know of the policy that holds.
    public struct PolicySummary: Equatable, Sendable {
        /// Its name.
        public let name: String
        /// The longest time limit that a caller may name.
        public let maximumTimeout: Duration
        /// What becomes of a command that would let a secret out: `block`, `warn` or `off`.
        public let interception: String
    }

    /// Looks whether the vault can be unlocked and which policy holds.
    public func status() -> Status {
        var obstacle: ErrorReport?
        do throws(RunError) {
            _ = try unlocked(readOnly: true)
            // The app may have been removed since the server chose it.
            _ = try OpenedVault.open(places: places, app: app, isNeeded: true)
        } catch {
            obstacle = error.report
        }
        var request = RunRequest(command: [])
        request.app = app
        request.key = key
        return Status(obstacle: obstacle, policy: try? summary(request))
    }

    private func summary(_ request: RunRequest) throws(RunError) -> PolicySummary {
        var vault = try OpenedVault.open(places: places, app: app, isNeeded: false)
        let policy = try PolicyChoice.resolve(request, vault: &vault, places: places)
        return PolicySummary(
            name: policy.name, maximumTimeout: policy.limits.maximumTimeout,
            interception: policy.interceptor.mode.rawValue)
    }

    private func unlocked(readOnly: Bool = false) throws(RunError) -> Vault {
        var vault = try part { () throws(VaultError) in try Vault(in: places.data, readOnly: readOnly) }
        let source = try KeyReader.read(key)
        try part { () throws(VaultError) in try vault.unlock(source) }
        return vault
    }

    private func owner(in vault: borrowing Vault) throws(VaultError) -> String {
        if let app { return app }
        return try vault.activeApp()
    }
}

/// What a server shows of a secret; never its value.
public struct ListedSecret: Equatable, Sendable {
    /// Its name.
    public let name: String
    /// How it is delivered: `env`, `file` or `fd`.
    public let delivery: String
    /// The version in use.
    public let version: Int
    /// When it last changed, in seconds since 1970.
    public let updatedAt: Int64

    /// Makes an entry from its parts.
    public init(name: String, delivery: String, version: Int, updatedAt: Int64) {
        self.name = name
        self.delivery = delivery
        self.version = version
        self.updatedAt = updatedAt
    }
}
