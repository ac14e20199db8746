public import Linux

/// A tree that a run may write to, held from before the run: what takes its name later is another one.
public struct WrittenTree: Sendable {
    /// Its path when it was opened, without links.
    public let path: String
    /// What it is.
    public let identity: FileIdentity
    /// The directory itself, or that in which a single file lies.
    public let directory: TreeDirectory
    /// The name of a single file in it; empty for a directory.
    internal let name: [UInt8]

    /// Holds the directory, or the single file, at a path without links.
    public init(_ path: String) throws(SystemCallError) {
        self.path = path
        do {
            directory = try TreeDirectory(holding: path)
            name = []
        } catch let error where error.errno == .notDirectory {
            let slash = path.lastIndex(of: "/") ?? path.startIndex
            directory = try TreeDirectory(holding: slash == path.startIndex ? "/" : String(path[..<slash]))
            name = Array(path[slash...].utf8.dropFirst())
        }
        identity = try (name.isEmpty ? directory.ownStatus : directory.status(name)).identity
        guard identity.kind != .symbolicLink else { throw SystemCallError(call: "openat2", errno: .tooManyLinks) }
    }

    /// What lies at a path in it.
    internal func entry(_ path: [UInt8]) throws(SystemCallError) -> TreeEntry {
        entry(path, try directory.status(path))
    }

    /// What lies at a path in it, or in the directory that the single file lies in.
    internal func entry(_ path: [UInt8], _ status: FileStatus) -> TreeEntry {
        let root = Array(self.path.utf8)
        let folder = isDirectory ? root : root.dropLast(name.count + 1)
        return TreeEntry(
            folder: WalkedDirectory(directory, place: TreePlace(root: folder)), name: path, status: status)
    }

    /// Whether it is a directory.
    public var isDirectory: Bool { name.isEmpty }

    /// What a path that begins with the tree's names in the tree, whatever the path leads to by now; `nil` of another
    /// path, or where nothing is.
    public func identity(at path: String) -> FileIdentity? {
        if path == self.path { return identity }
        guard isDirectory, path.hasPrefix(self.path + "/") else { return nil }
        return try? directory.status(Array(path.utf8.dropFirst(self.path.utf8.count + 1))).identity
    }

    /// Whether its path still leads to it.
    public var isInPlace: Bool { (try? Files.status(path, followingLinks: false))?.identity == identity }
}
