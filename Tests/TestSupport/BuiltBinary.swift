internal import Glibc
internal import Linux

/// The `vault-sandbox` binary under test.
public enum BuiltBinary {
    /// Its absolute path: `VAULT_SANDBOX_BINARY`, else the one beside the test process's own executable; `nil` where
    /// there is none.
    public static let path: String? = {
        let named = environmentVariable("VAULT_SANDBOX_BINARY")
        guard let candidate = named ?? beside else { return nil }
        return (try? Files.status(candidate))?.kind == .regular ? candidate : nil
    }()

    /// The same binary where an ordinary user reaches it: a checkout may lie in a home that only its owner enters.
    ///
    /// The copy lies in /tmp and is removed when the test process ends.
    public static let reachablePath: String? = {
        guard let path else { return nil }
        var folder = path[...]
        while let slash = folder.lastIndex(of: "/"), slash != folder.startIndex {
            folder = folder[..<slash]
            guard let status = try? Files.status(String(folder)), status.permissions & 0o001 != 0 else {
                return copyOutside(path)
            }
        }
        return path
    }()

    private static var beside: String? {
        // The test process is either the test bundle itself or a helper of the toolchain's that has loaded it; the
        // bundle is the last argument that names a file of the build folder.
        for argument in CommandLine.arguments.reversed() {
            guard let slash = argument.lastIndex(of: "/") else { continue }
            let candidate = argument[..<slash] + "/vault-sandbox"
            if unsafe access(String(candidate), X_OK) == 0 { return String(candidate) }
        }
        guard let own = try? Files.linkTarget("/proc/self/exe"), let slash = own.lastIndex(of: "/") else { return nil }
        return own[..<slash] + "/vault-sandbox"
    }

    private static let copyPath = "/tmp/vault-sandbox-tests-binary-\(getpid())"

    private static func copyOutside(_ path: String) -> String? {
        guard let bytes = try? Files.contents(of: path, limit: 512 << 20) else { return nil }
        do {
            try Files.makeDirectory(copyPath, mode: 0o755)
            let copy = copyPath + "/vault-sandbox"
            let file = try Files.open(copy, [.writeOnly, .create, .exclusive], mode: 0o755)
            try BorrowedDescriptor(file).writeAll(bytes.span)
            try BorrowedDescriptor(file).setPermissions(0o755)
            atexit { removeTree(BuiltBinary.copyPath) }
            return copy
        } catch {
            return nil
        }
    }
}
