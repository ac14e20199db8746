internal import Linux

/// Which directories a run may have as its working tree.
public enum WorkDirectory {
    /// System folders that are no working tree themselves; what lies deeper in the last three may be one.
    private static let systemTrees = [
        "/bin", "/boot", "/dev", "/etc", "/lib", "/lib32", "/lib64", "/libx32", "/proc", "/run", "/sbin", "/sys",
        "/usr",
    ]
    private static let systemFolders = ["/home", "/media", "/mnt", "/opt", "/root", "/srv", "/var", "/var/lib"]

    /// Folders of a home that hold credentials.
    private static let credentialStores = [
        ".ssh", ".aws", ".gnupg", ".config/gh", ".docker", ".kube", ".password-store", ".local/share/keyrings",
    ]

    /// The canonical path of the directory that the caller asked for, or of the current one.
    ///
    /// - Parameter roots: It must lie at or below one of these, links followed; `nil` for anywhere.
    static func find(_ asked: String?, roots: [String]? = nil, places: Places) throws(RunError) -> String {
        let path: String
        do {
            path = try Files.canonicalPath(asked ?? ".")
            guard try Files.status(path).kind == .directory else {
                throw RunError.workDirectory(path, reason: "not a directory", hint: "name a directory")
            }
        } catch let error as SystemCallError {
            throw .workDirectory(
                asked ?? "the current directory", reason: error.errno.message,
                hint: "name an existing directory with --work-dir")
        } catch let error as RunError {
            throw error
        } catch {
            throw .workDirectory(asked ?? ".", reason: "\(error)", hint: "name an existing directory with --work-dir")
        }
        try check(path, places: places)
        if let roots, !roots.contains(where: { isInside(path, $0) }) {
            throw .workDirectory(
                path, reason: "outside the directories that this server may work in",
                hint: "name a directory at or below \(roots.joined(separator: " or "))")
        }
        return path
    }

    /// Whether a canonical path is another or lies below it.
    private static func isInside(_ path: String, _ root: String) -> Bool {
        path == root || path.hasPrefix(root == "/" ? "/" : root + "/")
    }

    /// Whether runs may have a directory as their work directory.
    public static func isUsable(_ path: String, places: Places) -> Bool {
        (try? check(path, places: places)) != nil
    }

    /// Refuses a directory that would open too much.
    static func check(_ path: String, places: Places) throws(RunError) {
        let hint = "change to a project's directory, or name one with --work-dir"
        let home = (try? Files.canonicalPath(places.home)) ?? places.home
        if path == "/" || (home != "/" && (path == home || home.hasPrefix(path + "/"))) {
            throw .workDirectory(path, reason: "a run may not write to / or to a whole home", hint: hint)
        }
        if systemFolders.contains(path) || systemTrees.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) {
            throw .workDirectory(path, reason: "a system folder is no working tree", hint: hint)
        }
        let stores = credentialStores.map { home + "/" + $0 } + places.hidden
        if stores.contains(where: { path == $0 || path.hasPrefix($0 + "/") }) {
            throw .workDirectory(path, reason: "a credential store is no working tree", hint: hint)
        }
    }
}
