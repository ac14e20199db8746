internal import Glibc
internal import Linux

/// A new directory that is removed, with everything in it, when its owner lets go.
public struct TemporaryDirectory: ~Copyable {
    /// The absolute path, without symbolic links.
    public let path: String

    /// Makes a directory of a random name.
    ///
    /// - Parameters:
    ///   - parent: Where it lies.
    ///   - mode: The permission bits, which the umask does not change.
    ///   - owner: The user and group it is given to, or `nil` for the caller's own; another needs root.
    public init(in parent: String = "/tmp", mode: UInt32 = 0o700, owner: UInt32? = nil) throws {
        path = "\(parent)/vault-sandbox-tests-\(String(UInt64.random(in: .min ... .max), radix: 36))"
        try Files.makeDirectory(path, mode: mode)
        let made = try Files.open(path, [.readOnly, .directory])
        try BorrowedDescriptor(made).setPermissions(mode)
        if let owner { try changeOwner(of: path, to: owner) }
    }

    /// The path of an entry of the directory.
    public func path(_ name: String) -> String { path + "/" + name }

    /// Gives a file of the directory a second name.
    public func link(_ name: String, as other: String) throws {
        guard unsafe Glibc.link(path(name), path(other)) == 0 else {
            throw SystemCallError(call: "link", errno: Errno(rawValue: errno), subject: path(other))
        }
    }

    /// Writes a file of the directory and returns its path.
    @discardableResult
    public func write(_ text: String, to name: String, mode: UInt32 = 0o600) throws -> String {
        try write(Array(text.utf8), to: name, mode: mode)
    }

    /// Writes a file of the directory and returns its path.
    @discardableResult
    public func write(_ bytes: [UInt8], to name: String, mode: UInt32 = 0o600) throws -> String {
        let file = try Files.open(path(name), [.writeOnly, .create, .truncate], mode: mode)
        let descriptor = BorrowedDescriptor(file)
        try descriptor.writeAll(bytes.span)
        try descriptor.setPermissions(mode)
        return path(name)
    }

    /// Makes a directory, with those above it, and returns its path.
    @discardableResult
    public func makeDirectory(_ name: String, mode: UInt32 = 0o755) throws -> String {
        var made = path
        for component in name.split(separator: "/") {
            made += "/" + component
            if (try? Files.status(made)) == nil { try Files.makeDirectory(made, mode: mode) }
        }
        return made
    }

    /// Makes a FIFO in the directory.
    public func makePipe(_ name: String) throws {
        guard unsafe mkfifo(path(name), 0o600) == 0 else {
            throw SystemCallError(call: "mkfifo", errno: Errno(rawValue: errno), subject: path(name))
        }
    }

    /// The text of a file of the directory, at most 16 MiB.
    public func text(of name: String) throws -> String {
        String(decoding: try Files.contents(of: path(name), limit: 16 << 20), as: UTF8.self)
    }

    deinit { removeTree(path) }
}

/// Removes a path and everything below it, passing over what cannot be removed; symbolic links are not followed.
public func removeTree(_ path: String) {
    guard let status = try? Files.status(path, followingLinks: false) else { return }
    if status.kind == .directory {
        for name in (try? Files.names(in: path)) ?? [] { removeTree(path + "/" + name) }
    }
    try? Files.remove(path, isDirectory: status.kind == .directory)
}
