public import Secrets

/// Reads the files that secrets are imported from; a value goes from one guarded place to another and is never a
/// `String`.
public enum ImportFile {
    /// The largest import in bytes.
    public static let maximumLength = 16 << 20
    /// The most secrets of one import: each lies between guard pages of its own, and a process has 65,530 mappings.
    public static let maximumCount = 10_000

    /// Reads dotenv lines, or one flat JSON object of strings where the first byte is `{`.
    ///
    /// Nothing is expanded. An error names the line and never shows it.
    public static func parse(
        _ bytes: borrowing SecretBytes
    ) throws(VaultError) -> [(name: String, value: SharedSecret)] {
        guard bytes.count <= maximumLength else {
            throw .importInvalid(line: 1, why: "the file is longer than 16 MiB")
        }
        return try bytes.withSpan { bytes throws(VaultError) in
            var cursor = ImportCursor()
            cursor.skipByteOrderMark(in: bytes)
            var first = cursor
            first.skipBlank(in: bytes)
            var entries = ImportEntries(capacity: bytes.count)
            if first.next(in: bytes) == UInt8(ascii: "{") {
                try JSONImport.read(bytes, from: &first, into: &entries)
            } else {
                try DotenvImport.read(bytes, from: &cursor, into: &entries)
            }
            return entries.list
        }
    }
}
