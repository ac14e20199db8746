extension Files {
    /// The path of what `path` names, with every link on the way followed.
    public static func canonicalPath(_ path: String) throws(SystemCallError) -> String {
        let file = try open(path, .path)
        return try linkTarget("/proc/self/fd/\(file.rawValue)")
    }

    /// An absolute path without `.`, `..`, double or final slashes; names only, nothing is looked up.
    public static func absolutePath(_ path: String, from directory: String) -> String {
        if isNormal(path) { return path }
        // Bytes, and not split(separator:) and joined(separator:): on the launch path those look conformances up by name,
        // a tenth of a millisecond each.
        let slash = UInt8(ascii: "/")
        var result: [UInt8] = []
        var part: [UInt8] = []
        for byte in (path.hasPrefix("/") ? path : directory + "/" + path).utf8 + [slash] {
            guard byte == slash else {
                part.append(byte)
                continue
            }
            switch part {
            case [], [UInt8(ascii: ".")]: break
            case [UInt8(ascii: "."), UInt8(ascii: ".")]:
                while let last = result.popLast(), last != slash {}
            default: result += [slash] + part
            }
            part = []
        }
        return result.isEmpty ? "/" : String(decoding: result, as: UTF8.self)
    }

    /// Whether a path is absolute and has no part that is empty, `.` or `..`, as nearly all paths are.
    private static func isNormal(_ path: String) -> Bool {
        guard path.utf8.first == UInt8(ascii: "/"), path.utf8.count > 1 else { return false }
        // How many bytes the part has so far, and whether all of them are dots.
        var (length, isDots) = (0, true)
        for byte in path.utf8.dropFirst() {
            if byte == UInt8(ascii: "/") {
                if isDots, length < 3 { return false }
                (length, isDots) = (0, true)
            } else {
                length += 1
                if byte != UInt8(ascii: ".") { isDots = false }
            }
        }
        return !isDots || length > 2
    }

    /// Makes a directory of the user's own and those above it that are missing, each with mode 0700.
    public static func makePrivateDirectories(_ path: String) throws(SystemCallError) {
        do {
            try makeDirectory(path, mode: 0o700)
        } catch let error where error.errno == .fileExists {
            return
        } catch let error where error.errno == .noSuchFile {
            let parent = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
            guard !parent.isEmpty else { throw error }
            try makePrivateDirectories(parent)
            try makeDirectory(path, mode: 0o700)
        }
    }
}
