internal import Linux

/// The folder that files with secrets are moved to; it is the user's own, and no run can see it.
public struct Quarantine: Sendable {
    /// The folder.
    private let folder: String
    /// What the names of this run's items begin with.
    private let run: String

    /// The name of the file that was moved, in its item's folder.
    private static let content = "content"
    /// The name of what says where it came from.
    private static let record = "record"

    /// Names the quarantine below a vault's folder, for one run.
    public init(in data: String, run: String) {
        folder = Self.folder(in: data)
        self.run = run
    }

    private static func folder(in data: String) -> String { data + "/quarantine" }

    /// Moves an entry in; gives the name of its item.
    ///
    /// The record is written first: whatever ends this process between the two leaves a record without content, which
    /// the list says, and never content of unknown origin.
    ///
    /// - Parameters:
    ///   - path: Where it came from, redacted: no value is ever written down.
    ///   - number: Counts this run's items.
    internal func take(
        _ entry: TreeEntry, path: String, holds: [String], number: Int
    ) throws(SystemCallError) -> String {
        let name = "\(run)-\(number)"
        let item = folder + "/" + name
        try Files.makePrivateDirectories(item)
        let record = try Files.open(item + "/" + Self.record, [.writeOnly, .create, .exclusive], mode: 0o600)
        let lines = [path.replacingLineEnds()] + holds
        try BorrowedDescriptor(record).writeAll(lines.joined(separator: "\n") + "\n")
        let target = item + "/" + Self.content
        do {
            do {
                try entry.base.move(entry.path, to: target)
            } catch let error where error.errno == .otherFileSystem {
                try copy(entry, to: target)
                try entry.base.remove(entry.path)
            }
        } catch {
            try? Files.remove(target)
            try? Files.remove(item + "/" + Self.record)
            try? Files.remove(item, isDirectory: true)
            throw error
        }
        return name
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

    private static func copyContent(
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

    /// Which file an item's content is.
    internal func identity(of item: String) -> FileIdentity? {
        (try? Files.status(folder + "/" + item + "/" + Self.content, followingLinks: false))?.identity
    }

    /// How many names the content of an item has, beside the one here.
    internal func otherNames(of item: String) -> Int {
        guard let status = try? Files.status(folder + "/" + item + "/" + Self.content, followingLinks: false),
            status.kind == .regular
        else { return 0 }
        return Int(status.links) - 1
    }
}

extension String {
    /// The text on one line.
    fileprivate func replacingLineEnds() -> String {
        String(map { $0.isNewline ? "\u{FFFD}" : $0 })
    }
}
