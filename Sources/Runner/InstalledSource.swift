internal import Linux
internal import Policy

/// The policies of this user and machine, and files by their path.
internal struct InstalledSource: PolicySource {
    /// The caller's places.
    let places: Places

    private static let suffix = ".toml"
    /// One byte more than a policy may have, so that a longer one is seen to be too long.
    private static let sizeLimit = (1 << 20) + 1

    /// Where each name is found: the bundled names cannot be used again.
    var origins: [String: String] {
        var origins: [String: String] = [:]
        for (folder, origin) in [(Places.systemPolicies, "system"), (places.policies, "user")] {
            for name in (try? Files.names(in: folder)) ?? [] where name.hasSuffix(Self.suffix) {
                origins[String(name.dropLast(Self.suffix.count))] = origin
            }
        }
        for name in BundledPolicies.names { origins[name] = "bundled" }
        return origins
    }

    var names: [String] { origins.keys.sorted() }

    func text(of name: String) throws(PolicySourceError) -> PolicyText? {
        if PolicyName.isFile(name) { return try file(name, at: name) }
        if let bundled = BundledPolicies().text(of: name) { return bundled }
        for path in [places.policies, Places.systemPolicies] {
            // A folder that the caller cannot open holds nothing of theirs.
            guard let folder = try? Files.open(path, [.path, .directory]) else { continue }
            try Self.check(folder, at: path, kind: .directory)
            let file = name + Self.suffix
            if let text = try self.file(file, in: .open(folder), at: path + "/" + file) { return text }
        }
        return nil
    }

    func name(of reference: String, in policy: String) -> String {
        func isPath(_ name: String) -> Bool {
            name.contains("/") || name.hasSuffix(Self.suffix) || name.hasSuffix(".json")
        }
        guard isPath(reference), !reference.hasPrefix("/") else { return reference }
        let folder: String
        if isPath(policy) {
            folder = Files.absolutePath(policy + "/..", from: (try? Files.currentDirectory()) ?? "/")
        } else {
            let isUsers = (try? Files.status(places.policies + "/" + policy + Self.suffix)) != nil
            folder = isUsers ? places.policies : Places.systemPolicies
        }
        return Files.absolutePath(reference, from: folder)
    }

    /// Reads a file that nobody but the caller and root can have written; `nil` where there is none.
    ///
    /// - Parameter path: How messages name it.
    private func file(
        _ name: String, in folder: DirectoryReference = .current, at path: String
    ) throws(PolicySourceError) -> PolicyText? {
        let opened: FileDescriptor
        do {
            // Without waiting: a pipe without a writer would hold the caller for ever.
            opened = try Files.open(name, [.readOnly, .nonBlocking], from: folder)
        } catch {
            guard error.errno != .noSuchFile, error.errno != .notDirectory else { return nil }
            throw .unreadable("\(path): \(error.errno.message)")
        }
        try Self.check(opened, at: path, kind: .regular)
        do {
            return PolicyText(source: path, bytes: try BorrowedDescriptor(opened).readPrefix(Self.sizeLimit))
        } catch {
            throw .unreadable("\(path): \(error.errno.message)")
        }
    }

    /// Refuses what is of another kind, and what others own or can write: they would choose what a run may do.
    ///
    /// The open file is looked at and not its path, which may mean another one a moment later.
    private static func check(
        _ opened: borrowing FileDescriptor, at path: String, kind: FileKind
    ) throws(PolicySourceError) {
        guard let status = try? Files.status(of: BorrowedDescriptor(opened)) else {
            throw .unreadable("\(path): cannot be looked at")
        }
        guard status.kind == kind else {
            throw .unreadable("\(path): is not a \(kind == .directory ? "directory" : "regular file")")
        }
        guard status.owner == Processes.effectiveUser || status.owner == 0 else {
            throw .writable(
                "\(path): belongs to another user (\(status.owner))",
                remedy: "look at what it says, then make it yours with chown, or use a copy of your own")
        }
        let mode = String(status.permissions, radix: 8)
        let remedy = "look at what it says, then run `chmod go-w \(path)`"
        guard status.permissions & 0o002 == 0 else {
            throw .writable("\(path): everybody can write it (mode \(mode))", remedy: remedy)
        }
        // A group of the owner's number is the owner's alone; where users have such groups, a umask of 002 is usual.
        guard status.permissions & 0o020 == 0 || status.group == status.owner else {
            throw .writable("\(path): the group \(status.group) can write it (mode \(mode))", remedy: remedy)
        }
    }
}
