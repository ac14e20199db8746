internal import Diagnostics
internal import Linux

extension Vault {
    /// Every app, by name. Needs no key: what it shows is as trustworthy as the file.
    public func apps() throws(VaultError) -> [AppRecord] {
        let statement = try database.prepare(
            """
            SELECT \(AppRow.columns), id = (SELECT active_app FROM vault WHERE id = 1),
                (SELECT count(*) FROM secret WHERE secret.app = app.id AND is_deleted = 0)
            FROM app ORDER BY name
            """)
        var records: [AppRecord] = []
        while try statement.step() {
            let app = try AppRow.read(statement).row
            records.append(
                AppRecord(
                    name: app.name, isActive: try statement.integer(7) == 1,
                    secretCount: Int(try statement.integer(8)), policy: app.policy?.sources ?? []))
        }
        return records
    }

    /// The app that commands use where none is named.
    public func activeApp() throws(VaultError) -> String {
        let statement = try database.prepare(
            "SELECT name FROM app WHERE id = (SELECT active_app FROM vault WHERE id = 1)")
        guard try statement.step() else { throw .corrupt("its active app is missing") }
        return try statement.appName(0)
    }

    /// Whether there is an app of this name.
    public func hasApp(_ name: String) throws(VaultError) -> Bool {
        let statement = try database.prepare("SELECT 1 FROM app WHERE name = ?1")
        try statement.bind(1, name)
        return try statement.step()
    }

    /// Makes an app; needs the key, which seals that the app has no pinned policy yet.
    public func createApp(_ name: String) throws(VaultError) {
        try AppName.validate(name)
        try change { keys, ledger throws(VaultError) in
            guard try !hasApp(name) else { throw .existsAlready("app \(name)") }
            let id = try ledger.nextID(of: .app)
            try AppRow(id: id, name: name, createdAt: Clocks.wallSeconds, policy: nil)
                .write(to: database, keys: keys, vault: identity, &ledger)
        }
    }

    /// Makes an app the one that commands use where none is named; needs the key, which seals the choice.
    public func useApp(_ name: String) throws(VaultError) {
        try change { _, _ throws(VaultError) in
            let statement = try database.prepare("UPDATE vault SET active_app = ?1 WHERE id = 1")
            try statement.bind(1, try appID(name))
            try statement.run()
        }
    }

    /// Removes an app with its secrets and their versions, for good; needs the key.
    ///
    /// - Parameter force: Whether secrets in it may go too; the active app is never removed.
    public func removeApp(_ name: String, force: Bool = false) throws(VaultError) {
        try change { keys, ledger throws(VaultError) in
            let id = try appID(name)
            guard try activeApp() != name else {
                throw .appInUse(name, why: "is the active one", remedy: "choose another with `vault-sandbox app use`")
            }
            let kept = try database.prepare("SELECT 1 FROM secret WHERE app = ?1 LIMIT 1")
            try kept.bind(1, id)
            let isEmpty = try !kept.step()
            guard force || isEmpty else {
                throw .appInUse(name, why: "holds secrets, or versions of deleted ones", remedy: "repeat with --force")
            }
            let secrets = try database.prepare("SELECT id FROM secret WHERE app = ?1")
            try secrets.bind(1, id)
            while try secrets.step() { try ledger.set(nil, of: .secret, try secrets.integer(0), database, keys) }
            try ledger.set(nil, of: .app, id, database, keys)
            let statement = try database.prepare("DELETE FROM app WHERE id = ?1")
            try statement.bind(1, id)
            try statement.run()
        }
    }

    /// The policy that bounds every run of an app, or `nil` where none is pinned; needs the key, which proves both.
    public func pinnedPolicy(of app: String) throws(VaultError) -> PinnedPolicy? {
        try look { keys, ledger throws(VaultError) in try verifiedApp(app, keys, &ledger).policy }
    }

    /// Pins a policy for an app, or unpins with `nil`.
    public func pinPolicy(_ policy: PinnedPolicy?, for app: String) throws(VaultError) {
        if let policy, policy.sources.contains(where: { $0.utf8.contains(0) }) {
            throw .nameInvalid("policy", why: "the name of a policy holds NUL", remedy: "rename it")
        }
        try change { keys, ledger throws(VaultError) in
            try verifiedApp(app, keys, &ledger).with(policy: policy)
                .write(to: database, keys: keys, vault: identity, &ledger)
        }
    }

    /// The row of an app whose seal fits and is the newest.
    internal func verifiedApp(
        _ name: String, _ keys: borrowing VaultKeys, _ ledger: inout Ledger
    ) throws(VaultError) -> AppRow {
        let statement = try database.prepare("SELECT \(AppRow.columns) FROM app WHERE name = ?1")
        try statement.bind(1, name)
        guard try statement.step() else { throw try missingApp(name) }
        let (app, seal) = try AppRow.read(statement)
        guard keys.isValid(seal, app.bindings(vault: identity)),
            try ledger.isCurrent(seal, of: .app, app.id, database, keys)
        else { throw .altered("app \(name) or its policy") }
        return app
    }

    /// The key of an app's row.
    internal func appID(_ name: String) throws(VaultError) -> Int64 {
        let statement = try database.prepare("SELECT id FROM app WHERE name = ?1")
        try statement.bind(1, name)
        guard try statement.step() else { throw try missingApp(name) }
        return try statement.integer(0)
    }

    /// Says that an app is missing, with the nearest name that is there; what is no name of an app is not shown.
    internal func missingApp(_ name: String) throws(VaultError) -> VaultError {
        try AppName.validate(name)
        let statement = try database.prepare("SELECT name FROM app ORDER BY name")
        var names: [String] = []
        while try statement.step() { names.append(try statement.appName(0)) }
        return .appNotFound(name, nearest: nearestWord(to: name, in: names))
    }
}
