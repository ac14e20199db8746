internal import CSQLite

/// One compiled statement, finalised when its owner lets go.
@safe
internal struct Statement: ~Copyable {
    private let handle: OpaquePointer
    private let action: String

    /// Takes ownership of a compiled statement.
    @unsafe
    init(owning handle: OpaquePointer, during action: String) {
        unsafe self.handle = handle
        self.action = action
    }

    deinit { unsafe sqlite3_finalize(handle) }

    /// Binds an integer to a parameter, counted from one.
    func bind(_ index: Int32, _ value: Int64) throws(VaultError) {
        try check(unsafe sqlite3_bind_int64(handle, index, value))
    }

    /// Binds a text, which SQLite copies.
    func bind(_ index: Int32, _ text: String) throws(VaultError) {
        var text = text
        let code = text.withUTF8 { bytes in
            unsafe bytes.withMemoryRebound(to: CChar.self) { characters in
                unsafe sqlite3_bind_text(
                    handle, index, characters.baseAddress, Int32(characters.count), Self.copied)
            }
        }
        try check(code)
    }

    /// Binds bytes, which SQLite copies; never a plaintext.
    func bind(_ index: Int32, _ bytes: [UInt8]) throws(VaultError) {
        let code = unsafe bytes.withUnsafeBytes { bytes -> Int32 in
            guard let start = bytes.baseAddress, bytes.count > 0 else {
                return unsafe sqlite3_bind_zeroblob(handle, index, 0)
            }
            return unsafe sqlite3_bind_blob(handle, index, start, Int32(bytes.count), Self.copied)
        }
        try check(code)
    }

    /// Binds NULL.
    func bindNull(_ index: Int32) throws(VaultError) {
        try check(unsafe sqlite3_bind_null(handle, index))
    }

    /// Moves to the next row; `false` means there is none.
    func step() throws(VaultError) -> Bool {
        let code = unsafe sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw Database.error(code, during: action)
        }
    }

    /// Runs a statement to its end and makes it ready to run again.
    func run() throws(VaultError) {
        while try step() {}
        try check(unsafe sqlite3_reset(handle))
    }

    /// Whether a column, counted from zero, is NULL.
    func isNull(_ column: Int32) -> Bool { unsafe sqlite3_column_type(handle, column) == SQLITE_NULL }

    /// An integer column; anything else there means that the file was altered.
    func integer(_ column: Int32) throws(VaultError) -> Int64 {
        try expect(SQLITE_INTEGER, in: column)
        return unsafe sqlite3_column_int64(handle, column)
    }

    /// A text column; anything else there, or bytes that are not UTF-8, means that the file was altered.
    func text(_ column: Int32) throws(VaultError) -> String {
        try expect(SQLITE_TEXT, in: column)
        guard let start = unsafe sqlite3_column_text(handle, column) else { throw .notEnoughMemory }
        let bytes = unsafe UnsafeBufferPointer(start: start, count: Int(sqlite3_column_bytes(handle, column)))
        guard let text = unsafe String(validating: bytes, as: UTF8.self) else {
            throw .corrupt("a text is not UTF-8")
        }
        return text
    }

    /// A column of bytes; anything else there means that the file was altered.
    func bytes(_ column: Int32) throws(VaultError) -> [UInt8] {
        try expect(SQLITE_BLOB, in: column)
        let count = unsafe Int(sqlite3_column_bytes(handle, column))
        guard count > 0, let start = unsafe sqlite3_column_blob(handle, column) else { return [] }
        return unsafe [UInt8](UnsafeRawBufferPointer(start: start, count: count))
    }

    private func expect(_ type: Int32, in column: Int32) throws(VaultError) {
        guard unsafe sqlite3_column_type(handle, column) == type else {
            throw .corrupt("a column has the wrong type")
        }
    }

    private func check(_ code: Int32) throws(VaultError) {
        guard code == SQLITE_OK else { throw Database.error(code, during: action) }
    }

    /// `SQLITE_TRANSIENT`, a macro that Swift cannot import: SQLite copies what is bound before it returns.
    private static var copied: sqlite3_destructor_type {
        unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
    }
}
