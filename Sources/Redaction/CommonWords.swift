/// Words that ordinary output is full of; replacing them would hide nothing and break everything.
internal enum CommonWords {
    /// In lower case; words under four bytes are too short anyway.
    private static let words: [StaticString] = [
        "access", "account", "address", "admin", "administrator", "anonymous", "application", "authorization",
        "bearer", "binary", "boolean", "branch", "browser", "changeme", "client", "column", "command", "config",
        "configuration", "connection", "content", "cookie", "credential", "credentials", "database", "debug",
        "default", "delete", "develop", "development", "directory", "disable", "disabled", "docker", "domain",
        "email", "enable", "enabled", "engine", "error", "example", "external", "failed", "failure", "false",
        "format", "function", "github", "global", "google", "header", "hidden", "host", "hostname", "http", "https",
        "import", "index", "info", "insert", "integer", "internal", "invalid", "json", "kernel", "length", "letmein",
        "library", "linux", "local", "localhost", "localdomain", "login", "main", "manager", "master", "message",
        "method", "missing", "module", "mysql", "name", "network", "none", "null", "number", "object", "option",
        "optional", "options", "package", "parameter", "passwd", "password", "placeholder", "postgres",
        "postgresql", "private", "process", "prod", "production", "program", "project", "public", "python",
        "readonly", "redis", "region", "release", "remote", "request", "required", "response", "result", "root",
        "schema", "script", "secret", "secrets", "select", "server", "service", "session", "setting", "settings",
        "shared", "source", "stable", "staging", "standard", "start", "status", "stderr", "stdin", "stdout",
        "storage", "string", "success", "system", "table", "target", "test", "testing", "token", "true", "undefined",
        "unknown", "update", "usage", "user", "username", "users", "value", "variable", "verbose", "version",
        "warning", "webhook", "window", "windows", "worker", "writable", "127.0.0.1", "0.0.0.0", "us-east-1",
    ]

    /// Whether `value` is one of the words, in any case of letters.
    static func contains(_ value: Span<UInt8>) -> Bool {
        words.contains { word in equals(word, value) }
    }

    private static func equals(_ word: StaticString, _ value: Span<UInt8>) -> Bool {
        guard word.utf8CodeUnitCount == value.count else { return false }
        var index = 0
        // A static string's bytes are reached without making a string of the value.
        for byte in word.description.utf8 {
            let own = value[index]
            let lower = own >= UInt8(ascii: "A") && own <= UInt8(ascii: "Z") ? own | 0x20 : own
            if lower != byte { return false }
            index += 1
        }
        return true
    }
}
