internal import Linux
internal import WrittenFiles

/// A tree that a run may write to, as it was before the run; paths in it are relative to it, and bytes.
internal struct WatchedTree {
    /// The tree, held.
    let tree: WrittenTree
    /// Its repositories.
    private let repositories: GitDirectories
    /// Whether it could be taken for a repository without `.git` before the run, too.
    private let isBare: Bool
    /// Paths that would be protected, or hidden, and did not exist.
    private var missing: [[UInt8]] = []
    /// Links on the way to what is protected, and what they hold: a mount covers only what they lead to.
    private var links: [[UInt8]: [UInt8]] = [:]
    /// Paths that would be protected, lead over a link and to nothing.
    private var dangling: [[UInt8]] = []
    /// What no rule can protect, by path, and how it was.
    private var unguarded: [[UInt8]: [FileStatus]?] = [:]

    /// What there is at a path.
    private enum Look {
        case nothing
        case something
        /// The path, or one above it, is a link.
        case link([UInt8])
    }

    /// The most entries of a folder that are compared.
    private static let mostCompared = 4096

    /// Looks at a tree before a run.
    ///
    /// - Parameters:
    ///   - tree: The tree, held.
    ///   - spelled: Its path as the rules spell it.
    ///   - watched: Whole paths that are protected or hidden, as far as they exist.
    ///   - gitNames: What is protected in each git directory; where nothing is, none is looked for.
    init(_ tree: WrittenTree, spelled: String, watched: [String], gitNames: [String]) {
        self.tree = tree
        guard tree.isDirectory else {
            repositories = GitDirectories()
            isBare = false
            return
        }
        let (path, tree) = (tree.path, tree.directory)
        isBare = GitDirectories.looksBare(tree)
        repositories =
            gitNames.isEmpty ? GitDirectories() : GitDirectories(in: tree, path: path)
        var wanted: Set<[UInt8]> = []
        for whole in watched {
            for prefix in [path, spelled] where whole.hasPrefix(prefix + "/") {
                wanted.insert(Array(whole.utf8.dropFirst(prefix.utf8.count + 1)))
            }
        }
        // A repository that is made is one trap, and not one for each of its parts.
        if !gitNames.isEmpty { wanted.insert(Array(".git".utf8)) }
        for directory in repositories.directories {
            // Rules name paths as text.
            let isNamed = String(validating: directory, as: UTF8.self) != nil
            for name in gitNames {
                let inner = GitDirectories.join(directory, Array(name.utf8))
                wanted.insert(inner)
                if !isNamed { unguarded.updateValue(Self.state(of: inner, in: tree), forKey: inner) }
            }
        }
        for inner in wanted { remember(inner, in: tree) }
    }

    private mutating func remember(_ inner: [UInt8], in tree: TreeDirectory) {
        switch Self.look(at: inner, in: tree, where: { _ in false }) {
        case .nothing: missing.append(inner)
        case .something: break
        case .link(let link):
            links[link] = (try? tree.linkTarget(link)) ?? []
            if leadsNowhere(inner) { dangling.append(inner) }
        }
    }

    /// Whether the tree itself has more folders than are looked at.
    var hasTooManyFolders: Bool { repositories.cut.contains([]) }

    /// The paths of what is there and to be protected, beside what the rules spell out; of what cannot be searched, or has
    /// more in it than is looked at, the folder itself.
    func protected(_ gitNames: [String]) -> [String] {
        let inner =
            Array(repositories.files) + repositories.barred.union(repositories.cut).filter { !$0.isEmpty }
            + repositories.directories.flatMap { directory in
                gitNames.map { GitDirectories.join(directory, Array($0.utf8)) }
            }
        return inner.compactMap { String(validating: $0, as: UTF8.self) }.map { tree.path + "/" + $0 }
    }

    /// What the run made or replaced, and whether there are too many folders to look at them all.
    ///
    /// Folders are given back what their owner needs to search them, where the run took it: it would hide what is in them.
    ///
    /// - Parameter isTaken: Whether the run changed a folder of that status.
    func written(
        _ gitNames: [String], where isTaken: @escaping (FileStatus) -> Bool
    ) -> (paths: Set<[UInt8]>, isCut: Bool) {
        guard tree.isDirectory else { return ([], false) }
        let (path, tree) = (tree.path, tree.directory)
        try? tree.restoreAccess(to: [], where: isTaken)
        var found: Set<[UInt8]> = []
        let now = gitNames.isEmpty ? GitDirectories() : GitDirectories(in: tree, path: path, where: isTaken)
        found.formUnion(now.files.subtracting(repositories.files))
        for inner in Set(now.links.keys).union(repositories.links.keys)
        where now.links[inner] != repositories.links[inner] {
            found.insert(inner)
        }
        for inner in missing {
            switch Self.look(at: inner, in: tree, where: isTaken) {
            case .nothing: break
            case .something: found.insert(inner)
            case .link(let link): found.insert(link)
            }
        }
        for (link, target) in links where (try? tree.linkTarget(link)) != target { found.insert(link) }
        found.formUnion(dangling.filter { !leadsNowhere($0) })
        for (inner, before) in unguarded where before == nil || Self.state(of: inner, in: tree) != before {
            found.insert(inner)
        }
        if !isBare, GitDirectories.looksBare(tree) { found.formUnion(GitDirectories.bareLayout) }
        for inner in now.directories.subtracting(repositories.directories) {
            if let file = now.referrers[inner], found.contains(file) { continue }
            if now.bare.contains(inner) {
                // Other things may lie beside what makes the folder one.
                found.formUnion(GitDirectories.bareLayout.map { GitDirectories.join(inner, $0) })
            } else {
                found.insert(inner)
            }
        }
        return (found, now.isCut)
    }

    /// Whether a path over links names nothing.
    private func leadsNowhere(_ inner: [UInt8]) -> Bool {
        guard let text = String(validating: inner, as: UTF8.self) else { return false }
        do throws(SystemCallError) {
            _ = try Files.status(tree.path + "/" + text)
            return false
        } catch {
            return Self.saysNothing(error)
        }
    }

    /// What there is at a path. What cannot be looked at is something.
    private static func look(
        at inner: [UInt8], in tree: TreeDirectory, where isTaken: (FileStatus) -> Bool
    ) -> Look {
        var part: [UInt8] = []
        for name in inner.split(separator: 0x2F) {
            part = GitDirectories.join(part, Array(name))
            do throws(SystemCallError) {
                let status = try tree.status(part)
                if status.kind == .symbolicLink { return .link(part) }
                if status.kind == .directory, status.isShut { try? tree.restoreAccess(to: part, where: isTaken) }
            } catch {
                return saysNothing(error) ? .nothing : .something
            }
        }
        return .something
    }

    private static func saysNothing(_ error: SystemCallError) -> Bool {
        error.errno == .noSuchFile || error.errno == .notDirectory
    }

    /// How a file is, or a folder with what is in it; `nil` where there is too much in it.
    private static func state(of inner: [UInt8], in tree: TreeDirectory) -> [FileStatus]? {
        guard let status = try? tree.status(inner) else { return [] }
        var state = [status]
        guard status.kind == .directory, let directory = try? tree.directory(inner) else { return state }
        var entries: [(name: [UInt8], status: FileStatus)] = []
        var isCut = false
        try? directory.forEachEntry { status, name in
            if entries.count < mostCompared { entries.append((name(), status)) } else { isCut = true }
        }
        // Of too many it cannot be said that they are as they were.
        guard !isCut else { return nil }
        entries.sort { $0.name.lexicographicallyPrecedes($1.name) }
        state += entries.map(\.status)
        return state
    }
}
