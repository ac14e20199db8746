/// Reads one flat JSON object whose values are strings (RFC 8259).
///
/// Numbers, booleans and null are refused: how one would be written in a variable is a guess.
internal enum JSONImport {
    /// Reads the object and demands that nothing follows it.
    static func read(
        _ bytes: Span<UInt8>, from cursor: inout ImportCursor, into entries: inout ImportEntries
    ) throws(VaultError) {
        _ = cursor.take("{", in: bytes)
        cursor.skipBlank(in: bytes)
        if !cursor.take("}", in: bytes) {
            repeat {
                cursor.skipBlank(in: bytes)
                let line = cursor.line
                try readString(bytes, &cursor, &entries, "a name in quotes is missing")
                let name = try entries.takeName(line: line)
                cursor.skipBlank(in: bytes)
                guard cursor.take(":", in: bytes) else {
                    throw .importInvalid(line: cursor.line, why: "there is no : after the name")
                }
                cursor.skipBlank(in: bytes)
                try readString(bytes, &cursor, &entries, "the value is not a string in quotes")
                try entries.finish(name, line: line)
                cursor.skipBlank(in: bytes)
            } while cursor.take(",", in: bytes)
            guard cursor.take("}", in: bytes) else {
                throw .importInvalid(line: cursor.line, why: "there is no , or } after the value")
            }
        }
        cursor.skipBlank(in: bytes)
        guard cursor.next(in: bytes) == nil else {
            throw .importInvalid(line: cursor.line, why: "something follows the object")
        }
    }

    private static func readString(
        _ bytes: Span<UInt8>, _ cursor: inout ImportCursor, _ entries: inout ImportEntries, _ otherwise: String
    ) throws(VaultError) {
        let line = cursor.line
        guard cursor.take("\"", in: bytes) else { throw .importInvalid(line: line, why: otherwise) }
        while let byte = cursor.take(in: bytes) {
            switch byte {
            case UInt8(ascii: "\""): return
            case UInt8(ascii: "\\"): try readEscape(bytes, &cursor, &entries)
            case 0..<0x20: throw .importInvalid(line: line, why: "a string holds a control character")
            default: entries.append(byte)
            }
        }
        throw .importInvalid(line: line, why: "a string is never closed")
    }

    private static func readEscape(
        _ bytes: Span<UInt8>, _ cursor: inout ImportCursor, _ entries: inout ImportEntries
    ) throws(VaultError) {
        switch cursor.take(in: bytes) {
        case UInt8(ascii: "n"): entries.append(0x0a)
        case UInt8(ascii: "r"): entries.append(0x0d)
        case UInt8(ascii: "t"): entries.append(0x09)
        case UInt8(ascii: "b"): entries.append(0x08)
        case UInt8(ascii: "f"): entries.append(0x0c)
        case UInt8(ascii: "\""): entries.append(UInt8(ascii: "\""))
        case UInt8(ascii: "\\"): entries.append(UInt8(ascii: "\\"))
        case UInt8(ascii: "/"): entries.append(UInt8(ascii: "/"))
        case UInt8(ascii: "u"): append(try readScalar(bytes, &cursor), to: &entries)
        default: throw .importInvalid(line: cursor.line, why: "a backslash begins no known escape")
        }
    }

    /// Reads four digits, or eight where they are the halves of a surrogate pair.
    private static func readScalar(_ bytes: Span<UInt8>, _ cursor: inout ImportCursor) throws(VaultError) -> UInt32 {
        let high = try readUnit(bytes, &cursor)
        guard (0xd800...0xdfff).contains(high) else { return high }
        guard high < 0xdc00, cursor.take("\\", in: bytes), cursor.take("u", in: bytes) else {
            throw .importInvalid(line: cursor.line, why: "half of a surrogate pair stands alone")
        }
        let low = try readUnit(bytes, &cursor)
        guard (0xdc00...0xdfff).contains(low) else {
            throw .importInvalid(line: cursor.line, why: "half of a surrogate pair stands alone")
        }
        return 0x10000 + (high - 0xd800) << 10 + (low - 0xdc00)
    }

    private static func readUnit(_ bytes: Span<UInt8>, _ cursor: inout ImportCursor) throws(VaultError) -> UInt32 {
        var unit: UInt32 = 0
        for _ in 0..<4 {
            let byte = cursor.take(in: bytes) ?? 0
            let digit: UInt8
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digit = byte - UInt8(ascii: "0")
            case UInt8(ascii: "a")...UInt8(ascii: "f"): digit = byte - UInt8(ascii: "a") + 10
            case UInt8(ascii: "A")...UInt8(ascii: "F"): digit = byte - UInt8(ascii: "A") + 10
            default: throw .importInvalid(line: cursor.line, why: "\\u needs four hexadecimal digits")
            }
            unit = unit << 4 | UInt32(digit)
        }
        return unit
    }

    private static func append(_ scalar: UInt32, to entries: inout ImportEntries) {
        switch scalar {
        case 0..<0x80: entries.append(UInt8(scalar))
        case 0x80..<0x800:
            entries.append(0xc0 | UInt8(scalar >> 6))
            entries.append(continuation(scalar))
        case 0x800..<0x10000:
            entries.append(0xe0 | UInt8(scalar >> 12))
            entries.append(continuation(scalar >> 6))
            entries.append(continuation(scalar))
        default:
            entries.append(0xf0 | UInt8(scalar >> 18))
            entries.append(continuation(scalar >> 12))
            entries.append(continuation(scalar >> 6))
            entries.append(continuation(scalar))
        }
    }

    private static func continuation(_ bits: UInt32) -> UInt8 { 0x80 | UInt8(bits & 0x3f) }
}
