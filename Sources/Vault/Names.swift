/// What a secret may be called: the name is also the variable that a program finds it in.
public enum SecretName {
    /// The longest name in bytes.
    public static let maximumLength = 128

    /// Refuses a name that is not `[A-Za-z_][A-Za-z0-9_]{0,127}`, or that would steer a loader, shell or interpreter.
    public static func validate(_ name: String) throws(VaultError) {
        try requireWellFormed(name)
        guard !isReserved(name) else {
            throw .nameInvalid(
                name, why: "steers a loader, shell, interpreter or tool, or belongs to vault-sandbox",
                remedy: "store it as APP_\(name) and let the program read that")
        }
    }

    /// Refuses a name that is not `[A-Za-z_][A-Za-z0-9_]{0,127}`, and says where it breaks the rule without showing it.
    public static func requireWellFormed(_ name: String) throws(VaultError) {
        guard !isWellFormed(name) else { return }
        let why: String
        if name.isEmpty {
            why = "is empty"
        } else if let place = name.utf8.enumerated().first(where: { !isWordByte($0.element) }) {
            let kind = place.element == UInt8(ascii: "=") ? "an equals sign" : "no letter, digit or _"
            why = "has \(kind) at byte \(place.offset + 1)"
        } else {
            why = name.utf8.count > maximumLength ? "is longer than \(maximumLength) bytes" : "begins with a digit"
        }
        throw .nameMalformed(
            of: "a secret", why: why,
            remedy: "use letters, digits and _, no digit first, at most \(maximumLength); "
                + "a value comes from standard input and never stands beside the name")
    }

    /// Whether a name is `[A-Za-z_][A-Za-z0-9_]{0,127}`, on the published list or not.
    internal static func isWellFormed(_ name: String) -> Bool {
        let bytes = Array(name.utf8)
        return !bytes.isEmpty && bytes.count <= maximumLength && bytes.allSatisfy(isWordByte) && !isDigit(bytes[0])
    }

    /// Whether a well-formed name is on the published list.
    public static func isReserved(_ name: String) -> Bool {
        let upper = name.uppercased()
        return reservedNames.contains(upper) || reservedPrefixes.contains { upper.hasPrefix($0) }
            || upper.hasSuffix("_PROXY")
    }

    /// Families of names that are refused; letter case does not count.
    public static let reservedPrefixes: [String] = [
        "LD_", "DYLD_", "GLIBC_", "MALLOC_", "BASH_FUNC_", "GIT_CONFIG", "GIT_TRACE", "NPM_CONFIG_", "VAULT_SANDBOX_",
        "PYTHON", "COR_PROFILER", "CORECLR_", "DOTNET_STARTUP", "BUNDLE_", "LUA_INIT", "LUA_PATH", "LUA_CPATH", "PERL5",
    ]

