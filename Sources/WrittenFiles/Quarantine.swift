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
                try move(entry, to: target)
            } catch let error where error.errno == .otherFileSystem {
                try copy(entry, to: part)
                try refuseOther(entry)
                try writable(entry) { () throws(SystemCallError) in try entry.base.remove(entry.path) }
                // Only now is it content: until here the file is where it was.
                try Files.rename(part, to: target)
            }
        } catch {
            try? repair(name)
            throw error
        }
        return name
    }

    /// Moves what an entry is, and nothing that has its name by now.
    private func move(_ entry: TreeEntry, to target: String) throws(SystemCallError) {
        try refuseOther(entry)
        try writable(entry) { () throws(SystemCallError) in
            try entry.base.move(entry.path, to: target)
            // Between the look and the move another run may have exchanged it.
            guard try Files.status(target, followingLinks: false).identity != entry.status.identity else { return }
            try entry.base.take(target, as: entry.path)
            throw SystemCallError(call: "renameat", errno: .stale)
        }
    }

    private func refuseOther(_ entry: TreeEntry) throws(SystemCallError) {
        guard try entry.base.status(entry.path).identity == entry.status.identity else {
            throw SystemCallError(call: "renameat", errno: .stale)
        }
    }

    /// Does what needs the right to write where an entry lies, which the run may have taken from its owner.
    private func writable(
        _ entry: TreeEntry, _ body: () throws(SystemCallError) -> Void
    ) throws(SystemCallError) {
        do {
            try body()
        } catch let error where error.errno == .accessDenied {
            try entry.base.whileMovable(entry.path, body)
        }
    }

    /// Moves in what a run made where other programs carry out what they find.
    ///
    /// - Parameters:
    ///   - tree: The tree that it lies in.
    ///   - path: Its path from there; where that leads over a link, nothing is moved.
    ///   - redacted: Its whole path as people may see it.
    /// - Returns: Why it is still there, or `nil`; what is gone already is not there.
    public func takeTrap(in tree: WrittenTree, _ path: [UInt8], redacted: String, number: Int) -> String? {
        do throws(SystemCallError) {
            _ = try take(tree.entry(path), path: redacted, holds: [], label: "trap-\(number)")
            return nil
        } catch {
            return error.errno == .noSuchFile ? nil : Self.reason(of: error)
        }
    }

    /// Why something is still where it was, for people.
    internal static func reason(of error: SystemCallError) -> String {
        guard error.errno == .otherFileSystem else { return error.errno.message }
        return "only files and links can be moved to the vault's file system from another: "
            + "remove it by hand, or keep the vault on the same one"
    }

    /// Copies to another file system; what is there afterwards has every byte, or the copy failed.
    private func copy(_ entry: TreeEntry, to target: String) throws(SystemCallError) {
        guard [.regular, .symbolicLink].contains(entry.status.kind) else {
            throw SystemCallError(call: "copy", errno: .otherFileSystem)
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

    /// Copies from one open file to another, every byte or it fails; what takes no room takes none in the copy.
    internal static func copyContent(
        of source: BorrowedDescriptor, to target: BorrowedDescriptor
    ) throws(SystemCallError) {
        var buffer = [UInt8](repeating: 0, count: 256 << 10)
        let size = try Files.status(of: source).size
        var position: Int64 = 0
        while position < size, let data = try source.nextData(from: position) {
            try target.seek(to: data.lowerBound)
            position = data.lowerBound
            while position < data.upperBound {
                var span = buffer.mutableSpan
                let count = try source.read(into: &span, atMost: Int(min(data.upperBound - position, 256 << 10)))
                if count == 0 { throw SystemCallError(call: "copy", errno: .inputOutput) }
                try target.writeAll(buffer.span.extracting(..<count))
                position += Int64(count)
            }
        }
        try target.setSize(size)
        guard try Files.status(of: source).size == size else {
            throw SystemCallError(call: "copy", errno: .inputOutput)
        }
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
