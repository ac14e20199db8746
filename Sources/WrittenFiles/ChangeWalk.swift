public import Linux

/// The moment from which on changes count, by the clock that file systems stamp them with.
public struct ChangeClock: Sendable {
    private let start: Int64
    private let offset: Int64

    /// File systems that keep whole seconds, or every second one, round down.
    private static let coarsest: Int64 = 2_000_000_000
    private static let second: Int64 = 1_000_000_000

    /// Takes the moment: before the program starts.
    public init() {
        start = Clocks.changeNanoseconds
        offset = Self.offset()
    }

    /// The offset of the two clocks. A pause between the look at one and at the other makes it smaller than it is.
    private static func offset() -> Int64 {
        max(Clocks.offsetNanoseconds, Clocks.offsetNanoseconds, Clocks.offsetNanoseconds)
    }

    /// What tells changes since then, taken when the program has ended.
    ///
    /// A clock that was set back meanwhile stamped changes with times before the start.
    public func test() -> @Sendable (FileStatus) -> Bool {
        // The two clocks of an offset are read one after the other.
        let setBack = offset - Self.offset()
        let since = setBack > 1_000_000 ? start - setBack : start
        return { status in
            status.changed >= since
                || (status.changed % Self.second == 0 && status.changed >= since - Self.coarsest)
        }
    }
}

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

    /// The longest path that is walked from one open directory.
    private static let longestPath = 2048

    /// A directory that is open.
    init(_ directory: TreeDirectory, place: TreePlace) {
        base = directory
        path = []
        self.place = place
    }

    /// A directory that was met in another one.
    init(_ entry: TreeEntry) {
        base = entry.base
        path = entry.path
        place = TreePlace(entry.name, in: entry.folder.place)
        status = entry.status
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
        let folder = path.count > Self.longestPath ? WalkedDirectory(directory, place: place) : self
        try directory.forEachEntry { status, name in
            guard status.kind == .directory || isWanted(status) else { return }
            body(TreeEntry(folder: folder, name: name(), status: status))
        }
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
    private var seen: Set<FileIdentity> = []

    init(since clock: ChangeClock, excluding: [String], goesOn: @escaping () -> Bool = { true }) {
        isChanged = clock.test()
        self.goesOn = goesOn
        excluded = Set(excluding.map { TreePlace.Key(Array($0.utf8)) })
    }

    /// Calls `found` for each changed entry of a tree, directories before what is in them, and `missed` for each changed
    /// directory that cannot be read.
    mutating func walk(
        _ tree: WrittenTree, found: (TreeEntry) -> Void, missed: (TreePlace, SystemCallError) -> Void
    ) {
        guard !tree.isDirectory else {
            return walk([.root(tree)], quiet: [:], found: found, missed: missed)
        }
        guard let status = try? tree.directory.status(tree.name), isChanged(status) else { return }
        found(tree.entry(tree.name, status))
    }

    /// Does the same for what a watch left to be looked at.
    mutating func walk(
        _ remainder: ChangeWatch.Remainder, found: (TreeEntry) -> Void, missed: (TreePlace, SystemCallError) -> Void
    ) {
        for tree in remainder.trees { walk(tree, found: found, missed: missed) }
        for directory in remainder.directories {
            // What is gone, or is elsewhere by now, was told by the directory that it was in.
            guard let directory = try? directory.renewed() else { continue }
            walk([directory], quiet: remainder.quiet, found: found, missed: missed)
        }
    }

    private mutating func walk(
        _ directories: [WalkedDirectory], quiet: [FileIdentity: TreePlace.Key], found: (TreeEntry) -> Void,
        missed: (TreePlace, SystemCallError) -> Void
    ) {
        var pending = directories
        while let next = pending.popLast(), goesOn() {
            do {
                pending += try look(at: next, found: found).filter { inner in
                    guard let status = inner.status else { return true }
                    return quiet[status.identity] != inner.place.key
                }
            } catch {
                if next.status.map(isChanged) ?? true { missed(next.place, error) }
            }
        }
    }

    /// Looks at one directory and gives those in it.
    private mutating func look(
        at next: WalkedDirectory, found: (TreeEntry) -> Void
    ) throws(SystemCallError) -> [WalkedDirectory] {
        let directory = try OwnerAccess.directory(next.path, in: next.base, status: next.status, isTaken: isChanged)
        // Trees may lie in each other, and a mount may show one twice.
        guard let identity = try? directory.status([0x2E]).identity, seen.insert(identity).inserted else { return [] }
        var changed: [TreeEntry] = []
        var inner: [WalkedDirectory] = []
        try next.forEachEntry(of: directory, where: isChanged) { entry in
            guard !excluded.contains(entry.key) else { return }
            if isChanged(entry.status) { changed.append(entry) }
            if entry.status.kind == .directory { inner.append(WalkedDirectory(entry)) }
        }
        for entry in changed { found(entry) }
        return inner
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
