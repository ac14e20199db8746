internal import Linux

/// Something in a writable tree.
internal struct TreeEntry {
    /// The directory that it was met in.
    let folder: WalkedDirectory
    /// Its name there, or its path from there.
    let name: [UInt8]
    /// What it is.
    let status: FileStatus

    /// An open directory above it.
    var base: TreeDirectory { folder.base }
    /// Its path from there.
    var path: [UInt8] { folder.path.isEmpty ? name : folder.path + [0x2F] + name }
    /// Its whole path.
    var place: [UInt8] { folder.place.path(of: name) }
    /// What stands for its whole path.
    var key: TreePlace.Key { folder.place.key.appending(name) }
}

/// A directory of a tree, to be looked at.
internal struct WalkedDirectory {
    /// An open directory above it, or itself.
    let base: TreeDirectory
    /// Its path from there.
    let path: [UInt8]
    /// Its whole path.
    let place: TreePlace
    /// What it was when it was met; `nil` for the root of a tree.
    private(set) var status: FileStatus?
    /// Whether the directory above that is open is not the root of a tree.
    let isDeep: Bool

    /// The longest path that is walked from one open directory.
    private static let longestPath = 2048

    /// A directory that is open.
    init(_ directory: TreeDirectory, place: TreePlace, isDeep: Bool = false) {
        base = directory
        path = []
        self.place = place
        self.isDeep = isDeep
    }

    /// A directory at a path from the open root of a tree.
    fileprivate init(_ path: [UInt8], in root: TreeDirectory, place: TreePlace, status: FileStatus) {
        base = root
        self.path = path
        self.place = place
        self.status = status
        isDeep = false
    }

    /// A directory that was met in another one.
    init(_ entry: TreeEntry) {
        base = entry.base
        path = entry.path
        place = TreePlace(entry.name, in: entry.folder.place)
        status = entry.status
        isDeep = entry.folder.isDeep
    }

    /// The directory that is at its path now; `nil` where something else is.
    func renewed() throws(SystemCallError) -> WalkedDirectory? {
        guard !path.isEmpty else { return self }
        var copy = self
        let opened = try base.open(path, .path)
        copy.status = try Files.status(of: BorrowedDescriptor(opened))
        return copy.status?.kind == .directory ? copy : nil
    }

    /// The root of a tree.
    static func root(_ tree: WrittenTree) -> WalkedDirectory {
        WalkedDirectory(tree.directory, place: TreePlace(root: Array(tree.path.utf8)))
    }

    /// Calls `body` with each entry of this directory that `isWanted` or that is a directory.
    func forEachEntry(
        of directory: TreeDirectory, where isWanted: (FileStatus) -> Bool, _ body: (TreeEntry) -> Void
    ) throws(SystemCallError) {
        let folder = path.count > Self.longestPath ? WalkedDirectory(directory, place: place, isDeep: true) : self
        try directory.forEachEntry { status, name in
            guard status.kind == .directory || isWanted(status) else { return }
            body(TreeEntry(folder: folder, name: name(), status: status))
        }
    }
}

/// A directory that was looked at.
private struct LookedDirectory {
    /// The root of the tree; `nil` of one so deep that an open directory would have to be kept for it.
    private let root: TreeDirectory?
    /// How long its path from there is, in bytes.
    private let length: Int
    private let place: TreePlace
    /// Its time of change before its entries were read.
    private let changed: Int64

    init(_ directory: WalkedDirectory, changed: Int64) {
        root = directory.isDeep ? nil : directory.base
        length = directory.path.count
        place = directory.place
        self.changed = changed
    }

    /// Whether a look at it would tell nothing new: it is as it was, at the same place or at one more.
    func answers(for place: TreePlace, _ status: FileStatus) -> Bool {
        guard root != nil else { return true }
        guard status.changed == changed else { return false }
        return place.key == self.place.key || self.status?.identity == status.identity
    }

    /// The directory, where it was changed since. One that is gone, or is elsewhere by now, is told by that above it.
    func changedSince(_ identity: FileIdentity) -> WalkedDirectory? {
        guard let root, let status, status.identity == identity, status.changed != changed else { return nil }
        return WalkedDirectory(path, in: root, place: place, status: status)
    }

    private var path: [UInt8] { place.path().suffix(length) }

    /// What is at its path now.
    private var status: FileStatus? {
        guard length > 0 else { return try? root?.ownStatus }
        return try? root?.status(path)
    }
}

/// Finds what was changed in trees by looking at every entry's time of change, which no program can set.
///
/// No link is followed, and depth costs no stack and few descriptors.
internal struct ChangeWalk {
    private let isChanged: @Sendable (FileStatus) -> Bool
    /// Paths that are passed over.
    private let excluded: Set<TreePlace.Key>
    /// Whether the next directory is still to be looked at.
    private let goesOn: () -> Bool
    private var looked: [FileIdentity: LookedDirectory] = [:]
    /// What was found, as hashes of where, what and when: a directory may be looked at again.
    private var told: Set<Int> = []
    /// Where each directory is that has no change.
    private var quiet: [FileIdentity: TreePlace.Key] = [:]

    /// How often directories are looked at again that something else changes meanwhile.
    private static let mostRounds = 8

    init(since clock: ChangeClock, excluding: [String], goesOn: @escaping () -> Bool = { true }) {
        isChanged = clock.test()
        self.goesOn = goesOn
        excluded = Set(excluding.map { TreePlace.Key(Array($0.utf8)) })
    }

