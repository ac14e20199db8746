internal import Synchronization

/// Where a directory lies, as its name in the one above it: a run may make directories so deep that a whole path for each
/// of them would fill the memory.
internal final class TreePlace: Sendable {
    /// The directory above; `nil` of the root of a tree.
    private let parent: Mutex<TreePlace?>
    /// The whole path of a root, else the name alone.
    private let name: [UInt8]
    /// Which path it is.
    let key: Key

    /// What stands for a path where two are compared: its length and a hash that nobody outside of this process can
    /// foretell.
    struct Key: Hashable, Comparable {
        fileprivate let length: Int
        private let hash: Int

        fileprivate init(length: Int, hash: Int) {
            self.length = length
            self.hash = hash
        }

        /// The key of a whole path.
        init(_ path: [UInt8]) {
            var key = Key(length: 0, hash: 0)
            for part in path.split(separator: 0x2F) { key = key.appending(part) }
            self = key
        }

        /// The key of what has this path, of one part or more, from here.
        func appending<Path: Collection<UInt8>>(_ path: Path) -> Key {
            var key = self
            for part in path.split(separator: 0x2F) {
                var hasher = Hasher()
                hasher.combine(key.hash)
                for byte in part { hasher.combine(byte) }
                key = Key(length: key.length + 1 + part.count, hash: hasher.finalize())
            }
            return key
        }

        /// Shorter paths come first, and so what is above before what is in it.
        static func < (one: Key, other: Key) -> Bool { one.length < other.length }
    }

    /// The root of a tree by its whole path.
    init(root path: [UInt8]) {
        parent = Mutex(nil)
        name = path
        key = Key(path)
    }

    /// A directory in another one.
    init(_ name: [UInt8], in parent: TreePlace) {
        key = parent.key.appending(name)
        self.parent = Mutex(parent)
        self.name = name
    }

    deinit {
        // One after the other: each inside the end of the one below it would need a stack as deep as the tree.
        var next = parent.withLock { $0.take() }
        while next != nil, isKnownUniquelyReferenced(&next) {
            let above = next?.parent.withLock { $0.take() }
            next = above
        }
    }

    /// How much of a path is given at each of its ends where it is too long to be given whole, in bytes: more than what is
    /// shown of it and a value that the cut would halve, and both fit a record of the quarantine.
    private static let end = 192 << 10

    /// The whole path, or that of something in it; of one that no system call would take, its two ends.
    func path(of entry: [UInt8] = []) -> [UInt8] {
        var parts = entry.isEmpty ? [name] : [entry, name]
        var above = parent.withLock { $0 }
        while let place = above {
            parts.append(place.name)
            above = place.parent.withLock { $0 }
        }
        parts.reverse()
        guard key.length > 2 * Self.end else { return Array(parts.joined(separator: [0x2F])) }
        func joined(_ parts: some Sequence<[UInt8]>, _ add: (inout [UInt8], [UInt8]) -> Void) -> [UInt8] {
            var path: [UInt8] = []
            for part in parts where path.count < Self.end { add(&path, part) }
            return path
        }
        let start = joined(parts) { path, part in path += part + [0x2F] }
        let rest = joined(parts.reversed()) { path, part in path = [0x2F] + part + path }
        return start + Array("\u{2026}".utf8) + rest
    }
}
