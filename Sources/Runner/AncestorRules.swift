internal import Linux
internal import Policy
internal import Sandbox

/// What a policy takes away in the directories above a work directory, from a root of the server's on.
///
/// A caller of the server chooses the work directory and no policy. If `$WORK_DIR` meant the chosen directory alone, a
/// directory further in would turn `$WORK_DIR/secrets` into something that is not there, and show what lies in it. So
/// what is masked or protected in a directory stays so for a run that starts further in.
internal struct AncestorRules: Equatable {
    /// The rules of the directories above; their paths have no links.
    private(set) var grants: [Grant] = []

    /// How many folders below a root a run may start: each costs a look at every rule.
    internal static let deepest = 64

    /// Finds the rules, and refuses a work directory that one of them covers.
    ///
    /// - Parameters:
    ///   - policy: The policy, its patterns not expanded.
    ///   - roots: The server's, canonical; there are no such rules where it is `nil`.
    ///   - workDirectory: The canonical path of the directory, which lies at or below a root.
    ///   - name: How the caller wrote it; what else a link leads to is not shown.
    init(
        of policy: Policy, roots: [String]?, workDirectory: String, as name: String? = nil, places: Places
    ) throws(RunError) {
        let name = name ?? workDirectory
        let around = (roots ?? []).filter { WorkDirectory.isInside(workDirectory, $0) }
        // The outermost: one further in must not lift what holds in one further out.
        guard let root = around.min(by: { $0.utf8.count < $1.utf8.count }), root != workDirectory else { return }
        let way = try Self.way(from: root, to: workDirectory, as: name)
        let rules =
            policy.filesystem.mask.map { Rule(item: $0, access: .mask) }
            + policy.filesystem.protect.map { Rule(item: $0, access: .protect) }
        // What is spelled out around the root is the person's own choice of root; inside it is the caller's.
        for rule in rules where !rule.moves {
            for path in try rule.paths(in: root, places: places) { try rule.check(path, way.dropFirst(), as: name) }
        }
        for directory in way.dropLast() {
            for rule in rules where rule.moves {
                for path in try rule.paths(in: directory.path, places: places) {
                    try rule.check(path, way[...], as: name, from: directory.path)
                    grants.append(rule.grant(path))
                }
            }
            takeRepositories(of: directory.path, inside: workDirectory, rules)
        }
    }

    /// What is protected and need not be there.
    var protectedPaths: [String] { grants.filter { $0.access == .protect }.map(\.path) }

    /// Takes what stands of `.git` for the submodules that a directory above names, too.
    private mutating func takeRepositories(of directory: String, inside workDirectory: String, _ rules: [Rule]) {
        let rules = rules.filter { $0.access == .protect && $0.item.gitName != nil }
        guard !rules.isEmpty else { return }
        // What cannot be listed cannot be looked at by the run either, which starts further in.
        guard let tree = try? TreeDirectory(directory) else { return }
        func inside(_ paths: Set<[UInt8]>) -> [String] {
            paths.compactMap { String(validating: $0, as: UTF8.self) }.map { directory + "/" + $0 }
                .filter { WorkDirectory.isInside($0, workDirectory) }.sorted()
        }
        let found = GitDirectories(in: tree, path: directory)
        for path in inside(found.directories) {
            for rule in rules {
                guard let name = rule.item.gitName else { continue }
                grants.append(rule.grant(Self.canonical(path + "/" + name)))
            }
        }
        for path in inside(found.files) {
            grants.append(
                Grant(path: path, access: .protect, isOptional: true, origin: "git", canonicalPath: path))
        }
    }

    /// The directories from a root to one below it, both among them.
    private static func way(
        from root: String, to directory: String, as name: String
    ) throws(RunError) -> [Directory] {
        let names = directory.utf8.dropFirst(root.utf8.count).split(separator: UInt8(ascii: "/"))
        guard names.count <= deepest else {
            throw .workDirectory(
                name, reason: "more than \(deepest) folders below \(root)", hint: "name a directory further out")
        }
        var (path, paths) = (root == "/" ? "" : root, [root])
        for name in names {
            path += "/" + Substring(name)
            paths.append(path)
        }
        do throws(SystemCallError) {
            return try paths.map { path throws(SystemCallError) in
                Directory(path: path, identity: try Files.status(path).identity)
            }
        } catch {
            throw .workDirectory(name, reason: error.errno.message, hint: "name an existing directory")
        }
    }

    /// A path with the links on its way followed, as far as there is something.
    fileprivate static func canonical(_ path: String) -> String {
        if let canonical = try? Files.canonicalPath(path) { return canonical }
        guard let slash = path.lastIndex(of: "/"), slash > path.startIndex else { return path }
        let parent = canonical(String(path[..<slash]))
        return (parent == "/" ? "" : parent) + path[slash...]
    }

    /// A directory on the way from the root to the work directory.
    private struct Directory {
        let path: String
        let identity: FileIdentity
    }

    /// A rule that takes something away.
    private struct Rule {
        let item: Policy.Item
        let access: Grant.Access

        /// Whether it means something else in each work directory.
        var moves: Bool { item.text == "$WORK_DIR" || item.text.hasPrefix("$WORK_DIR/") }

        /// What it means in a directory, links followed.
        func paths(in directory: String, places: Places) throws(RunError) -> [String] {
            try PathPatterns.expand(item, grants: false, places: places, workDirectory: directory).map { item in
                AncestorRules.canonical(
                    item.canonicalPath
                        ?? item.expanded(
                            home: places.home, workDirectory: directory, runtimeDirectory: places.runtime))
            }
        }

        /// The rule for one path; a protected one may be missing, a mask says itself whether other names do harm.
        func grant(_ path: String) -> Grant {
            Grant(
                path: path, access: access, isOptional: access == .protect || item.isOptional, origin: "\(item.origin)",
                canonicalPath: path)
        }

        /// Refuses to start in what a path of the rule covers.
        ///
        /// Held against each other is what the paths name, for a file system may have several names for one directory.
        ///
        /// - Parameters:
        ///   - name: How the caller wrote the work directory.
        ///   - directory: The one in which the rule means the path, where it means another one elsewhere.
        func check(
            _ path: String, _ way: ArraySlice<Directory>, as name: String, from directory: String? = nil
        ) throws(RunError) {
            guard let identity = try? Files.status(path).identity,
                way.contains(where: { $0.identity == identity })
            else { return }
            // A path on the way is shown where the caller wrote it.
            let place =
                directory.map { directory in
                    let isWritten = WorkDirectory.isInside(name, directory)
                    return ", which holds from \(isWritten ? directory : "a directory above it") on,"
                } ?? ""
            throw .coveredDirectory(
                name, path: WorkDirectory.isInside(name, path) ? path : nil,
                rule: "\(access == .mask ? "mask" : "protect") = \"\(item.text)\" (\(item.origin))\(place)")
        }
    }
}