    /// Single names that are refused; letter case does not count.
    public static let reservedNames: Set<String> = [
        "PATH", "HOME", "SHELL", "USER", "LOGNAME", "PWD", "OLDPWD", "TMPDIR", "TERM", "BASH_ENV", "ENV", "IFS",
        "CDPATH",
        "SHELLOPTS", "BASHOPTS", "PS4", "PROMPT_COMMAND", "ZDOTDIR", "GLOBIGNORE", "HISTFILE", "INPUTRC", "TERMINFO",
        "TERMINFO_DIRS", "TERMCAP", "GCONV_PATH", "NLSPATH", "LOCPATH", "HOSTALIASES", "LOCALDOMAIN", "RES_OPTIONS",
        "GETCONF_DIR", "TZDIR", "NODE_OPTIONS", "NODE_PATH", "NODE_EXTRA_CA_CERTS", "NODE_REPL_EXTERNAL_MODULE",
        "ELECTRON_RUN_AS_NODE", "DENO_DIR", "RUBYOPT", "RUBYLIB", "GEM_PATH", "GEM_HOME", "PERLLIB", "PERLIO_DEBUG",
        "JAVA_TOOL_OPTIONS", "_JAVA_OPTIONS", "JDK_JAVA_OPTIONS", "JAVA_OPTS", "CLASSPATH", "MAVEN_OPTS", "GRADLE_OPTS",
        "PHPRC", "PHP_INI_SCAN_DIR", "R_PROFILE", "R_ENVIRON", "ERL_AFLAGS", "ERL_FLAGS", "ERL_LIBS", "GHCRTS",
        "GOFLAGS",
        "GODEBUG", "GOROOT", "GOENV", "RUSTC", "RUSTC_WRAPPER", "RUSTFLAGS", "RUSTDOC", "CARGO_HOME", "CC", "CXX",
        "GIT_SSH", "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EDITOR", "GIT_SEQUENCE_EDITOR", "GIT_PAGER", "GIT_EXEC_PATH",
        "GIT_TEMPLATE_DIR", "GIT_EXTERNAL_DIFF", "GIT_PROXY_COMMAND", "GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE",
        "GIT_OBJECT_DIRECTORY", "GIT_ALTERNATE_OBJECT_DIRECTORIES", "SSH_ASKPASS", "SUDO_ASKPASS", "EDITOR", "VISUAL",
        "PAGER", "MANPAGER", "LESSOPEN", "LESSCLOSE", "BROWSER", "MAKEFLAGS", "MAKEFILES", "GNUMAKEFLAGS",
        "CMAKE_TOOLCHAIN_FILE",
        "OPENSSL_CONF", "OPENSSL_MODULES", "OPENSSL_ENGINES", "SSLKEYLOGFILE", "SSL_CERT_FILE", "SSL_CERT_DIR",
        "CURL_HOME", "WGETRC", "NETRC", "KUBECONFIG", "DOCKER_HOST", "DOCKER_CONFIG", "XDG_CONFIG_HOME",
        "XDG_DATA_HOME",
        "XDG_RUNTIME_DIR", "DBUS_SESSION_BUS_ADDRESS", "SSH_AUTH_SOCK",
    ]

    internal static func isWordByte(_ byte: UInt8) -> Bool {
        isDigit(byte) || byte == UInt8(ascii: "_") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte | 0x20)
    }

    internal static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }
}

/// What an app may be called.
public enum AppName {
    /// Refuses a name that is not `[a-z0-9-]{1,63}`, and says where it breaks the rule without showing it.
    public static func validate(_ name: String) throws(VaultError) {
        guard !isWellFormed(name) else { return }
        let why: String
        if name.isEmpty {
            why = "is empty"
        } else if let place = name.utf8.enumerated().first(where: { !isNameByte($0.element) }) {
            why = "has none of a-z, 0-9 and - at byte \(place.offset + 1)"
        } else {
            why = "is longer than 63 bytes"
        }
        throw .nameMalformed(
            of: "an app", why: why, remedy: "use a-z, 0-9 and -, at most 63 in all: shop-dev")
    }

    /// Whether a name is `[a-z0-9-]{1,63}`.
    internal static func isWellFormed(_ name: String) -> Bool {
        (1...63).contains(name.utf8.count) && name.utf8.allSatisfy(isNameByte)
    }

    private static func isNameByte(_ byte: UInt8) -> Bool {
        SecretName.isDigit(byte) || byte == UInt8(ascii: "-") || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte)
    }
}

extension Statement {
    /// A column with the name of a secret. Listings need no key, so a name is checked before it reaches a terminal.
    internal func secretName(_ column: Int32) throws(VaultError) -> String {
        let name = try text(column)
        guard SecretName.isWellFormed(name) else { throw .corrupt("the name of a secret is malformed") }
        return name
    }

    /// A column with the name of an app, checked as `secretName` is.
    internal func appName(_ column: Int32) throws(VaultError) -> String {
        let name = try text(column)
        guard AppName.isWellFormed(name) else { throw .corrupt("the name of an app is malformed") }
        return name
    }
}
