internal import Linux
internal import Policy
internal import Sandbox

/// What other programs would carry out later, with more rights than the run: what of it is there is protected, what is
/// made by the run is reported.
///
/// A path that does not exist cannot be protected without leaving something behind in the user's tree. So it is looked
/// for again when everything inside has ended.
internal struct TrapWatch {
    /// Trees that the run may write to.
    private let trees: [String]
    /// The git directories of each tree.
    private let repositories: [GitDirectories]
    /// Protected names in a git directory: `hooks`, `config`, …
    private let gitNames: [String]
    /// Paths that would be protected, or hidden, and did not exist.
    private let missing: [String]
    /// Trees that could be taken for a repository without `.git` before the run, too.
    private let bareTrees: Set<String>

    /// What makes a folder a repository without a work tree of its own.
    private static let bareLayout = ["HEAD", "objects", "refs"]
    /// How a policy begins a path in the repository of the work directory.
    private static let gitPrefix = "$WORK_DIR/.git/"

    /// Looks at the trees of a run before it starts.
    ///
    /// - Parameter others: Paths that are protected beside those of the policy.
    init(policy: Policy, request: RunRequest, places: Places, workDirectory: String, others: [String] = []) {
        func expand(_ item: Policy.Item) -> String {
            item.expanded(home: places.home, workDirectory: workDirectory, runtimeDirectory: places.runtime)
        }
        var trees = policy.filesystem.write.map(expand)
        for path in request.writes { trees.append((try? Files.canonicalPath(path)) ?? path) }
        self.trees = trees
        gitNames = policy.filesystem.protect.map(\.text).filter { $0.hasPrefix(Self.gitPrefix) }
            .map { String($0.dropFirst(Self.gitPrefix.count)) }
        repositories = gitNames.isEmpty ? [] : trees.map { GitDirectories(in: $0) }
        var watched = policy.filesystem.protect.map(expand) + others + places.hidden
        for directory in repositories.flatMap(\.directories) { watched += gitNames.map { directory + "/" + $0 } }
        // A repository that is made is one trap, and not one for each of its parts.
        if !gitNames.isEmpty { watched += trees.map { $0 + "/.git" } }
        missing = Set(watched).filter { path in
            trees.contains { path.hasPrefix($0 + "/") } && !Self.exists(path)
        }.sorted()
        bareTrees = Set(trees.filter(Self.looksBare))
    }

    /// The rules that protect what is there, beside those that the policy spells out.
    var protections: [Grant] {
        repositories.flatMap { found in
            Array(found.files) + found.directories.flatMap { directory in gitNames.map { directory + "/" + $0 } }
        }.sorted().map { Grant(path: $0, access: .protect, isOptional: true, origin: "git") }
    }

    /// What the run made or replaced, sorted; paths in the first tree without that tree's.
    func written(in workDirectory: String) -> [String] {
        var found = Set(missing.filter(Self.exists))
        for (tree, before) in zip(trees, repositories) {
            let now = GitDirectories(in: tree)
            found.formUnion(now.directories.subtracting(before.directories))
            found.formUnion(now.files.subtracting(before.files))
            for path in Set(now.links.keys).union(before.links.keys) where now.links[path] != before.links[path] {
                found.insert(path)
            }
        }
        for tree in trees where !bareTrees.contains(tree) && Self.looksBare(tree) {
            found.formUnion(Self.bareLayout.map { tree + "/" + $0 })
        }
        // What lies in something that is reported needs no line of its own.
        let outermost = found.filter { path in
            var parent = path[...]
            while let slash = parent.lastIndex(of: "/"), slash > parent.startIndex {
                parent = parent[..<slash]
                if found.contains(String(parent)) { return false }
            }
            return true
        }
        return outermost.map { $0.hasPrefix(workDirectory + "/") ? String($0.dropFirst(workDirectory.count + 1)) : $0 }
            .sorted()
    }

    private static func exists(_ path: String) -> Bool { (try? Files.status(path, followingLinks: false)) != nil }

    private static func looksBare(_ tree: String) -> Bool { bareLayout.allSatisfy { exists(tree + "/" + $0) } }
}
