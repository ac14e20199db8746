/// A password in a URL, as in `scheme://user:password@host`.
internal enum URLPassword {
    /// Words that stand for a password in examples and on development machines.
    private static let placeholders: Set = [
        "password", "pass", "passwd", "pwd", "secret", "postgres", "postgresql", "mysql", "root", "admin", "test",
        "testing", "user", "username", "dev",
        "guest", "changeme", "example", "mypassword", "yourpassword", "your_password", "my_password", "token",
        "placeholder", "redis", "mongo", "rabbitmq",
        "app", "x-oauth-basic", "minio", "minioadmin", "sa", "docker", "local", "localhost", "development", "db",
        "database", "foobar", "dummy", "none", "empty",
    ]
    private static let longest = 512

    /// The password of a URL whose `:` in front of `//` stands here.
    ///
    /// - Parameter passesLocal: Whether passwords of loopback hosts and of names without a dot pass.
    static func match(_ bytes: [UInt8], _ colon: Int, passesLocal: Bool) -> TokenPatterns.Match? {
        guard colon > 0, ByteKind.isAlphanumeric(bytes[colon - 1]), bytes[colon...].starts(with: "://".utf8) else {
            return nil
        }
        let start = colon + 3
        var divider: Int?
        var position = start
        while position < bytes.count, position - start < longest {
            switch bytes[position] {
            case UInt8(ascii: "@"):
                guard let divider, divider + 1 < position else { return nil }
                let password = bytes[divider + 1..<position]
                guard !isPlaceholder(password, user: bytes[start..<divider]) else { return nil }
                if passesLocal, isLocal(bytes[(position + 1)...]) { return nil }
                return TokenPatterns.Match(pattern: "url-password", range: divider + 1..<position)
            case UInt8(ascii: ":"): if divider == nil { divider = position }
            case UInt8(ascii: "/"), UInt8(ascii: "?"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "'"),
                0...0x20:
                return nil
            default: break
            }
            position += 1
        }
        return nil
    }

    /// Whether a host is this machine, or a name that only a local network knows.
    private static func isLocal(_ rest: ArraySlice<UInt8>) -> Bool {
        let bytes = rest.prefix(256).prefix { byte in
            ByteKind.isToken(byte) || byte == UInt8(ascii: ".") || byte == UInt8(ascii: "[")
                || byte == UInt8(ascii: "]") || byte == UInt8(ascii: ":")
        }
        let host = String(decoding: bytes, as: UTF8.self).lowercased()
        if host.hasPrefix("[") { return host.hasPrefix("[::1]") }
        let name = host.prefix { $0 != ":" }
        if name.hasPrefix("127."), name.allSatisfy({ $0.isNumber || $0 == "." }) { return true }
        return !name.isEmpty && (!name.contains(".") || name.hasSuffix(".localhost"))
    }

    private static func isPlaceholder(_ password: ArraySlice<UInt8>, user: ArraySlice<UInt8>) -> Bool {
        // Variables, templates, what was redacted, and dots or stars.
        if password.contains(where: { "${}<>[]%()".utf8.contains($0) }), !isEscaped(password) { return true }
        if Set(password).count <= 2 || password.elementsEqual(user) { return true }
        let word = String(decoding: password, as: UTF8.self).lowercased()
        if placeholders.contains(word) { return true }
        let letters = String(word.prefix { !$0.isNumber })
        return placeholders.contains(letters) && word.dropFirst(letters.count).allSatisfy(\.isNumber)
            || word.hasPrefix("your") || word.hasSuffix("here")
    }

    /// Whether the only special characters are those of percent encoding.
    private static func isEscaped(_ password: ArraySlice<UInt8>) -> Bool {
        guard !password.contains(where: { "${}<>[]()".utf8.contains($0) }) else { return false }
        for index in password.indices where password[index] == UInt8(ascii: "%") {
            guard index + 2 < password.endIndex,
                [index + 1, index + 2].allSatisfy({ Character(UnicodeScalar(password[$0])).isHexDigit })
            else { return false }
        }
        return true
    }
}
