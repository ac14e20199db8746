/// A secret's row, whose seal says which version is in use, sealed under which key, and whether it is deleted.
internal struct SecretRow {
    let id: Int64
    let appID: Int64
    let name: String
    let current: Int64
    let delivery: Delivery
    let isDeleted: Bool
    let updatedAt: Int64
    /// The wrapped key of the version in use, which stands in that version's row; `nil` where that row is missing.
    let wrappedKey: [UInt8]?

    /// Selects what `read` reads, in its order.
    static let selection = """
        SELECT id, app, name, current, delivery, is_deleted, updated_at, seal, (SELECT wrapped_key FROM secret_version
            WHERE secret_version.secret = secret.id AND secret_version.number = secret.current) FROM secret
        """

    /// Reads a row and its seal.
    static func read(_ row: borrowing Statement) throws(VaultError) -> (row: SecretRow, seal: [UInt8]) {
        guard let delivery = Delivery(rawValue: try row.text(4)) else { throw .corrupt("a delivery is unknown") }
        let secret = SecretRow(
            id: try row.integer(0), appID: try row.integer(1), name: try row.secretName(2), current: try row.integer(3),
            delivery: delivery, isDeleted: try row.integer(5) != 0, updatedAt: try row.integer(6),
            wrappedKey: row.isNull(8) ? nil : try row.bytes(8))
        return (secret, try row.bytes(7))
    }

    /// What the seal is bound to.
    func bindings(app: String, vault: [UInt8]) -> Bindings {
        var bindings = Bindings(.secret, vault: vault)
        add(to: &bindings, app: app)
        bindings.add(appID)
        bindings.add(wrappedKey)
        return bindings
    }

    /// What the seal was bound to in the first format.
    func firstBindings(app: String, vault: [UInt8]) -> Bindings {
        var bindings = Bindings(.firstSecret, vault: vault)
        add(to: &bindings, app: app)
        return bindings
    }

    private func add(to bindings: inout Bindings, app: String) {
        bindings.add(id)
        bindings.add(app)
        bindings.add(name)
        bindings.add(current)
        bindings.add(delivery.rawValue)
        bindings.add(Int64(isDeleted ? 1 : 0))
        bindings.add(updatedAt)
    }

    /// Writes the row with a fresh seal, new or over the one of the same id and name.
    func write(
        to database: borrowing Database, app: String, keys: borrowing VaultKeys, vault: [UInt8],
        _ ledger: inout Ledger
    ) throws(VaultError) {
        let statement = try database.prepare(
            """
            INSERT INTO secret (id, app, name, current, delivery, is_deleted, updated_at, seal)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (id) DO UPDATE SET current = ?4, delivery = ?5, is_deleted = ?6, updated_at = ?7, seal = ?8
                WHERE app = ?2 AND name = ?3
            """)
        let seal = keys.seal(bindings(app: app, vault: vault))
        try statement.bind(1, id)
        try statement.bind(2, appID)
        try statement.bind(3, name)
        try statement.bind(4, current)
        try statement.bind(5, delivery.rawValue)
        try statement.bind(6, isDeleted ? 1 : 0)
        try statement.bind(7, updatedAt)
        try statement.bind(8, seal)
        try statement.run()
        guard database.changedRows == 1 else { throw .corrupt("the number of a new secret is taken") }
        try ledger.set(seal, of: .secret, id, database, keys)
    }
}
