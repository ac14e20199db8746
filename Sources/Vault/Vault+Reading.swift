internal import Diagnostics
public import Secrets

extension Vault {
    /// The secrets of an app by name, without values; needs no key.
    ///
    /// - Parameters:
    ///   - prefix: What their names begin with.
    ///   - limit: At most so many.
    public func secrets(
        in app: String, prefix: String = "", limit: Int? = nil
    ) throws(VaultError) -> [SecretRecord] {
        let statement = try database.prepare(
            """
            \(SecretRow.selection)
            WHERE app = ?1 AND name >= ?2 AND name < ?3 AND is_deleted = 0 ORDER BY name LIMIT ?4
            """)
        try statement.bind(1, try appID(app))
        try statement.bind(2, prefix)
        try statement.bind(3, prefix + "\u{10FFFF}")
        try statement.bind(4, Int64(limit ?? -1))
        var records: [SecretRecord] = []
        while try statement.step() {
            let secret = try SecretRow.read(statement).row
            records.append(
                SecretRecord(
                    name: secret.name, delivery: secret.delivery, version: Int(secret.current),
                    updatedAt: secret.updatedAt))
        }
        return records
    }

    /// How many secrets an app has whose names begin with `prefix`.
    public func secretCount(in app: String, prefix: String = "") throws(VaultError) -> Int {
        let range = "app = ?1 AND name >= ?2 AND name < ?3"
        let owner = try appID(app)
        // The index alone counts ten times as fast as a look at each row, and knows of no deletion.
        let all = try count("SELECT count(*) FROM secret WHERE \(range)", owner, prefix)
        let rows = try database.integer("SELECT max(id) FROM secret") ?? 0
        // Reading all rows in order beats finding a good part of them one by one.
        let access = all > Int(rows) / 4 ? "NOT INDEXED" : ""
        return all
            - (try count("SELECT count(*) FROM secret \(access) WHERE is_deleted = 1 AND \(range)", owner, prefix))
    }

    /// How many secrets an app says it has, without a look at them; needs no key, and so proves nothing.
    public func statedSecretCount(in app: String) throws(VaultError) -> Int {
        let statement = try database.prepare("SELECT secret_count FROM app WHERE id = ?1")
        try statement.bind(1, try appID(app))
        let stated = try statement.step() ? Int(try statement.integer(0)) : 0
        // A vault of the first format says nothing until its key brings it up to date.
        return stated > 0 ? stated : try secretCount(in: app)
    }

    private func count(_ sql: String, _ app: Int64, _ prefix: String) throws(VaultError) -> Int {
        let statement = try database.prepare(sql)
        try statement.bind(1, app)
        try statement.bind(2, prefix)
        try statement.bind(3, prefix + "\u{10FFFF}")
        return try statement.step() ? Int(try statement.integer(0)) : 0
    }

    /// The names of an app's secrets, in order.
    public func names(in app: String) throws(VaultError) -> [String] {
        let statement = try database.prepare("SELECT name FROM secret WHERE app = ?1 AND is_deleted = 0 ORDER BY name")
        try statement.bind(1, try appID(app))
        var names: [String] = []
        while try statement.step() { names.append(try statement.secretName(0)) }
        return names
    }

    /// Whether an app has a secret of this name.
    public func hasSecret(_ name: String, in app: String) throws(VaultError) -> Bool {
        guard let (secret, _) = try secretRow(name, appID: try appID(app)) else { return false }
        return !secret.isDeleted
    }

    /// The versions of a secret, oldest first; those of a deleted one too.
    public func history(of name: String, in app: String) throws(VaultError) -> [VersionRecord] {
        guard let (secret, _) = try secretRow(name, appID: try appID(app)) else {
            throw try missingSecret(name, in: app)
        }
        let statement = try database.prepare(
            "SELECT number, created_at FROM secret_version WHERE secret = ?1 ORDER BY number")
        try statement.bind(1, secret.id)
        var versions: [VersionRecord] = []
        while try statement.step() {
            let number = try statement.integer(0)
            versions.append(
                VersionRecord(
                    version: Int(number), createdAt: try statement.integer(1),
                    isCurrent: number == secret.current && !secret.isDeleted))
        }
        return versions
    }

