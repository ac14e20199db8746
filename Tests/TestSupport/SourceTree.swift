internal import Linux

/// The files of this repository, for tests that hold them against the house rules.
public enum SourceTree {
    /// One text file.
    public struct File: Sendable, CustomStringConvertible {
        /// Its path from the repository's root.
        public let path: String
        /// What it holds.
        public let text: String

        /// Makes a file of text that is at hand.
        public init(path: String, text: String) {
            self.path = path
            self.text = text
        }

        /// The path.
        public var description: String { path }
        /// Its lines, the empty ones included.
        public var lines: [Substring] { text.split(separator: "\n", omittingEmptySubsequences: false) }
        /// Its text with every line comment cut away.
        public var code: String {
            lines.map { line in
                guard let comment = line.firstRange(of: "//") else { return String(line) }
                return String(line[..<comment.lowerBound])
            }.joined(separator: "\n")
        }

        /// The modules that its import statements name.
        public var imports: Set<String> {
            Set(
                code.split(separator: "\n").compactMap { line in
                    let words = line.split(separator: " ")
                    guard let keyword = words.firstIndex(of: "import"), keyword < 2 else { return nil }
                    // `import struct Module.Name` imports Module.
                    return words.last?.split(separator: ".").first.map(String.init)
                })
        }
    }

    /// The root of the repository.
    public static let root = String(
        #filePath.split(separator: "/", omittingEmptySubsequences: false).dropLast(3).joined(separator: "/"))

    /// One file by its path from the root.
    public static func file(_ path: String) throws -> File {
        let bytes = try Files.contents(of: root + "/" + path, limit: 16 << 20)
        return File(path: path, text: String(decoding: bytes, as: UTF8.self))
    }

    /// Every file below a folder whose name ends with one of these, sorted by path; links are not followed.
    public static func files(under folder: String, endings: [String] = [".swift"]) throws -> [File] {
        var found: [File] = []
        for name in try Files.names(in: root + "/" + folder).sorted() {
            let path = folder + "/" + name
            switch try Files.status(root + "/" + path, followingLinks: false).kind {
            case .directory: found += try files(under: path, endings: endings)
            case .regular where endings.contains(where: name.hasSuffix): found.append(try file(path))
            default: continue
            }
        }
        return found
    }

    /// The names of the folders in a folder, sorted.
    public static func folders(in folder: String) throws -> [String] {
        try Files.names(in: root + "/" + folder).filter {
            try Files.status(root + "/" + folder + "/" + $0, followingLinks: false).kind == .directory
        }.sorted()
    }
}
