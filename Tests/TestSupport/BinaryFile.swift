internal import Linux

/// Looks at executables without running them.
public enum BinaryFile {
    /// A segment that is mapped; elf(5), `PT_LOAD`.
    public static let loadSegment: UInt32 = 1
    /// The segment with the dynamic section; `PT_DYNAMIC`.
    public static let dynamicSegment: UInt32 = 2
    /// The segment that names an interpreter; `PT_INTERP`.
    public static let interpreterSegment: UInt32 = 3

    /// A whole file of at most 512 MiB.
    public static func contents(of path: String) throws -> [UInt8] {
        try Files.contents(of: path, limit: 512 << 20)
    }

    /// The kinds of the program headers of a 64-bit little-endian ELF file, or `nil` where it is none.
    public static func segmentKinds(_ bytes: [UInt8]) -> [UInt32]? {
        guard bytes.count >= 64, bytes[0..<6] == [0x7f, 0x45, 0x4c, 0x46, 2, 1] else { return nil }
        let (start, size, count) = (number(bytes, 32, 8), number(bytes, 54, 2), number(bytes, 56, 2))
        guard size >= 4, start + size * count <= UInt64(bytes.count) else { return nil }
        return (0..<count).map { UInt32(number(bytes, Int(start + size * $0), 4)) }
    }

    /// Whether a file holds a piece of text.
    public static func holds(_ bytes: [UInt8], _ text: String) -> Bool {
        let wanted = Array(text.utf8)
        guard let first = wanted.first, bytes.count >= wanted.count else { return false }
        let (haystack, needle) = (bytes.span, wanted.span)
        for start in 0...(haystack.count - needle.count) where haystack[start] == first {
            var matched = 1
            while matched < needle.count, haystack[start + matched] == needle[matched] { matched += 1 }
            if matched == needle.count { return true }
        }
        return false
    }

    private static func number(_ bytes: [UInt8], _ offset: Int, _ width: Int) -> UInt64 {
        bytes[offset..<offset + width].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}
