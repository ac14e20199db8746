internal import Linux

/// The folder that files with secrets are moved to; it is the user's own, and no run can see it.
///
/// Each item is a folder with a record and the content. Whatever ends this process, one of the two places has the file,
/// whole, and `repair` finds out which.
public struct Quarantine: Sendable {
    /// The folder.
    internal let folder: String
    /// What the names of this run's items begin with.
    internal let run: String

    /// The name of the file that was moved, in its item's folder.
    internal static let content = "content"
    /// The name of what says where it came from.
    internal static let record = "record"
    /// The name of a copy from another file system, until the file is gone from there.
    internal static let part = "part"

    /// Names the quarantine below a vault's folder, for one run.
    public init(in data: String, run: String) {
        folder = data + "/quarantine"
        self.run = run
    }

    /// Moves an entry in; gives the name of its item.
    ///
    /// The record is written first: whatever ends this process between the two leaves a record without content, which
    /// the list says, and never content of unknown origin.
    ///
    /// - Parameters:
    ///   - path: Its whole path, redacted: no value is ever written down.
    ///   - label: Tells this run's items apart.
    internal func take(
        _ entry: TreeEntry, path: String, holds: [QuarantineRecord.Holding], label: String
    ) throws(SystemCallError) -> String {
        let name = "\(run)-\(label)"
        let item = folder + "/" + name
        try Files.makePrivateDirectories(item)
        let record = try Files.open(item + "/" + Self.record, [.writeOnly, .create, .exclusive], mode: 0o600)
        try BorrowedDescriptor(record).writeAll(QuarantineRecord(entry, path: path, holds: holds).text)
        let (target, part) = (item + "/" + Self.content, item + "/" + Self.part)
        do {
            do {
                try entry.base.move(entry.path, to: target)
            } catch let error where error.errno == .otherFileSystem {
                try copy(entry, to: part)
                try entry.base.remove(entry.path)
                // Only now is it content: until here the file is where it was.
                try Files.rename(part, to: target)
            }
        } catch {
            try? repair(name)
            throw error
        }
        return name
    }

    /// Moves in what a run made where other programs carry out what they find.
    ///
    /// - Parameters:
    ///   - tree: The tree that it lies in.
    ///   - path: Its path from there; where that leads over a link, nothing is moved.
    ///   - redacted: Its whole path as people may see it.
    /// - Returns: Why it is still there, or `nil`; what is gone already is not there.
    public func takeTrap(in tree: String, _ path: [UInt8], redacted: String, number: Int) -> String? {
        let slash = path.lastIndex(of: 0x2F)
        let name = slash.map { Array(path[($0 + 1)...]) } ?? path
        do throws(SystemCallError) {
            let base = try TreeDirectory.owned(tree).directory(slash.map { Array(path[..<$0]) } ?? [])
            let place = Array(tree.utf8) + [0x2F] + path
            let entry = TreeEntry(base: base, path: name, place: place, status: try base.status(name))
            _ = try take(entry, path: redacted, holds: [], label: "trap-\(number)")
            return nil
        } catch {
            return error.errno == .noSuchFile ? nil : error.errno.message
        }
    }

    /// Copies to another file system; what is there afterwards has every byte, or the copy failed.
    private func copy(_ entry: TreeEntry, to target: String) throws(SystemCallError) {
        guard [.regular, .symbolicLink].contains(entry.status.kind) else {
            throw SystemCallError(call: "copy", errno: .invalidArgument)
        }
        let copy = try Files.open(target, [.writeOnly, .create, .exclusive], mode: 0o600)
        if entry.status.kind == .symbolicLink {
            let text = try entry.base.linkTarget(entry.path)
            try BorrowedDescriptor(copy).writeAll(text.span)
        } else {
            let source = try OwnerAccess.file(entry)
            try Self.copyContent(of: BorrowedDescriptor(source), to: BorrowedDescriptor(copy))
        }
        try BorrowedDescriptor(copy).synchronize()
    }

    /// Copies from one open file to another, every byte or it fails.
    internal static func copyContent(
        of source: BorrowedDescriptor, to target: BorrowedDescriptor
    ) throws(SystemCallError) {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        while true {
            var span = buffer.mutableSpan
            let count = try source.read(into: &span)
            if count == 0 { break }
            try target.writeAll(buffer.span.extracting(..<count))
        }
        let (made, wanted) = (try Files.status(of: target).size, try Files.status(of: source).size)
        guard made == wanted else { throw SystemCallError(call: "copy", errno: .inputOutput) }
    }

    /// What an item's content is, or `nil` where it has none.
    internal func status(of item: String, _ name: String = Self.content) -> FileStatus? {
        try? Files.status(folder + "/" + item + "/" + name, followingLinks: false)
    }

    /// Which file an item's content is.
    internal func identity(of item: String) -> FileIdentity? { status(of: item)?.identity }

    /// How many names the content of an item has, beside the one here.
    internal func otherNames(of item: String) -> Int {
        guard let status = status(of: item), status.kind == .regular else { return 0 }
        return Int(status.links) - 1
    }

    /// What an item's record says, or `nil` where it has none that is whole.
    internal func readRecord(of item: String) -> QuarantineRecord? {
        let path = folder + "/" + item + "/" + Self.record
        guard let bytes = try? Files.contents(of: path, limit: QuarantineRecord.sizeLimit) else { return nil }
        return QuarantineRecord(String(decoding: bytes, as: UTF8.self))
    }
}
