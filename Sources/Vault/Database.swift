internal import CSQLite
internal import Linux

/// One connection to one SQLite file, closed when its owner lets go.
///
/// All of the module's contact with SQLite is in this file and in `Statement`; what they throw is already a `VaultError`.
@safe
internal struct Database: ~Copyable {
    fileprivate let handle: OpaquePointer

    /// Opens a file that exists.
    ///
    /// - Parameter readOnly: Whether nothing may be written, not even a journal.
    init(_ path: String, readOnly: Bool) throws(VaultError) {
        let access = readOnly ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE
        var opened: OpaquePointer?
        let code = unsafe sqlite3_open_v2(
            path, &opened, access | SQLITE_OPEN_FULLMUTEX | SQLITE_OPEN_NOFOLLOW | SQLITE_OPEN_PRIVATECACHE, nil)
        guard code == SQLITE_OK, let connection = unsafe opened else {
            let extended = unsafe opened.map { unsafe sqlite3_extended_errcode($0) } ?? code
            // Even a failed open leaves a connection behind.
            unsafe sqlite3_close_v2(opened)
            throw Self.error(extended, during: "open the vault")
        }
        unsafe sqlite3_extended_result_codes(connection, 1)
        unsafe sqlite3_busy_timeout(connection, 2000)
        unsafe handle = connection
    }

    // Statements that still live keep the connection alive until they are finalised.
    deinit { unsafe sqlite3_close_v2(handle) }

    /// Runs statements that return nothing of interest.
    func execute(_ sql: String) throws(VaultError) {
        let code = unsafe sqlite3_exec(handle, sql, nil, nil, nil)
        guard code == SQLITE_OK else { throw Self.error(code, during: Self.action(sql)) }
    }

    /// Compiles one statement.
    func prepare(_ sql: String) throws(VaultError) -> Statement {
        var compiled: OpaquePointer?
        let code = unsafe sqlite3_prepare_v2(handle, sql, -1, &compiled, nil)
        guard code == SQLITE_OK, let statement = unsafe compiled else {
            throw Self.error(code, during: Self.action(sql))
        }
        return unsafe Statement(owning: statement, during: Self.action(sql))
    }

    /// The first column of the first row, where it is an integer.
    func integer(_ sql: String) throws(VaultError) -> Int64? {
        let statement = try prepare(sql)
        return try statement.step() ? try statement.integer(0) : nil
    }

    /// How many rows the last statement changed.
    var changedRows: Int { Int(unsafe sqlite3_changes64(handle)) }

    /// Runs `body` in a transaction that starts with the write lock, and takes everything back where it throws.
    func transaction<R: ~Copyable>(_ body: () throws(VaultError) -> R) throws(VaultError) -> R {
        try execute("BEGIN IMMEDIATE")
        do {
            let result = try body()
            try execute("COMMIT")
            return result
        } catch {
            // A failed COMMIT, or a full disk, may have rolled back already; what counts is the first error.
            _ = unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil)
            throw error
        }
    }

    /// Runs `body`, which only reads, on one state of the file: what other programs commit meanwhile is not seen.
    func snapshot<R: ~Copyable>(_ body: () throws(VaultError) -> R) throws(VaultError) -> R {
        try execute("BEGIN")
        // Nothing was written, so how it ends does not matter, and it cannot fail in a way that matters.
        defer { _ = unsafe sqlite3_exec(handle, "ROLLBACK", nil, nil, nil) }
        return try body()
    }

    /// What went wrong, in the vault's terms.
    ///
    /// - Parameter code: An extended result code, whose low byte is the primary one.
    static func error(_ code: Int32, during action: String) -> VaultError {
        switch code & 0xff {
        case SQLITE_BUSY, SQLITE_LOCKED: .busy
        case SQLITE_CORRUPT, SQLITE_NOTADB, SQLITE_CONSTRAINT, SQLITE_MISMATCH, SQLITE_SCHEMA:
            .corrupt("could not \(action)")
        case SQLITE_FULL: .storageFull("no space is left")
        case SQLITE_IOERR: .storageFull("input or output failed")
        case SQLITE_READONLY: .storageFull("the file or its folder is read-only")
        case SQLITE_CANTOPEN: .storageFull("the file or its journal cannot be opened")
        case SQLITE_NOMEM: .notEnoughMemory
        // A statement of ours that does not compile means that a table or column it names is gone.
        case SQLITE_ERROR: .corrupt("could not \(action)")
        default: .database(code: code, during: action)
        }
    }

    /// What a statement does, in a person's words.
    private static func action(_ sql: String) -> String {
        switch sql.prefix(while: { !$0.isWhitespace }) {
        case "SELECT", "EXPLAIN": "read its tables"
        case "INSERT", "UPDATE", "DELETE": "change its tables"
        case "CREATE", "ALTER": "make its tables"
        case "BEGIN", "COMMIT": "begin or end a change"
        case "VACUUM": "copy it"
        default: "read its settings"
        }
    }
}
