internal import Linux
internal import Policy

/// The repositories of a work tree, as far as a launch can afford to look for them; all paths are relative to the tree.
///
/// Looked at are the tree itself and its direct subfolders, the submodules that `.gitmodules` names, what a file called
/// `.git` leads to in the tree, and the submodules and further work trees of each. Repositories deeper in the tree are
/// not found. No link is followed, and what is no regular file is not read: a run made all of it.
internal struct GitDirectories: Equatable {
    /// Directories that git takes its settings from.
    private(set) var directories: Set<[UInt8]> = []
    /// Files called `.git`, which name such a directory.
    private(set) var files: Set<[UInt8]> = []
    /// Links called `.git`, and what they hold.
    private(set) var links: [[UInt8]: [UInt8]] = [:]
    /// Directories that were found by a file, and that file.
    private(set) var referrers: [[UInt8]: [UInt8]] = [:]
    /// Direct subfolders that are laid out as a repository without a work tree.
    private(set) var bare: Set<[UInt8]> = []
    /// Folders that could not be searched.
    private(set) var barred: Set<[UInt8]> = []
    /// Folders in which there is more than is looked at; the tree itself has no name.
    private(set) var cut: Set<[UInt8]> = []
    /// Whether there are more folders than are looked at.
    var isCut: Bool { !cut.isEmpty }

    /// How many direct subfolders of the tree are looked at: a tree may be made to hold up every run in it.
    private static let mostFolders = 1 << 15
    /// How many folders of git directories are looked at, and how many git directories are looked for.
    private static let (mostInner, mostDirectories) = (1 << 13, 1024)
    /// The longest `.gitmodules` and the longest file called `.git` that are read, in bytes.
    private static let (longestList, longestFile) = (1 << 20, 4096)
    /// What makes a folder a repository without a work tree of its own.
    static let bareLayout = ["HEAD", "objects", "refs"].map { Array($0.utf8) }

    /// Looks for the git directories of a tree.
    ///
    /// - Parameter isTaken: Whether a run took the right to search a folder of that status from its owner, who is then
    ///   given it back.
    init(in tree: TreeDirectory, path: String, where isTaken: @escaping (FileStatus) -> Bool = { _ in false }) {
        var search = Search(tree: tree, root: Array(path.utf8), isTaken: isTaken)
        search.takeTree()
        self = search.found
    }

    /// Nothing, of a tree that is none.
    init() {}

    /// Whether a folder of the tree is laid out as a repository without a work tree.
    static func looksBare(_ tree: TreeDirectory, _ folder: [UInt8] = []) -> Bool {
        bareLayout.allSatisfy { (try? tree.status(join(folder, $0))) != nil }
    }

    /// A name in a folder of the tree; the tree itself has no name.
    static func join(_ folder: [UInt8], _ name: [UInt8]) -> [UInt8] { folder.isEmpty ? name : folder + [0x2F] + name }

    /// A search under way.
    private struct Search {
        let tree: TreeDirectory
        /// The tree's own path.
        let root: [UInt8]
        let isTaken: (FileStatus) -> Bool
        var found = GitDirectories()
        var folders = 0
        var inner = 0

        mutating func takeTree() {
            takeRepository([])
            for path in submodules().prefix(GitDirectories.mostDirectories) where isFolder(path) {
                takeRepository(path)
            }
            forEachFolder(in: []) { search, name in
                guard name != dotGit else { return }
                search.takeRepository(name)
                guard GitDirectories.looksBare(search.tree, name) else { return }
                search.found.bare.insert(name)
                search.takeDirectory(name)
            }
        }

        /// Takes what is called `.git` in a folder.
        private mutating func takeRepository(_ folder: [UInt8]) {
            let path = GitDirectories.join(folder, dotGit)
            do throws(SystemCallError) {
                let status = try tree.status(path)
                switch status.kind {
                case .directory: takeDirectory(path)
                case .symbolicLink: found.links[path] = (try? tree.linkTarget(path)) ?? []
                case .regular:
                    found.files.insert(path)
                    let prefix = Array("gitdir:".utf8)
                    guard let text = contents(of: path, limit: GitDirectories.longestFile), text.starts(with: prefix),
                        let target = place(text.dropFirst(prefix.count), from: folder)
                    else { return }
                    takeDirectory(target, namedBy: path)
                default: found.files.insert(path)
                }
            } catch {
                if error.errno == .accessDenied { found.barred.insert(folder) }
            }
        }

        /// Takes a git directory, and those of its submodules and further work trees.
        private mutating func takeDirectory(_ path: [UInt8], namedBy file: [UInt8]? = nil) {
            guard found.directories.count < GitDirectories.mostDirectories else {
                found.cut.insert(path)
                return
            }
            // What a file names is one only where git would take it for one.
            guard isFolder(path), file == nil || hasHead(path), found.directories.insert(path).inserted else { return }
            if let file { found.referrers[path] = file }
            // Settings are those of another directory where this one says so.
            let common = GitDirectories.join(path, Array("commondir".utf8))
            if let text = contents(of: common, limit: GitDirectories.longestFile),
                let target = place(text[...], from: path)
            {
                takeDirectory(target, namedBy: common)
            }
            takeModules(in: GitDirectories.join(path, Array("modules".utf8)))
            forEachFolder(in: GitDirectories.join(path, Array("worktrees".utf8))) { search, name in
                search.takeDirectory(name)
            }
        }

