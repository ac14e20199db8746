internal import Linux

/// Where things of the calling user's are, by the environment and the password database.
public struct Places: Equatable, Sendable {
    /// The home directory, absolute; `/` where the user has none.
    public var home: String
    /// The user's name, or `nil` where the password database has none.
    public var user: String?
    /// The folder of the vault.
    public var data: String
    /// The folder of the user's own policies.
    public var policies: String
    /// The folder of sockets of this login, where there is one.
    public var runtime: String?

    /// The folder of this machine's policies.
    public static let systemPolicies = "/etc/vault-sandbox/policies"

    /// Makes a set of places.
    public init(home: String, user: String?, data: String, policies: String, runtime: String?) {
        self.home = home
        self.user = user
        self.data = data
        self.policies = policies
        self.runtime = runtime
    }

    /// The places of the user that this process runs as.
    ///
    /// Relative values of the XDG variables are passed over, as their specification asks.
    public static func ofCaller() -> Places {
        let entry = PasswordEntry.ofUser(Processes.effectiveUser)
        let home = absolute("HOME") ?? entry?.home ?? "/"
        func folder(_ variable: String, _ fallback: String) -> String {
            (absolute(variable) ?? Files.absolutePath(fallback, from: home)) + "/vault-sandbox"
        }
        let own = absolute("VAULT_SANDBOX_HOME")
        return Places(
            home: home, user: entry?.name,
            data: own ?? folder("XDG_DATA_HOME", ".local/share"),
            policies: folder("XDG_CONFIG_HOME", ".config") + "/policies",
            runtime: absolute("XDG_RUNTIME_DIR"))
    }

    /// What no run may see, even inside a granted tree.
    public var hidden: [String] {
        [data, policies, Self.systemPolicies] + (runtime.map { [$0 + "/vault-sandbox"] } ?? [])
    }

    private static func absolute(_ variable: String) -> String? {
        guard let value = ProcessEnvironment.value(of: variable), value.hasPrefix("/") else { return nil }
        return Files.absolutePath(value, from: "/")
    }
}

/// A line of /etc/passwd; a static program cannot ask the C library, whose look-up loads modules.
internal struct PasswordEntry: Equatable {
    /// The user's name.
    let name: String
    /// The home directory.
    let home: String

    /// The largest password database that is read, in bytes.
    private static let sizeLimit = 4 << 20

    /// The entry of a user id, or `nil`.
    static func ofUser(_ user: UInt32) -> PasswordEntry? {
        guard let bytes = try? Files.contents(of: "/etc/passwd", limit: sizeLimit) else { return nil }
        return find(user, in: bytes)
    }

    /// Looks a user id up in the text of a password database.
    static func find(_ user: UInt32, in bytes: [UInt8]) -> PasswordEntry? {
        // Only a line that holds the number between colons is taken apart: every launch looks here.
        let wanted = Array(":\(user):".utf8)
        var start = 0
        while start < bytes.count {
            let end = bytes[start...].firstIndex(of: UInt8(ascii: "\n")) ?? bytes.count
            let line = bytes[start..<end]
            start = end + 1
            guard contains(wanted, line) else { continue }
            let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
            guard fields.count == 7, fields[2].elementsEqual(wanted[1..<(wanted.count - 1)]) else { continue }
            let home = String(decoding: fields[5], as: UTF8.self)
            return PasswordEntry(
                name: String(decoding: fields[0], as: UTF8.self), home: home.hasPrefix("/") ? home : "/")
        }
        return nil
    }

    private static func contains(_ part: [UInt8], _ line: ArraySlice<UInt8>) -> Bool {
        guard line.count >= part.count else { return false }
        return (line.startIndex...(line.endIndex - part.count)).contains { start in
            line[start] == part[0] && line[start..<(start + part.count)].elementsEqual(part)
        }
    }
}
