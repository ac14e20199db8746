internal import Diagnostics

extension Vault {
    /// Fails, with the nearest name, where there is no app of this name.
    public func requireApp(_ name: String) throws(VaultError) {
        guard try hasApp(name) else { throw try missingApp(name) }
    }

    /// The secrets of these names, in their order; the missing ones are named all at once.
    public func secrets(named names: [String], in app: String) throws(VaultError) -> [SecretRecord] {
        var records: [SecretRecord] = []
        var missing: [String] = []
        for name in names {
            try SecretName.requireWellFormed(name)
            if let record = try secrets(in: app, prefix: name, limit: 1).first, record.name == name {
                records.append(record)
            } else {
                missing.append(name)
            }
        }
        guard missing.isEmpty else {
            throw .secretNotFound(
                missing, app: app,
                nearest: missing.first.flatMap { nearestWord(to: $0, in: (try? self.names(in: app)) ?? []) })
        }
        return records
    }

    /// Whether an app has a pinned policy; needs no key, and so proves nothing.
    public func hasPinnedPolicy(_ app: String) throws(VaultError) -> Bool {
        try unverifiedPolicy(of: app) != nil
    }

    /// An app's pinned policy as the file has it; needs no key, and so proves nothing.
    public func unverifiedPolicy(of app: String) throws(VaultError) -> PinnedPolicy? {
        let statement = try database.prepare("SELECT \(AppRow.columns) FROM app WHERE name = ?1")
        try statement.bind(1, app)
        guard try statement.step() else { throw try missingApp(app) }
        return try AppRow.read(statement).row.policy
    }
}
