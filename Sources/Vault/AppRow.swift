/// An app's row, whose seal covers its name, how many secrets it has, and its pinned policy, or that it has none.
internal struct AppRow {
    let id: Int64
    let name: String
    let createdAt: Int64
    let policy: PinnedPolicy?
    /// How many secrets it has that are not deleted.
    var secretCount: Int64

    /// Makes a row from its parts.
    init(id: Int64, name: String, createdAt: Int64, policy: PinnedPolicy?, secretCount: Int64 = 0) {
        self.id = id
        self.name = name
        self.createdAt = createdAt
        self.policy = policy
        self.secretCount = secretCount
    }

    /// The row with another number of secrets.
    func with(secretCount: Int64) -> AppRow {
        AppRow(id: id, name: name, createdAt: createdAt, policy: policy, secretCount: secretCount)
    }

    /// The row with another pinned policy.
    func with(policy: PinnedPolicy?) -> AppRow {
        AppRow(id: id, name: name, createdAt: createdAt, policy: policy, secretCount: secretCount)
    }

    /// The columns that `init(row:)` reads, in its order.
    static let columns = "id, name, created_at, policy_sources, policy_text, seal, secret_count"

    /// Reads a row and its seal.
    static func read(_ row: borrowing Statement) throws(VaultError) -> (row: AppRow, seal: [UInt8]) {
        let policy: PinnedPolicy? =
            row.isNull(3)
            ? nil : PinnedPolicy(sources: try decode(sources: try row.bytes(3)), text: try row.bytes(4))
        let app = AppRow(
            id: try row.integer(0), name: try row.appName(1), createdAt: try row.integer(2), policy: policy,
            secretCount: try row.integer(6))
        return (app, try row.bytes(5))
    }

    /// Writes the row with a fresh seal.
    func write(
        to database: borrowing Database, keys: borrowing VaultKeys, vault: [UInt8], _ ledger: inout Ledger
    ) throws(VaultError) {
        let seal = keys.seal(bindings(vault: vault))
        let statement = try database.prepare(
            """
            INSERT INTO app (id, name, created_at, policy_sources, policy_text, seal, secret_count)
            VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
            ON CONFLICT (id) DO UPDATE SET policy_sources = ?4, policy_text = ?5, seal = ?6, secret_count = ?7
                WHERE name = ?2
            """)
        try statement.bind(1, id)
        try statement.bind(2, name)
        try statement.bind(3, createdAt)
        if let policy {
            try statement.bind(4, Self.encode(sources: policy.sources))
            try statement.bind(5, policy.text)
        } else {
            try statement.bindNull(4)
            try statement.bindNull(5)
        }
        try statement.bind(6, seal)
        try statement.bind(7, secretCount)
        try statement.run()
        guard database.changedRows == 1 else { throw .corrupt("the number of a new app is taken") }
        try ledger.set(seal, of: .app, id, database, keys)
    }

    /// What the seal is bound to.
    func bindings(vault: [UInt8]) -> Bindings {
        var bindings = Bindings(.app, vault: vault)
        add(to: &bindings)
        bindings.add(secretCount)
        return bindings
    }

    /// What the seal was bound to in the first format.
    func firstBindings(vault: [UInt8]) -> Bindings {
        var bindings = Bindings(.firstApp, vault: vault)
        add(to: &bindings)
        return bindings
    }

    private func add(to bindings: inout Bindings) {
        bindings.add(id)
        bindings.add(name)
        bindings.add(createdAt)
        bindings.add(policy.map { Self.encode(sources: $0.sources) })
        bindings.add(policy?.text)
    }

    /// The names as one blob, each ended by a zero byte.
    private static func encode(sources: [String]) -> [UInt8] { sources.flatMap { Array($0.utf8) + [0] } }

    private static func decode(sources: [UInt8]) throws(VaultError) -> [String] {
        guard sources.last ?? 0 == 0 else { throw .corrupt("a list of policies has no end") }
        return sources.split(separator: 0, omittingEmptySubsequences: false).dropLast()
            .map { String(decoding: $0, as: UTF8.self) }
    }
}
