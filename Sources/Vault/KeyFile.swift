public import Secrets
internal import Linux

/// The file with the one line of text that unlocks a vault without a person.
public enum KeyFile {
    /// The longest key file that is read, in bytes.
    internal static let maximumLength = 4096

    /// Reads a key file that nobody but the caller can read, write or own.
    ///
    /// - Parameter acceptsRoot: Whether root may own it and lend it to the caller's group, as systemd's credentials are
    ///   laid out; those lie in a folder that nobody else can enter.
    public static func read(_ path: String, acceptsRoot: Bool = false) throws(VaultError) -> SecretBytes {
        let file = try open(path)
        let status: FileStatus
        do {
            status = try Files.status(of: BorrowedDescriptor(file))
        } catch {
            throw refusal(of: path, error)
        }
        try check(status, at: path, acceptsRoot: acceptsRoot)
        let descriptor = BorrowedDescriptor(file)
        return try SecretBytes(count: Int(status.size)) { bytes throws(VaultError) in
            do throws(SystemCallError) {
                try descriptor.readExactly(into: &bytes)
            } catch {
                throw .keyFileRefused(
                    path: path, why: "could not be read: \(error.errno.message)", remedy: "try again")
            }
            guard bytes.hasContentBeforeNewline else {
                throw .keyFileRefused(path: path, why: "holds no key", remedy: newFile)
            }
        }
    }

    /// Makes a key file with mode 0600 that holds one line of 256 random bits; fails where the path is taken.
    public static func create(_ path: String) throws(VaultError) {
        let file: FileDescriptor
        do {
            file = try Files.open(path, [.writeOnly, .create, .exclusive], mode: 0o600)
        } catch let error where error.errno == .fileExists {
            throw .existsAlready(path)
        } catch let error where [.noSuchFile, .notDirectory, .accessDenied, .notPermitted].contains(error.errno) {
            throw .keyFileRefused(
                path: path, why: "cannot be made: \(error.errno.message)",
                remedy: "name a file in a folder that is there and that you can write")
        } catch {
            throw VaultFile.failure(error, during: "make the key file")
        }
        do {
            let descriptor = BorrowedDescriptor(file)
            // The umask may have taken bits from the mode.
            try descriptor.setPermissions(0o600)
            let line = randomLine()
            try line.withSpan { bytes throws(SystemCallError) in try descriptor.writeAll(bytes) }
            try descriptor.synchronize()
        } catch {
            // Half a key file would stand in the way of the next try.
            try? Files.remove(path)
            throw VaultFile.failure(error, during: "make the key file")
        }
    }

    private static let newFile = "name the right file; for a new vault remove this one, and init makes it"

    /// Opens without waiting: a pipe without a writer would otherwise hold the caller for ever.
    private static func open(_ path: String) throws(VaultError) -> FileDescriptor {
        do {
            return try Files.open(path, [.readOnly, .nonBlocking])
        } catch {
            throw refusal(of: path, error)
        }
    }

    /// What is named and not there may be the key itself, and is shown only where it clearly is a path.
    private static func refusal(of path: String, _ error: SystemCallError) -> VaultError {
        let folder = path.lastIndex(of: "/").map { path[...$0] } ?? ""
        let isPath = error.errno != .noSuchFile || (!folder.isEmpty && (try? Files.status(String(folder))) != nil)
        return .keyFileRefused(
            path: isPath ? path : "the key file", why: error.errno.message,
            remedy: "name a key file that you can read, see `init --key-file`")
    }

    private static func check(_ status: FileStatus, at path: String, acceptsRoot: Bool) throws(VaultError) {
        guard status.kind == .regular else {
            throw .keyFileRefused(path: path, why: "is not a regular file", remedy: newFile)
        }
        let isRootsCredential = acceptsRoot && status.owner == 0 && status.permissions & 0o337 == 0
        guard isRootsCredential || status.owner == Processes.effectiveUser else {
            throw .keyFileRefused(
                path: path, why: "belongs to another user (\(status.owner))", remedy: "use a key file of your own")
        }
        guard isRootsCredential || status.permissions & 0o077 == 0 else {
            throw .keyFileRefused(
                path: path, why: "others can reach it (mode \(String(status.permissions, radix: 8)))",
                remedy: "run `chmod 600 \(path)`, and make a new key if others use this machine")
        }
        guard status.size > 0 else { throw .keyFileRefused(path: path, why: "is empty", remedy: newFile) }
        guard status.size <= maximumLength else {
            throw .keyFileRefused(path: path, why: "is longer than \(maximumLength) bytes", remedy: newFile)
        }
    }

    /// 64 hexadecimal digits and a newline.
    private static func randomLine() -> SecretBytes {
        let key = RandomBytes.secret(32)
        return key.withSpan { key in
            SecretBytes(count: key.count * 2 + 1) { line in
                for index in 0..<key.count {
                    line[index * 2] = digit(key[index] >> 4)
                    line[index * 2 + 1] = digit(key[index] & 0x0f)
                }
                line[key.count * 2] = UInt8(ascii: "\n")
            }
        }
    }

    /// A hexadecimal digit without a table, whose lookup could show in the cache.
    private static func digit(_ nibble: UInt8) -> UInt8 {
        nibble + UInt8(ascii: "0") + (nibble > 9 ? UInt8(ascii: "a") - UInt8(ascii: "0") - 10 : 0)
    }
}

extension MutableSpan<UInt8> {
    /// Whether anything but line ends is there.
    fileprivate var hasContentBeforeNewline: Bool {
        for index in 0..<count where self[index] != UInt8(ascii: "\n") && self[index] != UInt8(ascii: "\r") {
            return true
        }
        return false
    }
}
