public import Linux

extension Quarantine {
    /// Removes an item for good.
    public static func remove(_ item: String, in data: String) throws(SystemCallError) {
        let journal = try RunJournal(in: data, run: item)
        try Quarantine(in: data, run: item).discard(item)
        _ = consume journal
    }

    /// Moves an item's content out to a path where nothing is, and removes the item.
    ///
    /// No name is ever replaced, and no link is followed on the way: a program may have put one there meanwhile.
    ///
    /// - Parameter path: Absolute; what lies above its last part must exist.
    public static func restore(_ item: QuarantineItem, in data: String, to path: String) throws(SystemCallError) {
        let journal = try RunJournal(in: data, run: item.name)
        let quarantine = Quarantine(in: data, run: item.name)
        let place = quarantine.folder + "/" + item.name
        let slash = path.lastIndex(of: "/") ?? path.startIndex
        let above = slash == path.startIndex ? "/" : String(path[..<slash])
        let directory = try Files.open(above, [.path, .directory], resolving: .noSymbolicLinks)
        // The open directory by its name in /proc: whatever takes its place meanwhile, this is the one.
        let base = "/proc/self/fd/\(directory.rawValue)/"
        let target = base + path[slash...].dropFirst()
        let copy = ".vault-sandbox-\(item.name)"
        let marker = try Files.open(place + "/" + restoring, [.writeOnly, .create, .truncate], mode: 0o600)
        try BorrowedDescriptor(marker).writeAll("\(path)\n\(above)/\(copy)\n")
        do {
            try quarantine.putBack(item, to: target, by: base + copy)
        } catch {
            try? Files.remove(base + copy)
            try? Files.remove(place + "/" + restoring)
            throw error
        }
        try quarantine.discard(item.name)
        _ = consume journal
    }

    /// Gives the content the name `target`, which must be free.
    private func putBack(_ item: QuarantineItem, to target: String, by copy: String) throws(SystemCallError) {
        let content = folder + "/" + item.name + "/" + Self.content
        let status = try Files.status(content, followingLinks: false)
        if status.kind == .directory {
            // Only an empty directory is replaced by another one, and this one was made here.
            try Files.makeDirectory(target, mode: 0o700)
            do {
                try Files.rename(content, to: target)
            } catch {
                try? Files.remove(target, isDirectory: true)
                throw error
            }
            return
        }
        if item.record?.kind == .symbolicLink, status.kind == .regular {
            // A link that came from another file system is kept as its text.
            let bytes = try Files.contents(of: content, limit: 4096)
            let text = String(decoding: bytes, as: UTF8.self)
            guard text.utf8.elementsEqual(bytes) else {
                throw SystemCallError(call: "symlinkat", errno: .invalidArgument)
            }
            return try Files.makeSymbolicLink(to: text, at: target)
        }
        do {
            try Files.link(content, to: target)
        } catch let error where error.errno == .otherFileSystem {
            guard status.kind == .regular else { throw error }
            let mode = (item.record?.permissions ?? 0o600) & 0o777
            let made = try Files.open(copy, [.writeOnly, .create, .exclusive], mode: mode)
            let source = try Files.open(content, [.readOnly, .noFollow])
            try Self.copyContent(of: BorrowedDescriptor(source), to: BorrowedDescriptor(made))
            try BorrowedDescriptor(made).synchronize()
            try Files.link(copy, to: target)
            try Files.remove(copy)
        }
    }
}
