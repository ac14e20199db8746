/// A step from one format of the file to the next, run inside one transaction with every later step.
internal struct FormatUpgrade: Sendable {
    /// The format it starts from; it ends at the next.
    let from: Int
    /// Changes the tables.
    let apply: @Sendable (borrowing Database) throws(VaultError) -> Void
}

/// What tables a file has, and how files of older formats get there.
internal struct VaultFormat: Sendable {
    /// The number kept in `PRAGMA user_version`.
    let number: Int
    /// The statements that make the tables, exactly as SQLite keeps them in its schema.
    let schema: [String]
    /// The steps from older formats, in order.
    let upgrades: [FormatUpgrade]

    /// Marks a file as a vault: `VSB1`, kept in `PRAGMA application_id`.
    static let applicationID: Int64 = 0x5653_4231

    /// The format this program writes.
    ///
    /// Blobs named `seal` are tags by a subkey of the vault key over the other columns of their row (see `Bindings`);
    /// `wrapped_key` is a key sealed under another; `box` is a value sealed under its own key; `state` and `tag` say
    /// which rows are the newest (see `Ledger`). STRICT keeps types true.
    static let current = VaultFormat(
        number: 2,
        schema: [
            """
            CREATE TABLE vault (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                identity BLOB NOT NULL CHECK (length(identity) = 16),
                created_at INTEGER NOT NULL,
                active_app INTEGER NOT NULL REFERENCES app (id) DEFERRABLE INITIALLY DEFERRED
            ) STRICT
            """,
            """
            CREATE TABLE key_slot (
                number INTEGER PRIMARY KEY,
                kind TEXT NOT NULL CHECK (kind IN ('passphrase', 'key-file')),
                salt BLOB NOT NULL CHECK (length(salt) = 16),
                operations INTEGER NOT NULL,
                memory INTEGER NOT NULL,
                created_at INTEGER NOT NULL,
                wrapped_key BLOB NOT NULL CHECK (length(wrapped_key) = 72)
            ) STRICT
            """,
            """
            CREATE TABLE app (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                created_at INTEGER NOT NULL,
                policy_sources BLOB,
                policy_text BLOB,
                seal BLOB NOT NULL CHECK (length(seal) = 32), \(secretCount),
                CHECK ((policy_sources IS NULL) = (policy_text IS NULL))
            ) STRICT
            """,
            """
            CREATE TABLE secret (
                id INTEGER PRIMARY KEY,
                app INTEGER NOT NULL REFERENCES app (id) ON DELETE CASCADE,
                name TEXT NOT NULL,
                current INTEGER NOT NULL,
                delivery TEXT NOT NULL CHECK (delivery IN ('env', 'file', 'fd')),
                is_deleted INTEGER NOT NULL CHECK (is_deleted IN (0, 1)),
                updated_at INTEGER NOT NULL,
                seal BLOB NOT NULL CHECK (length(seal) = 32),
                UNIQUE (app, name)
            ) STRICT
            """,
            """
            CREATE TABLE secret_version (
                id INTEGER PRIMARY KEY,
                secret INTEGER NOT NULL REFERENCES secret (id) ON DELETE CASCADE,
                number INTEGER NOT NULL CHECK (number > 0),
                delivery TEXT NOT NULL CHECK (delivery IN ('env', 'file', 'fd')),
                created_at INTEGER NOT NULL,
                wrapped_key BLOB NOT NULL CHECK (length(wrapped_key) = 72),
                box BLOB NOT NULL,
                UNIQUE (secret, number)
            ) STRICT
            """, state, tag,
        ],
        upgrades: [FormatUpgrade(from: 1, apply: addLedger)])

    /// Stands where an upgrade by ALTER TABLE puts it, since the tables are compared by their text.
    private static let secretCount = "secret_count INTEGER NOT NULL DEFAULT 0"

    private static let state = """
        CREATE TABLE state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            generation INTEGER NOT NULL,
            last_app INTEGER NOT NULL,
            last_secret INTEGER NOT NULL,
            seal BLOB CHECK (length(seal) = 32)
        ) STRICT
        """

    private static let tag = """
        CREATE TABLE tag (
            tree INTEGER NOT NULL,
            level INTEGER NOT NULL,
            number INTEGER NOT NULL,
            tags BLOB NOT NULL,
            PRIMARY KEY (tree, level, number)
        ) STRICT
        """

    /// Makes room for the ledger; without a key it cannot be written, and the first unlocking does that.
    private static func addLedger(_ database: borrowing Database) throws(VaultError) {
        try database.execute("ALTER TABLE app ADD COLUMN \(secretCount)")
        try database.execute(state)
        try database.execute(tag)
        try database.execute("INSERT INTO state (id, generation, last_app, last_secret) VALUES (1, 0, 0, 0)")
    }

    /// Makes the tables of this format in an empty file; the caller holds the transaction.
    func make(in database: borrowing Database) throws(VaultError) {
        for statement in schema { try database.execute(statement) }
        try database.execute("PRAGMA application_id = \(Self.applicationID)")
        try database.execute("PRAGMA user_version = \(number)")
    }

    /// Holds the tables in the file against this format: an added trigger, a dropped constraint or a missing table is
    /// damage.
    func check(_ database: borrowing Database) throws(VaultError) {
        let statement = try database.prepare("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL")
        var found: Set<String> = []
        while try statement.step() { found.insert(try statement.text(0)) }
        guard found == Set(schema) else { throw .corrupt("its tables are not those of format \(number)") }
    }
}
