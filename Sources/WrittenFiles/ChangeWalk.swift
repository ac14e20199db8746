internal import Linux

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
    internal func test() -> @Sendable (FileStatus) -> Bool {
        // The two clocks of an offset are read one after the other.
        let setBack = offset - Self.offset()
        let since = setBack > 1_000_000 ? start - setBack : start
        return { status in
            status.changed >= since
                || (status.changed % Self.second == 0 && status.changed >= since - Self.coarsest)
        }
    }
}

/// Something in a writable tree that was made or changed.
internal struct ChangedEntry {
    /// An open directory above it.
    let base: TreeDirectory
    /// Its path from there.
    let path: [UInt8]
    /// Its whole path.
    let place: [UInt8]
    /// What it is.
    let status: FileStatus
}

/// Finds what was changed in trees by looking at every entry's time of change, which no program can set.
///
/// No link is followed, and depth costs no stack and few descriptors.
internal struct ChangeWalk {
    private let isChanged: @Sendable (FileStatus) -> Bool
    /// Whole paths that are passed over.
    private let excluded: Set<[UInt8]>
    private var seen: Set<FileIdentity> = []

    /// The longest path that is walked from one open directory.
    private static let longestPath = 2048

    /// A directory that is still to be looked at.
    private struct Pending {
        let base: TreeDirectory
        let path: [UInt8]
        let place: [UInt8]
        let status: FileStatus?
    }

    init(since clock: ChangeClock, excluding: [String]) {
        isChanged = clock.test()
        excluded = Set(excluding.map { Array($0.utf8) })
    }

    /// Calls `found` for each changed entry of a tree, directories before what is in them, and `missed` for each changed
    /// directory that cannot be read.
    mutating func walk(
        _ root: String, found: (ChangedEntry) -> Void, missed: ([UInt8], SystemCallError) -> Void
    ) {
        let place = Array(root.utf8)
        guard let status = try? Files.status(root, followingLinks: false) else { return }
        guard status.kind == .directory else {
            let slash = root.lastIndex(of: "/") ?? root.startIndex
            let parent = root[..<slash]
            guard isChanged(status), let base = try? TreeDirectory(parent.isEmpty ? "/" : String(parent)) else {
                return
            }
            return found(
                ChangedEntry(base: base, path: Array(root[slash...].utf8.dropFirst()), place: place, status: status))
        }
        let base: TreeDirectory
        do {
            base = try TreeDirectory(root)
        } catch {
            return missed(place, error)
        }
        var pending = [Pending(base: base, path: [], place: place, status: nil)]
        while let next = pending.popLast() {
            do {
                pending += try look(at: next, found: found)
            } catch {
                if next.status.map(isChanged) ?? true { missed(next.place, error) }
            }
        }
    }

    /// Looks at one directory and gives those in it.
    private mutating func look(
        at pending: Pending, found: (ChangedEntry) -> Void
    ) throws(SystemCallError) -> [Pending] {
        let directory = try OwnerAccess.directory(pending.path, in: pending.base, status: pending.status)
        // Trees may lie in each other, and a mount may show one twice.
        guard let identity = try? directory.status([0x2E]).identity, seen.insert(identity).inserted else { return [] }
        let isLong = pending.path.count > Self.longestPath
        let base = isLong ? directory : pending.base
        let prefix = isLong || pending.path.isEmpty ? [] : pending.path + [0x2F]
        var changed: [ChangedEntry] = []
        var inner: [Pending] = []
        try directory.forEachEntry { status, name in
            let isDirectory = status.kind == .directory
            let isChanged = isChanged(status)
            guard isDirectory || isChanged else { return }
            let name = name()
            let place = pending.place + [0x2F] + name
            guard !excluded.contains(place) else { return }
            if isChanged {
                changed.append(ChangedEntry(base: base, path: prefix + name, place: place, status: status))
            }
            if isDirectory { inner.append(Pending(base: base, path: prefix + name, place: place, status: status)) }
        }
        for entry in changed { found(entry) }
        return inner
    }
}

/// Opens what the run took its owner's right to read from; a file's is taken away again afterwards.
internal enum OwnerAccess {
    /// Opens a directory below another one.
    static func directory(
        _ path: [UInt8], in base: TreeDirectory, status: FileStatus?
    ) throws(SystemCallError) -> TreeDirectory {
        do {
            return try base.directory(path)
        } catch let error where error.errno == .accessDenied {
            guard let status, status.owner == Processes.effectiveUser else { throw error }
            try base.setPermissions(path, status.permissions | 0o500)
            // It stays open to its owner: what is in it is reached through it.
            return try base.directory(path)
        }
    }

    /// Opens a regular file for reading.
    static func file(_ entry: ChangedEntry) throws(SystemCallError) -> FileDescriptor {
        do {
            return try entry.base.open(entry.path, .readOnly)
        } catch let error where error.errno == .accessDenied {
            guard entry.status.owner == Processes.effectiveUser else { throw error }
            try entry.base.setPermissions(entry.path, entry.status.permissions | 0o400)
            defer { try? entry.base.setPermissions(entry.path, entry.status.permissions) }
            return try entry.base.open(entry.path, .readOnly)
        }
    }
}
