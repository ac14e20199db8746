internal import CHyperscan
internal import Glibc

/// Hyperscan's streaming mode, for comparison: it looks for so many literals, and for no disguise of any.
@safe final class Hyperscan {
    private var database: OpaquePointer?
    private var scratch: OpaquePointer?

    /// Compiles literals, which must be letters and digits.
    init?(_ literals: [String]) {
        var expressions: [UnsafePointer<CChar>?] = unsafe literals.map { literal in
            unsafe UnsafePointer(literal.withCString { text in unsafe strdup(text) })
        }
        defer { unsafe expressions.forEach { text in unsafe free(UnsafeMutablePointer(mutating: text)) } }
        let ids = (0..<UInt32(literals.count)).map { $0 }
        var error: UnsafeMutablePointer<hs_compile_error_t>?
        let result = unsafe hs_compile_multi(
            &expressions, nil, ids, UInt32(literals.count), UInt32(HS_MODE_STREAM), nil, &database, &error)
        guard result == HS_SUCCESS, unsafe hs_alloc_scratch(database, &scratch) == HS_SUCCESS else {
            unsafe hs_free_compile_error(error)
            return nil
        }
    }

    /// Scans a text in pieces; gives whether all of it was scanned.
    func scan(_ text: [UInt8], pieces: Int) -> Bool {
        var stream: OpaquePointer?
        guard unsafe hs_open_stream(database, 0, &stream) == HS_SUCCESS else { return false }
        var isWhole = true
        unsafe text.withUnsafeBytes { bytes in
            guard let start = bytes.baseAddress else { return }
            for position in stride(from: 0, to: bytes.count, by: pieces) {
                let result = unsafe hs_scan_stream(
                    stream, (start + position).assumingMemoryBound(to: CChar.self),
                    UInt32(min(pieces, bytes.count - position)), 0, scratch, nil, nil)
                isWhole = isWhole && result == HS_SUCCESS
            }
        }
        return unsafe hs_close_stream(stream, scratch, nil, nil) == HS_SUCCESS && isWhole
    }

    deinit {
        unsafe hs_free_scratch(scratch)
        unsafe hs_free_database(database)
    }
}
