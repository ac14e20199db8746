internal import Linux

/// Which directories a run may have as its working tree.
public enum WorkDirectory {
    /// System folders that are no working tree themselves, nor is what lies in them.
    private static let systemTrees = [
        "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run", "/sbin", "/sys",
        "/usr", "/var/backups", "/var/cache", "/var/log", "/var/mail", "/var/spool",
    ]
    /// System folders that are no working tree themselves; what lies deeper may be one.
    private static let systemFolders = ["/home", "/media", "/mnt", "/opt", "/root", "/srv", "/var", "/var/lib"]

    /// Folders of everybody's, with the sockets of other programs in them.
    internal static let sharedFolders = ["/tmp", "/var/tmp"]

    /// Folders of a home that hold credentials.
    private static let credentialStores = [
        ".ssh", ".aws", ".gnupg", ".config/gh", ".docker", ".kube", ".password-store", ".local/share/keyrings",
    ]

    private static let hint = "change to a project's directory, or name one with --work-dir"

    /// The canonical path of the directory that the caller asked for, or of the current one.
    ///
    /// - Parameters:
    ///   - writes: What the caller named with `--write`: who names a directory there as well means it.
    ///   - roots: It must lie at or below one of these, links followed; `nil` for anywhere.
    static func find(
        _ asked: String?, writes: [String] = [], roots: [String]? = nil, places: Places
    ) throws(RunError) -> String {
        let path: String
        let status: FileStatus
        do {
            path = try Files.canonicalPath(asked ?? ".")
            status = try Files.status(path)
        } catch {
            // A name with such bytes was changed when it became text, and then names nothing.
            let isText = !(asked ?? (try? Files.canonicalPath(".")) ?? "").unicodeScalars.contains("\u{FFFD}")
            throw .workDirectory(
                asked ?? "the current directory",
                reason: isText ? error.errno.message : "its path is not UTF-8, and policies name paths as text",
                hint: isText ? "name an existing directory with --work-dir" : "rename it, or choose another")
        }
        // Not the canonical path: a link may lead to a name that holds a secret, and the caller knows what it asked for.
        let named = asked ?? path
        guard status.kind == .directory else {
            throw .workDirectory(named, reason: "not a directory", hint: "name a directory")
        }
        let home = canonicalHome(places)
        try check(path, as: named, places: places, home: home)
        if let reason = sharing(status) { throw .workDirectory(named, reason: reason, hint: hint) }
        if let reason = executedLater(path, home: home) ?? (isGitDirectory(path) ? gitReason : nil),
            !isNamed(path, in: writes)
        {
            throw .workDirectory(
                named, reason: reason, hint: hint + "; where this one is meant, name it with --write as well")
        }
        if let roots, !roots.contains(where: { isInside(path, $0) }) {
            throw .workDirectory(
                named, reason: "outside the directories that this server may work in",
                hint: "name a directory at or below \(roots.joined(separator: " or "))")
        }
        return path
    }

    /// Whether a canonical path is another or lies below it.
    internal static func isInside(_ path: String, _ root: String) -> Bool {
        path == root || path.hasPrefix(root == "/" ? "/" : root + "/")
    }

    /// Whether runs may have a directory as their work directory.
    public static func isUsable(_ path: String, places: Places) -> Bool {
        (try? find(path, places: places)) != nil
    }

    /// Refuses a directory that would open too much.
    ///
    /// - Parameter name: How the caller wrote it.
    static func check(
        _ path: String, as name: String? = nil, places: Places, home: String
    ) throws(RunError) {
        let named = name ?? path
        if path == "/" || (home != "/" && (path == home || home.hasPrefix(path + "/"))) {
            throw .workDirectory(named, reason: "a run may not write to / or to a whole home", hint: hint)
        }
        if systemFolders.contains(path) || systemTrees.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) {
            throw .workDirectory(named, reason: "a system folder is no working tree", hint: hint)
        }
        let stores = credentialStores.map { home + "/" + $0 } + places.hidden
        if stores.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) {
            throw .workDirectory(named, reason: "a credential store is no working tree", hint: hint)
        }
        if sharedFolders.contains(path) {
            throw .workDirectory(named, reason: "a folder of everybody's is no working tree", hint: hint)
        }
        if let (_, rest) = homeParts(of: path, home: home), rest.isEmpty {
            throw .workDirectory(named, reason: "a run may not write to / or to a whole home", hint: hint)
        }
    }

    /// Why a directory is not one user's alone; `nil` where it is.
    ///
    /// One that everybody may write to is taken where it is the caller's own: CI systems and some file systems give
    /// every project that mode.
    internal static func sharing(_ status: FileStatus) -> String? {
        guard status.permissions & 0o002 != 0 else { return nil }
        if status.permissions & 0o1000 != 0 { return "everybody keeps files and sockets in it" }
        return status.owner == Processes.effectiveUser ? nil : "everybody may write to it, and it is somebody else's"
    }

    private static func canonicalHome(_ places: Places) -> String {
        (try? Files.canonicalPath(places.home)) ?? places.home
    }

    private static let gitReason = "git carries out what lies in a repository's own directory"

    /// Why other programs would carry out what a run writes to a directory, as far as its path tells.
    internal static func executedLater(_ path: String, home: String) -> String? {
        if path.split(separator: "/").contains(".git") { return gitReason }
        guard let (_, rest) = homeParts(of: path, home: home), rest.hasPrefix(".") else { return nil }
        return "programs keep settings there that steer them later"
    }

    /// The home that a path lies in, the caller's or another's, and the rest of the path.
    private static func homeParts(of path: String, home: String) -> (home: Substring, rest: Substring)? {
        for own in [home, "/root"] where own != "/" && path.hasPrefix(own + "/") {
            return (own[...], path.dropFirst(own.count + 1))
        }
        guard path.hasPrefix("/home/") else { return nil }
        let name = path.dropFirst("/home/".count).prefix { $0 != "/" }
        return (path[..<name.endIndex], path[name.endIndex...].dropFirst())
    }

    /// Whether a directory is a repository without a work tree, or another's `.git`.
    private static func isGitDirectory(_ path: String) -> Bool {
        ["HEAD", "refs", "objects"].allSatisfy { (try? Files.status(path + "/" + $0, followingLinks: false)) != nil }
    }

    /// Whether a path, or a folder above it, was named by the caller.
    private static func isNamed(_ path: String, in names: [String]) -> Bool {
        names.contains { name in
            guard let named = try? Files.canonicalPath(name) else { return false }
            return path == named || path.hasPrefix(named + "/")
        }
    }
}