    /// Calls `found` for each changed entry of a tree, directories before what is in them, and `missed` for each changed
    /// directory that cannot be read.
    ///
    /// - Parameter found: Says whether the entry is still there.
    mutating func walk(
        _ tree: WrittenTree, found: (TreeEntry) -> Bool, missed: (TreePlace, SystemCallError) -> Void
    ) {
        guard !tree.isDirectory else { return walk([.root(tree)], found: found, missed: missed) }
        guard let status = try? tree.directory.status(tree.name), isChanged(status) else { return }
        _ = found(tree.entry(tree.name, status))
    }

    /// Does the same for what a watch left to be looked at.
    mutating func walk(
        _ remainder: ChangeWatch.Remainder, found: (TreeEntry) -> Bool, missed: (TreePlace, SystemCallError) -> Void
    ) {
        quiet = remainder.quiet
        for tree in remainder.trees { walk(tree, found: found, missed: missed) }
        for directory in remainder.directories {
            // What is gone, or is elsewhere by now, was told by the directory that it was in.
            guard let directory = try? directory.renewed() else { continue }
            walk([directory], found: found, missed: missed)
        }
    }

    /// Looks again at the directories that were changed since, until none is: what something else moved from one to the
    /// other meanwhile was perhaps met in neither.
    ///
    /// - Parameter later: What a watch saw since it was asked last.
    /// - Returns: Those that were changed after each look, as there is an end to how many there are.
    mutating func settle(
        later: () -> [WalkedDirectory], found: (TreeEntry) -> Bool, missed: (TreePlace, SystemCallError) -> Void
    ) -> [TreePlace] {
        for _ in 0..<Self.mostRounds {
            let directories = unsettled(later())
            guard !directories.isEmpty, goesOn() else { return [] }
            walk(directories, found: found, missed: missed)
        }
        return unsettled(later()).map(\.place)
    }

    private func unsettled(_ later: [WalkedDirectory]) -> [WalkedDirectory] {
        looked.compactMap { identity, directory in directory.changedSince(identity) }
            + later.compactMap { try? $0.renewed() }
    }

    private mutating func walk(
        _ directories: [WalkedDirectory], found: (TreeEntry) -> Bool, missed: (TreePlace, SystemCallError) -> Void
    ) {
        var pending = directories
        while let next = pending.popLast(), goesOn() {
            do {
                pending += try look(at: next, found: found).filter { inner in
                    guard let status = inner.status else { return true }
                    return quiet[status.identity] != inner.place.key
                }
            } catch let error where error.errno == .noSuchFile && !next.isDeep {
                // It was moved or removed meanwhile, which changed the directory above.
            } catch {
                if next.status.map(isChanged) ?? true { missed(next.place, error) }
            }
        }
    }

    /// Looks at one directory and gives those in it.
    private mutating func look(
        at next: WalkedDirectory, found: (TreeEntry) -> Bool
    ) throws(SystemCallError) -> [WalkedDirectory] {
        let directory = try OwnerAccess.directory(next.path, in: next.base, status: next.status, isTaken: isChanged)
        guard let status = try? directory.ownStatus else { return [] }
        // Trees may lie in each other, and a mount may show one twice.
        if let before = looked[status.identity], before.answers(for: next.place, status) { return [] }
        looked[status.identity] = LookedDirectory(next, changed: status.changed)
        var changed: [(entry: TreeEntry, mark: Int)] = []
        var inner: [WalkedDirectory] = []
        try next.forEachEntry(of: directory, where: isChanged) { entry in
            guard !excluded.contains(entry.key) else { return }
            let isFound = isChanged(entry.status)
            let mark = isFound ? Self.mark(of: entry) : 0
            if isFound, told.insert(mark).inserted {
                changed.append((entry, mark))
            } else if entry.status.kind == .directory {
                inner.append(WalkedDirectory(entry))
            }
        }
        for (entry, mark) in changed {
            guard found(entry) else {
                // Where it comes back, it is to be found again.
                told.remove(mark)
                continue
            }
            if entry.status.kind == .directory { inner.append(WalkedDirectory(entry)) }
        }
        return inner
    }

    private static func mark(of entry: TreeEntry) -> Int {
        var hasher = Hasher()
        hasher.combine(entry.key)
        hasher.combine(entry.status.identity)
        hasher.combine(entry.status.changed)
        return hasher.finalize()
    }
}

/// Opens what the run took its owner's right to read from; a file's is taken away again afterwards.
internal enum OwnerAccess {
    /// Opens a directory below another one, to read it and to reach what is in it.
    ///
    /// - Parameters:
    ///   - status: What it was when it was met; `nil` for the root of a tree.
    ///   - isTaken: Whether the run changed a directory of that status.
    static func directory(
        _ path: [UInt8], in base: TreeDirectory, status: FileStatus?, isTaken: (FileStatus) -> Bool
    ) throws(SystemCallError) -> TreeDirectory {
        if status?.isShut ?? true {
            try base.restoreAccess(to: path, where: isTaken)
        }
        return try base.directory(path)
    }

    /// Opens a regular file for reading.
    static func file(_ entry: TreeEntry) throws(SystemCallError) -> FileDescriptor {
        do {
            return try entry.base.open(entry.path, .readOnly)
        } catch let error where error.errno == .accessDenied {
            return try entry.base.shutFile(entry.path, entry.status.identity)
        }
    }
}
