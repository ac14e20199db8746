internal import Linux
internal import Policy
internal import Sandbox
internal import WrittenFiles

/// What other programs would carry out later, with more rights than the run: what of it is there is protected, what is
/// made by the run is reported.
///
/// A path that does not exist cannot be protected without leaving something behind in the user's tree. So it is looked
/// for again when everything inside has ended.
internal struct TrapWatch {
    /// Something that the run made or replaced.
    struct Trap {
        /// The tree that it lies in.
        let tree: WrittenTree
        /// Its path from there.
        let path: [UInt8]
        /// Its whole path, as text.
        var place: String { tree.path + "/" + String(decoding: path, as: UTF8.self) }
    }

    /// The trees that the run may write to, as they were before it.
    private let trees: [WatchedTree]
    /// Protected names in a git directory: `hooks`, `config`, …
    private let gitNames: [String]

    /// Looks at the trees of a run before it starts.
    ///
    /// - Parameter others: Paths that are protected beside those of the policy.
    init(policy: Policy, request: RunRequest, places: Places, workDirectory: String, others: [String] = []) {
        func expand(_ item: Policy.Item) -> String {
            item.expanded(home: places.home, workDirectory: workDirectory, runtimeDirectory: places.runtime)
        }
        gitNames = policy.filesystem.protect.compactMap(\.gitName)
        let watched = policy.filesystem.protect.map(expand) + others + places.hidden
        var trees: [WatchedTree] = []
        for path in policy.filesystem.write.map(expand) + request.writes {
            // What is missing is refused, or passed over, where the root is laid out.
            guard let canonical = try? Files.canonicalPath(path), !trees.contains(where: { $0.tree.path == canonical }),
                let tree = try? WrittenTree(canonical)
            else { continue }
            trees.append(WatchedTree(tree, spelled: path, watched: watched, gitNames: gitNames))
        }
        self.trees = trees
    }

    /// The trees that the run may write to.
    var written: [WrittenTree] { trees.map(\.tree) }

    /// A tree with more folders than are looked at for repositories, if there is one.
    var tooLarge: String? { trees.first(where: \.hasTooManyFolders)?.tree.path }

    /// The rules that protect what is there, beside those that the policy spells out.
    var protections: [Grant] {
        trees.flatMap { $0.protected(gitNames) }.sorted()
            .map { Grant(path: $0, access: .protect, isOptional: true, origin: "git") }
    }

    /// What the run made or replaced, sorted, each by its outermost path; and whether there were too many folders to
    /// look at them all.
    ///
    /// - Parameter clock: Taken before the program started.
    func look(since clock: ChangeClock) -> (traps: [Trap], isCut: Bool) {
        let isTaken = clock.test()
        var found: [String: Trap] = [:]
        var isCut = false
        for tree in trees {
            let written = tree.written(gitNames, where: isTaken)
            isCut = isCut || written.isCut
            for path in written.paths {
                let trap = Trap(tree: tree.tree, path: path)
                found[trap.place] = found[trap.place] ?? trap
            }
        }
        // What lies in something that is reported needs no line of its own.
        let outermost = found.values.filter { trap in
            var parent = trap.place[...]
            while let slash = parent.lastIndex(of: "/"), slash > parent.startIndex {
                parent = parent[..<slash]
                if found[String(parent)] != nil { return false }
            }
            return true
        }
        return (outermost.sorted { $0.place < $1.place }, isCut)
    }
}
