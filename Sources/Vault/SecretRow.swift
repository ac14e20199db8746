/// A secret's row, whose seal says which version is in use and whether it is deleted.
internal struct SecretRow {
    let id: Int64
    let appID: Int64
    let name: String
    let current: Int64
    let delivery: Delivery
    let isDeleted: Bool
    let updatedAt: Int64

    /// The columns that `read` reads, in its order.
    static let columns = "id, app, name, current, delivery, is_deleted, updated_at, seal"

    /// Reads a row and its seal.
    static func read(_ row: borrowing Statement) throws(VaultError) -> (row: SecretRow, seal: [UInt8]) {
        guard let delivery = Delivery(rawValue: try row.text(4)) else { throw .corrupt("a delivery is unknown") }
        let secret = SecretRow(
            id: try row.integer(0), appID: try row.integer(1), name: try row.secretName(2), current: try row.integer(3),
            delivery: delivery, isDeleted: try row.integer(5) != 0, updatedAt: try row.integer(6))
        return (secret, try row.bytes(7))
    }

    /// What the seal is bound to.
    func bindings(app: String, vault: [UInt8]) -> Bindings {
        var bindings = Bindings(.secret, vault: vault)
        bindings.add(id)
        bindings.add(app)
        bindings.add(name)
        bindings.add(current)
        bindings.add(delivery.rawValue)
        bindings.add(Int64(isDeleted ? 1 : 0))
        bindings.add(updatedAt)
        return bindings
    }

    /// Writes the row with a fresh seal, new or over the one of the same id.
    func write(
        to database: borrowing Database, app: String, keys: borrowing VaultKeys, vault: [UInt8]
    ) throws(VaultError) {
        let statement = try database.prepare(
            """
            INSERT INTO secret (\(Self.columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)
            ON CONFLICT (id) DO UPDATE SET current = ?4, delivery = ?5, is_deleted = ?6, updated_at = ?7, seal = ?8
            """)
        try statement.bind(1, id)
        try statement.bind(2, appID)
        try statement.bind(3, name)
        try statement.bind(4, current)
        try statement.bind(5, delivery.rawValue)
        try statement.bind(6, isDeleted ? 1 : 0)
        try statement.bind(7, updatedAt)
        try statement.bind(8, keys.seal(bindings(app: app, vault: vault)))
        try statement.run()
    }
}
