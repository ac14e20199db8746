extension Files {
    /// The path of what `path` names, with every link on the way followed.
    public static func canonicalPath(_ path: String) throws(SystemCallError) -> String {
        let file = try open(path, .path)
        return try linkTarget("/proc/self/fd/\(file.rawValue)")
    }

    /// An absolute path without `.`, `..`, double or final slashes; names only, nothing is looked up.
    public static func absolutePath(_ path: String, from directory: String) -> String {
        var parts: [Substring] = []
        for part in (path.hasPrefix("/") ? path : directory + "/" + path).split(separator: "/") {
            switch part {
            case ".": continue
            case "..": _ = parts.popLast()
            default: parts.append(part)
            }
        }
        return "/" + parts.joined(separator: "/")
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
