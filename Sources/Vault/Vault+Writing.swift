internal import Linux
public import Secrets

extension Vault {
    /// The largest value in bytes.
    public static let maximumValueLength = 64 * 1024

    /// Stores a value as the next version of a secret, which is made where it is missing or deleted.
    ///
    /// - Parameters:
    ///   - delivery: How it reaches programs; `nil` keeps what it was, and is the environment for a new one.
    ///   - presence: Whether the secret must be there already, or must not.
    /// - Returns: The number of the new version.
    @discardableResult
    public func setSecret(
        _ name: String, value: borrowing SecretBytes, delivery: Delivery? = nil, in app: String,
        presence: Presence = .either
    ) throws(VaultError) -> Int {
        try SecretName.validate(name)
        return try change { keys, ledger throws(VaultError) in
            switch (presence, try hasSecret(name, in: app)) {
            case (.missing, true): throw .existsAlready("secret \(name)")
            case (.present, false): throw try missingSecret(name, in: app)
            default: break
            }
            var owner = try verifiedApp(app, keys, &ledger)
            let version = try store(name, value, delivery, in: &owner, keys, &ledger)
            try owner.write(to: database, keys: keys, vault: identity, &ledger)
            return version
        }
    }

    /// What must be true of a secret before it is set.
    public enum Presence: Sendable {
        /// Nothing.
        case either
        /// It is not there, or deleted.
        case missing
        /// It is there.
        case present
    }

    /// Marks a secret as deleted; its versions stay for a roll-back.
    public func removeSecret(_ name: String, in app: String) throws(VaultError) {
        try change { keys, ledger throws(VaultError) in
            let owner = try verifiedApp(app, keys, &ledger)
            guard let secret = try verifiedSecret(name, of: owner, keys, &ledger), !secret.isDeleted else {
                throw try missingSecret(name, in: app)
            }
            try SecretRow(
                id: secret.id, appID: owner.id, name: name, current: secret.current, delivery: secret.delivery,
                isDeleted: true, updatedAt: Clocks.wallSeconds, wrappedKey: secret.wrappedKey
            ).write(to: database, app: app, keys: keys, vault: identity, &ledger)
            try owner.with(secretCount: owner.secretCount - 1)
                .write(to: database, keys: keys, vault: identity, &ledger)
        }
    }

    /// Puts an earlier version back in use, of a deleted secret too; versions after it stay in the history.
    public func rollBackSecret(_ name: String, to version: Int, in app: String) throws(VaultError) {
        try change { keys, ledger throws(VaultError) in
            let owner = try verifiedApp(app, keys, &ledger)
            guard let secret = try verifiedSecret(name, of: owner, keys, &ledger) else {
                throw try missingSecret(name, in: app)
            }
            guard try history(of: name, in: app).contains(where: { $0.version == version }) else {
                throw .versionNotFound(name: name, version: version)
            }
            let row = try versionRow(Int64(version), of: secret, app: app)
            do {
                _ = try keys.open(wrappedKey: row.wrappedKey, box: row.box, as: row.identity)
            } catch {
                throw .altered("version \(version) of \(name)")
            }
            try SecretRow(
                id: secret.id, appID: owner.id, name: name, current: Int64(version),
                delivery: row.identity.delivery, isDeleted: false, updatedAt: Clocks.wallSeconds,
                wrappedKey: row.wrappedKey
            ).write(to: database, app: app, keys: keys, vault: identity, &ledger)
            try owner.with(secretCount: owner.secretCount + (secret.isDeleted ? 1 : 0))
                .write(to: database, keys: keys, vault: identity, &ledger)
        }
    }

    /// Stores many values in one transaction: all of them or none.
    ///
    /// - Parameter replacing: Whether names that are there get a new version; otherwise they are refused, all named.
    public func importSecrets(
        _ secrets: [(name: String, value: SharedSecret)], in app: String, replacing: Bool
    ) throws(VaultError) {
        for (name, _) in secrets { try SecretName.validate(name) }
        try change { keys, ledger throws(VaultError) in
            var owner = try verifiedApp(app, keys, &ledger)
            if !replacing {
                var taken: [String] = []
                for (name, _) in secrets where try hasSecret(name, in: app) { taken.append(name) }
                guard taken.isEmpty else { throw .secretsExist(taken) }
            }
            for (name, value) in secrets { try store(name, value.bytes, nil, in: &owner, keys, &ledger) }
            try owner.write(to: database, keys: keys, vault: identity, &ledger)
        }
    }

    /// Writes one new version inside the caller's transaction, and counts in `app`, which the caller writes.
    @discardableResult
    private func store(
        _ name: String, _ value: borrowing SecretBytes, _ delivery: Delivery?, in app: inout AppRow,
        _ keys: borrowing VaultKeys, _ ledger: inout Ledger
    ) throws(VaultError) -> Int {
        let earlier = try verifiedSecret(name, of: app, keys, &ledger)
        let delivery = delivery ?? earlier?.delivery ?? .environment
        try Self.validate(value, of: name, for: delivery)
        let next = try ledger.nextID(of: .secret)
        let id = earlier?.id ?? next
        let last = try lastVersion(of: id)
        // The numbers of versions carry no seal of their own: the largest one there is leaves no next.
        guard last >= earlier?.current ?? 0, last < Int64.max else { throw .altered("the history of \(name)") }
        let now = Clocks.wallSeconds
        let version = VersionIdentity(
            vault: identity, app: app.name, name: name, version: last + 1, delivery: delivery, createdAt: now)
        let sealed = keys.seal(value: value, as: version)
        try SecretRow(
            id: id, appID: app.id, name: name, current: last + 1, delivery: delivery, isDeleted: false, updatedAt: now,
            wrappedKey: sealed.wrappedKey
        ).write(to: database, app: app.name, keys: keys, vault: identity, &ledger)
        if earlier?.isDeleted ?? true { app.secretCount += 1 }
        let statement = try database.prepare(
            """
            INSERT INTO secret_version (secret, number, delivery, created_at, wrapped_key, box)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6)
            """)
        try statement.bind(1, id)
        try statement.bind(2, last + 1)
        try statement.bind(3, delivery.rawValue)
        try statement.bind(4, now)
        try statement.bind(5, sealed.wrappedKey)
        try statement.bind(6, sealed.box)
        try statement.run()
        return Int(last + 1)
    }

    private func lastVersion(of secret: Int64) throws(VaultError) -> Int64 {
        let statement = try database.prepare("SELECT coalesce(max(number), 0) FROM secret_version WHERE secret = ?1")
        try statement.bind(1, secret)
        return try statement.step() ? try statement.integer(0) : 0
    }

    /// Refuses a value that is too long, or that an environment variable cannot hold.
    private static func validate(
        _ value: borrowing SecretBytes, of name: String, for delivery: Delivery
    ) throws(VaultError) {
        guard value.count <= maximumValueLength else {
            throw .valueInvalid(
                name: name, why: "is longer than 64 KiB", remedy: "store a key to it instead of the data itself")
        }
        guard delivery == .environment else { return }
        let hasNUL = value.withSpan { bytes in
            for index in 0..<bytes.count where bytes[index] == 0 { return true }
            return false
        }
        guard !hasNUL else {
            throw .valueInvalid(
                name: name, why: "holds a NUL byte, which no environment variable can",
                remedy: "deliver it as a file: --deliver file")
        }
    }
}