    /// Takes the value in use of a secret out of the vault.
    public func value(of name: String, in app: String) throws(VaultError) -> StoredSecret {
        // The rows belong together: between them another program may remove the app or set the secret.
        try look { keys, ledger throws(VaultError) in
            try openedValue(of: name, in: try verifiedApp(app, keys, &ledger), keys, &ledger)
        }
    }

    /// Takes the values in use of several secrets out of the vault, in their order and from one state of the file.
    public func values(of names: [String], in app: String) throws(VaultError) -> [SharedSecret] {
        try look { keys, ledger throws(VaultError) in
            let owner = try verifiedApp(app, keys, &ledger)
            var values: [SharedSecret] = []
            for name in names {
                let stored = try openedValue(of: name, in: owner, keys, &ledger)
                values.append(SharedSecret(stored.takeValue()))
            }
            return values
        }
    }

    /// Checks and opens a value inside the caller's snapshot.
    internal func openedValue(
        of name: String, in owner: AppRow, _ keys: borrowing VaultKeys, _ ledger: inout Ledger
    ) throws(VaultError) -> StoredSecret {
        guard let secret = try verifiedSecret(name, of: owner, keys, &ledger), !secret.isDeleted else {
            throw try missingSecret(name, in: owner.name)
        }
        let version = try versionRow(secret.current, of: secret, app: owner.name)
        guard version.identity.delivery == secret.delivery else { throw .altered("secret \(name)") }
        do {
            let value = try keys.open(wrappedKey: version.wrappedKey, box: version.box, as: version.identity)
            return StoredSecret(name: name, delivery: secret.delivery, version: Int(secret.current), value: value)
        } catch {
            throw .altered("secret \(name)")
        }
    }

    /// The row of a secret whose seal fits and is the newest, or `nil` where there is none.
    internal func verifiedSecret(
        _ name: String, of app: AppRow, _ keys: borrowing VaultKeys, _ ledger: inout Ledger
    ) throws(VaultError) -> SecretRow? {
        guard let (secret, seal) = try secretRow(name, appID: app.id) else { return nil }
        guard secret.wrappedKey != nil else { throw .corrupt("a version of \(name) is missing") }
        guard keys.isValid(seal, secret.bindings(app: app.name, vault: identity)),
            try ledger.isCurrent(seal, of: .secret, secret.id, database, keys)
        else { throw .altered("secret \(name)") }
        return secret
    }

    /// The row of a secret and its seal, looked up by index.
    internal func secretRow(_ name: String, appID: Int64) throws(VaultError) -> (SecretRow, [UInt8])? {
        let statement = try database.prepare(Self.lookUp)
        try statement.bind(1, appID)
        try statement.bind(2, name)
        guard try statement.step() else { return nil }
        return try SecretRow.read(statement)
    }

    /// The statement behind every lookup, which must use the index.
    internal static let lookUp = "\(SecretRow.selection) WHERE app = ?1 AND name = ?2"

    /// The statement behind every value, which must use the index too.
    internal static let versionLookUp =
        "SELECT delivery, created_at, wrapped_key, box FROM secret_version WHERE secret = ?1 AND number = ?2"

    /// A version's sealed parts.
    internal func versionRow(
        _ number: Int64, of secret: SecretRow, app: String
    ) throws(VaultError) -> (identity: VersionIdentity, wrappedKey: [UInt8], box: [UInt8]) {
        let statement = try database.prepare(Self.versionLookUp)
        try statement.bind(1, secret.id)
        try statement.bind(2, number)
        guard try statement.step() else { throw .corrupt("a version of \(secret.name) is missing") }
        guard let delivery = Delivery(rawValue: try statement.text(0)) else { throw .corrupt("a delivery is unknown") }
        let version = VersionIdentity(
            vault: identity, app: app, name: secret.name, version: number, delivery: delivery,
            createdAt: try statement.integer(1))
        return (version, try statement.bytes(2), try statement.bytes(3))
    }

    /// Says that a secret is missing, with the nearest name that is there; what is no name of a secret is not shown.
    internal func missingSecret(_ name: String, in app: String) throws(VaultError) -> VaultError {
        try SecretName.requireWellFormed(name)
        return .secretNotFound([name], app: app, nearest: nearestWord(to: name, in: try names(in: app)))
    }
}
