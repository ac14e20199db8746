internal import Linux
internal import TestSupport
internal import Testing

/// Bad input: each refusal has its code, its hint and the exit status 125, and the vault keeps what it had.
@Suite(.requires(.binary, .root, .userNamespaces)) struct RefusalTests {
    /// What is typed, what it is answered with, and a word of the hint.
    static let refusals: [([String], code: String, hint: String)] = [
        (["exec", "--secret", "DATABASE_URI", "--", "true"], "secret_not_found", "DATABASE_URL"),
        (["exec", "--app", "defualt", "--", "true"], "app_not_found", "default"),
        (["exec", "--work-dir", "/no/such/place", "--", "true"], "work_dir_refused", "--work-dir"),
        (["exec", "--work-dir", "/", "--", "true"], "work_dir_refused", "--work-dir"),
        (["exec", "--work-dir", "/usr/lib", "--", "true"], "work_dir_refused", "--work-dir"),
        (["exec", "--policy", "defalt", "--", "true"], "policy_invalid", "default"),
        (["exec", "--timeout", "2h", "--", "true"], "argument_invalid", "timeout_max"),
        (["exec", "--timeout", "soon", "--", "true"], "argument_invalid", "5m"),
        (["exec", "--polcy", "strict", "--", "true"], "argument_invalid", "--policy"),
        (["exec", "--"], "argument_invalid", "exec"),
        (["exec", "--env", "DATABASE_URL=x", "--", "true"], "argument_invalid", "secret"),
        (["exec", "--secret-from", "A=value", "--", "true"], "argument_invalid", "file:PATH"),
        (["exec", "--key-file", "/no/key", "--", "true"], "key_file_refused", ""),
        (["exec", "--read", "/no/such/path", "--", "true"], "policy_invalid", "--read"),
        (["secret", "set", "LD_PRELOAD"], "name_invalid", ""),
        (["secret", "set", "1BAD"], "name_invalid", ""),
        (["secret", "remove", "DATABASE_URI"], "secret_not_found", "DATABASE_URL"),
        (["scret", "list"], "argument_invalid", "secret"),
    ]

    @Test(arguments: refusals.indices) func `a mistake is named and what to do is said`(index: Int) throws {
        let (arguments, code, hint) = Self.refusals[index]
        let place = try Workplace()
        try place.makeVault()
        try place.store("DATABASE_URL", "postgres://app:pass@db/app")
        let outcome = try place.run(arguments, input: "some-value")
        #expect(outcome.exitStatus == 125, "\(outcome.errorText)")
        #expect(outcome.errorText.hasPrefix("vault-sandbox: \(code): "), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("\nhint: "))
        #expect(outcome.errorText.contains(hint), "\(outcome.errorText)")
        #expect(try place.run(["exec", "--", "printenv", "DATABASE_URL"]).outputText == "[redacted:DATABASE_URL]\n")
    }

    @Test func `a key file that others can read is refused`() throws {
        let place = try Workplace()
        try place.makeVault()
        let key = try place.home.directory.text(of: ".vault-key")
        try place.home.directory.write(key, to: ".vault-key", mode: 0o644)
        let outcome = try place.run(["secret", "set", "A"], input: "value-of-a")
        #expect(outcome.errorText.hasPrefix("vault-sandbox: key_file_refused: "))
    }

    @Test func `another key does not fit`() throws {
        let place = try Workplace()
        try place.makeVault()
        try place.home.directory.write(String(repeating: "k", count: 64) + "\n", to: "other")
        let outcome = try place.run(["secret", "set", "A", "--key-file", place.home.path("other")], input: "value")
        #expect(outcome.errorText.hasPrefix("vault-sandbox: decryption_failed: "), "\(outcome.errorText)")
    }

    @Test func `a vault cut short is corrupt and says so`() throws {
        let place = try Workplace()
        try place.makeVault()
        try place.store("A", "value-of-a")
        let path = ".local/share/vault-sandbox/vault.db"
        let bytes = try Files.contents(of: place.home.path(path), limit: 1 << 24)
        try place.home.directory.write(Array(bytes.prefix(bytes.count / 2)), to: path)
        let outcome = try place.run(["exec", "--", "true"])
        #expect(outcome.errorText.hasPrefix("vault-sandbox: vault_corrupt: "), "\(outcome.errorText)")
        #expect(outcome.exitStatus == 125)
    }

    @Test func `an error in JSON is one object`() throws {
        let place = try Workplace()
        let outcome = try place.run(["exec", "--json", "--", "no-such-program"])
        #expect(outcome.exitStatus == 127)
        #expect(outcome.outputText.hasPrefix(#"{"error":{"code":"command_not_found""#))
        #expect(outcome.errorText.isEmpty)
    }

    @Test func `a policy's mistakes are all told with their places`() throws {
        let place = try Workplace()
        try place.write(
            "version = 1\nextends = [\"defalt\"]\n[filesystm]\nread = []\n[limits]\ntimeout = \"5 minutes\"\n"
                + "[syscalls]\nallow = [\"@defualt\", \"opennat\"]\n", to: "p.toml")
        let outcome = try place.run(["policy", "check", "./p.toml"])
        #expect(outcome.exitStatus == 1)
        for part in [
            "./p.toml:2:12: there is no policy \"defalt\"; did you mean \"default\"?",
            "./p.toml:3:1: unknown key \"filesystm\"; did you mean \"filesystem\"?", "./p.toml:6:11: \"5 minutes\"",
            "./p.toml:8:10: unknown group of system calls \"@defualt\"; did you mean \"@default\"?",
            "./p.toml:8:22: unknown system call \"opennat\"; did you mean \"openat\"?",
        ] { #expect(outcome.errorText.contains(part), "\(part) in \(outcome.errorText)") }
    }

    @Test func `the values of a run come from outside a vault, too`() throws {
        let place = try Workplace()
        try place.write("from-a-file-x9\n", to: "value")
        let outcome = try place.run(
            [
                "exec", "--secret-from", "ONE=env:OUTER", "--secret-from", "TWO=file:value", "--", "sh", "-c",
                "echo $ONE $TWO; printf %s $TWO | wc -c",
            ]
        ) { $0.environment["OUTER"] = "from-the-environment" }
        #expect(outcome.outputText == "[redacted:ONE] [redacted:TWO]\n14\n", "\(outcome.errorText)")
    }

    @Test func `a pinned policy holds and its file's later content does not`() throws {
        let place = try Workplace()
        try place.makeVault()
        try place.write(
            "version = 1\nextends = [\"default\"]\n[process]\nset_env = { MARK = \"pinned\" }\n", to: "p.toml")
        let pin = try place.run(["app", "policy", "default", "./p.toml"])
        #expect(pin.exitStatus == 0, "\(pin.errorText)")
        try place.write(
            "version = 1\nextends = [\"default\"]\n[process]\nset_env = { MARK = \"edited\" }\n", to: "p.toml")
        #expect(try place.shell("echo $MARK").outputText == "pinned\n")
        let other = try place.run(["exec", "--policy", "host-network", "--", "true"])
        #expect(other.errorText.hasPrefix("vault-sandbox: policy_not_allowed: "))
    }

    @Test func `a disk that is full leaves the vault as it was`() throws {
        let place = try Workplace()
        try place.makeVault()
        try place.store("A", "the-value-before")
        // Room for the database as it is, and for no page more: 64 KiB of value need sixteen.
        let size = try Files.status(place.home.path(".local/share/vault-sandbox/vault.db")).size
        var request = try place.home.request([])
        let set = "ulimit -f \(size / 512); '\(request.program)' secret set A"
        request.arguments = ["-c", set]
        request.program = "/bin/sh"
        request.environment["VAULT_SANDBOX_KEY_FILE"] = place.home.path(".vault-key")
        request.input = [UInt8](repeating: UInt8(ascii: "v"), count: 64 << 10)
        let outcome = try request.run()
        #expect(outcome.exitStatus == 125)
        #expect(outcome.errorText.hasPrefix("vault-sandbox: storage_full: "), "\(outcome.errorText)")
        #expect(try place.shell("printf %s $A | wc -c").outputText == "16\n")
    }

    @Test func `a value that is too long or cannot be a variable is refused`() throws {
        let place = try Workplace()
        try place.makeVault()
        let long = try place.run(["secret", "set", "A"], input: String(repeating: "v", count: (64 << 10) + 1))
        #expect(long.errorText.hasPrefix("vault-sandbox: secret_value_invalid: "), "\(long.errorText)")
        let binary = try place.run(["secret", "set", "A"], input: "a\0b-and-more")
        #expect(binary.errorText.hasPrefix("vault-sandbox: secret_value_invalid: "), "\(binary.errorText)")
        #expect(try place.run(["secret", "set", "A", "--deliver", "file"], input: "a\0b-and-more").exitStatus == 0)
        #expect(try place.shell("wc -c < $A_FILE; stat -c %a $A_FILE").outputText == "12\n400\n")
    }

    @Test func `more secrets than guarded memory holds are refused by name of the limit`() throws {
        let place = try Workplace()
        try place.makeVault()
        func lines(_ range: Range<Int>) -> String { range.map { "NAME_\($0)=value-\($0)-x\n" }.joined() }
        let over = try place.run(["secret", "import", "-"], input: lines(0..<10_001))
        #expect(over.exitStatus == 125)
        #expect(over.errorText.contains("more than 10000 secrets"), "\(over.errorText)")
        #expect(try place.run(["secret", "import", "-"], input: lines(0..<1_001)).exitStatus == 0)
        let run = try place.run(["exec", "--", "true"])
        #expect(run.errorText.hasPrefix("vault-sandbox: argument_invalid: 1001 secrets"), "\(run.errorText)")
        #expect(try place.run(["exec", "--secret", "NAME_7", "--", "true"]).exitStatus == 0)
    }
}
