/// Reads `NAME=VALUE` lines: comments, `export`, single quotes, and double quotes with `\n \r \t \\ \" \$`.
///
/// Quoted values may run over lines. Nothing is expanded: `$HOME` stays as it is.
internal enum DotenvImport {
    /// Reads every line.
    static func read(
        _ bytes: Span<UInt8>, from cursor: inout ImportCursor, into entries: inout ImportEntries
    ) throws(VaultError) {
        while true {
            cursor.skipBlank(in: bytes)
            guard let byte = cursor.next(in: bytes) else { return }
            if byte == UInt8(ascii: "#") {
                skipLine(bytes, &cursor)
                continue
            }
            let line = cursor.line
            let name = try readName(bytes, &cursor, &entries)
            cursor.skipSpaces(in: bytes)
            switch cursor.next(in: bytes) {
            case UInt8(ascii: "'"): try readSingleQuoted(bytes, &cursor, &entries)
            case UInt8(ascii: "\""): try readDoubleQuoted(bytes, &cursor, &entries)
            default: readPlain(bytes, &cursor, &entries)
            }
            try entries.finish(name, line: line)
        }
    }

    /// Reads a name and the equals sign after it.
    private static func readName(
        _ bytes: Span<UInt8>, _ cursor: inout ImportCursor, _ entries: inout ImportEntries
    ) throws(VaultError) -> String {
        let line = cursor.line
        readWord(bytes, &cursor, &entries)
        var name = try entries.takeName(line: line)
        if name == "export", cursor.next(in: bytes) != UInt8(ascii: "=") {
            cursor.skipSpaces(in: bytes)
            readWord(bytes, &cursor, &entries)
            name = try entries.takeName(line: line)
        }
        cursor.skipSpaces(in: bytes)
        guard cursor.take("=", in: bytes) else {
            throw .importInvalid(line: line, why: "there is no = after the name")
        }
        return name
    }

    private static func readWord(
        _ bytes: Span<UInt8>, _ cursor: inout ImportCursor, _ entries: inout ImportEntries
    ) {
        while let byte = cursor.next(in: bytes), SecretName.isWordByte(byte) {
            _ = cursor.take(in: bytes)
            entries.append(byte)
        }
    }

    /// Reads to the end of the line, or to a comment that a space sets off.
    private static func readPlain(
        _ bytes: Span<UInt8>, _ cursor: inout ImportCursor, _ entries: inout ImportEntries
    ) {
        var isAfterSpace = true
        while let byte = cursor.next(in: bytes), byte != UInt8(ascii: "\n") {
            if byte == UInt8(ascii: "#"), isAfterSpace {
                skipLine(bytes, &cursor)
                break
            }
            _ = cursor.take(in: bytes)
            if byte == UInt8(ascii: "\r"), cursor.next(in: bytes) ?? 0x0a == 0x0a { continue }
            isAfterSpace = byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t")
            entries.append(byte)
        }
        entries.trimEnd()
    }

    private static func readSingleQuoted(
        _ bytes: Span<UInt8>, _ cursor: inout ImportCursor, _ entries: inout ImportEntries
    ) throws(VaultError) {
        let line = cursor.line
        _ = cursor.take(in: bytes)
        while let byte = cursor.take(in: bytes) {
            if byte == UInt8(ascii: "'") { return try expectLineEnd(bytes, &cursor, after: line) }
            entries.append(byte)
        }
        throw .importInvalid(line: line, why: "the quote is never closed")
    }

    private static func readDoubleQuoted(
        _ bytes: Span<UInt8>, _ cursor: inout ImportCursor, _ entries: inout ImportEntries
    ) throws(VaultError) {
        let line = cursor.line
        _ = cursor.take(in: bytes)
        while let byte = cursor.take(in: bytes) {
            switch byte {
            case UInt8(ascii: "\""): return try expectLineEnd(bytes, &cursor, after: line)
            case UInt8(ascii: "\\"):
                guard let escaped = cursor.take(in: bytes) else { break }
                switch escaped {
                case UInt8(ascii: "n"): entries.append(0x0a)
                case UInt8(ascii: "r"): entries.append(0x0d)
                case UInt8(ascii: "t"): entries.append(0x09)
                case UInt8(ascii: "\\"), UInt8(ascii: "\""), UInt8(ascii: "$"): entries.append(escaped)
                default:
                    // What is no escape keeps its backslash: a path or a pattern means what it says.
                    entries.append(byte)
                    entries.append(escaped)
                }
            default: entries.append(byte)
            }
        }
        throw .importInvalid(line: line, why: "the quote is never closed")
    }

    /// After a closing quote only a comment may follow: anything else means that the value was quoted wrongly.
    private static func expectLineEnd(
        _ bytes: Span<UInt8>, _ cursor: inout ImportCursor, after line: Int
    ) throws(VaultError) {
        cursor.skipSpaces(in: bytes)
        switch cursor.next(in: bytes) {
        case nil, 0x0a, 0x0d: return
        case UInt8(ascii: "#"): skipLine(bytes, &cursor)
        default: throw .importInvalid(line: line, why: "something follows the closing quote")
        }
    }

    private static func skipLine(_ bytes: Span<UInt8>, _ cursor: inout ImportCursor) {
        while let byte = cursor.next(in: bytes), byte != UInt8(ascii: "\n") { _ = cursor.take(in: bytes) }
    }
}