        /// A submodule's name may have slashes: a folder without HEAD is part of a name. A run may make more of them than
        /// a stack takes calls.
        private mutating func takeModules(in folder: [UInt8]) {
            var pending = [folder]
            while let next = pending.popLast() {
                forEachFolder(in: next) { search, path in
                    if search.hasHead(path) { search.takeDirectory(path) } else { pending.append(path) }
                }
            }
        }

        private func hasHead(_ path: [UInt8]) -> Bool {
            (try? tree.status(GitDirectories.join(path, Array("HEAD".utf8)))) != nil
        }

        /// Calls `body` with the path of each folder in a folder.
        private mutating func forEachFolder(in folder: [UInt8], _ body: (inout Search, [UInt8]) -> Void) {
            guard folder.isEmpty || isFolder(folder), let directory = try? tree.directory(folder) else { return }
            var inner: [[UInt8]] = []
            try? directory.forEachEntry { status, name in
                guard status.kind == .directory else { return }
                guard folder.isEmpty ? folders < GitDirectories.mostFolders : self.inner < GitDirectories.mostInner
                else {
                    found.cut.insert(folder)
                    return
                }
                if folder.isEmpty { folders += 1 } else { self.inner += 1 }
                let path = GitDirectories.join(folder, name())
                restore(path, status)
                inner.append(path)
            }
            for path in inner { body(&self, path) }
        }

        /// Whether a path is that of a folder and leads over no link.
        private func isFolder(_ path: [UInt8]) -> Bool {
            guard let opened = try? tree.open(path, .path),
                let status = try? Files.status(of: BorrowedDescriptor(opened)), status.kind == .directory
            else { return false }
            restore(path, status)
            return true
        }

        private func restore(_ path: [UInt8], _ status: FileStatus) {
            guard status.isShut else { return }
            try? tree.restoreAccess(to: path, where: isTaken)
        }

        /// What a regular file holds, as far as it is no longer than it may be.
        private func contents(of path: [UInt8], limit: Int) -> [UInt8]? {
            guard let file = try? tree.open(path, .readOnly) else { return nil }
            let descriptor = BorrowedDescriptor(file)
            guard let status = try? Files.status(of: descriptor), status.kind == .regular, status.size <= limit else {
                return nil
            }
            return try? descriptor.readToEnd(limit: limit)
        }

        /// Where in the tree a path that a file names lies; `nil` where that is elsewhere.
        private func place(_ text: ArraySlice<UInt8>, from folder: [UInt8]) -> [UInt8]? {
            let spaces: Set<UInt8> = [0x20, 0x09, 0x0A, 0x0D]
            var named = text.drop { spaces.contains($0) }
            while let last = named.last, spaces.contains(last) { named.removeLast() }
            guard let first = named.first, !named.contains(0) else { return nil }
            var parts = first == 0x2F ? [] : (root + [0x2F] + folder).split(separator: 0x2F)
            for part in named.split(separator: 0x2F) where part != [0x2E] {
                if part == [0x2E, 0x2E] { _ = parts.popLast() } else { parts.append(part) }
            }
            let rootParts = root.split(separator: 0x2F)
            guard parts.count > rootParts.count, parts.starts(with: rootParts) else { return nil }
            return Array(parts.dropFirst(rootParts.count).joined(separator: [0x2F]))
        }

        /// Where the submodules lie that the tree's `.gitmodules` names.
        private func submodules() -> [[UInt8]] {
            guard let bytes = contents(of: Array(".gitmodules".utf8), limit: GitDirectories.longestList) else {
                return []
            }
            return bytes.split { $0 == 0x0A || $0 == 0x0D }.compactMap { line in
                let halves = line.split(separator: 0x3D, maxSplits: 1).map { $0.drop { $0 == 0x20 || $0 == 0x09 } }
                guard halves.count == 2, halves[0].starts(with: "path".utf8) else { return nil }
                let path = halves[1].filter { $0 != 0x22 }
                let parts = path.split(separator: 0x2F)
                return parts.isEmpty || path.first == 0x2F || parts.contains([0x2E, 0x2E]) ? nil : Array(path)
            }
        }
    }
}

/// What git calls the directory, or file, that makes a folder a repository.
private let dotGit = Array(".git".utf8)

extension Policy.Item {
    /// How a policy begins a path in the repository of the work directory.
    private static let gitPrefix = "$WORK_DIR/.git/"

    /// The path in the work directory's `.git`, which then means the same one in each git directory.
    internal var gitName: String? {
        text.hasPrefix(Self.gitPrefix) ? String(text.dropFirst(Self.gitPrefix.count)) : nil
    }
}
