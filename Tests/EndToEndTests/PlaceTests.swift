internal import Linux
internal import TestSupport
internal import Testing

/// Places that are missing, full, unsafe or of no use: the right code, a hint that helps, and nothing left behind.
@Suite(.requires(.binary, .root, .userNamespaces)) struct PlaceTests {
    /// Runs a shell script in the project with `$VS` as the binary.
    private func script(
        _ text: String, in place: borrowing Workplace, input: String = ""
    ) throws -> ProgramRun.Outcome {
        try place.run([], input: input) {
            $0.environment["VS"] = $0.program
            $0.program = "/bin/sh"
            $0.arguments = ["-c", text]
        }
    }

    @Test(arguments: ["0", "1"]) func `an init that finds no room leaves no key file`(blocks: String) throws {
        let place = try Workplace()
        let full = try script("ulimit -f \(blocks); $VS init --key-file kk", in: place)
        #expect(full.exitStatus == 125)
        #expect(full.errorText.hasPrefix("vault-sandbox: storage_full: "), "\(full.errorText)")
        #expect((try? Files.status(place.project + "/kk")) == nil)
        #expect(try place.run(["init", "--key-file", "kk"]).exitStatus == 0)
    }

    @Test func `an empty key file is to be removed, which the hint says`() throws {
        let place = try Workplace()
        try place.write("", to: "kk", mode: 0o600)
        let outcome = try place.run(["init", "--key-file", "kk"])
        #expect(outcome.errorText.contains("key_file_refused: kk: is empty"))
        #expect(outcome.errorText.contains("remove this one"))
    }

    @Test func `a folder that cannot be made is told with its reason`() throws {
        let place = try Workplace(user: TestHome.ordinaryUser)
        let home = try place.run(["init", "--passphrase-fd", "0"], input: "four random words\n") {
            $0.environment["HOME"] = "/nonexistent/home"
        }
        #expect(home.errorText.hasPrefix("vault-sandbox: permissions_unsafe: "), "\(home.errorText)")
        #expect(home.errorText.contains("Permission denied") && home.errorText.contains("VAULT_SANDBOX_HOME"))
        let key = try place.run(["init", "--key-file", "nodir/k"])
        #expect(key.errorText.hasPrefix("vault-sandbox: key_file_refused: nodir/k: cannot be made: No such file"))
        let refused = try place.run(["init", "--key-file", "/etc/k"])
        #expect(refused.errorText.hasPrefix("vault-sandbox: key_file_refused: /etc/k: "), "\(refused.errorText)")
    }

    @Test func `what comes next is said for each kind of key`() throws {
        let place = try Workplace()
        let passphrase = try place.run(["init", "--passphrase-fd", "0"], input: "four random words\n")
        #expect(passphrase.outputText.hasSuffix("\nnext: vault-sandbox secret set NAME\n"), "\(passphrase.errorText)")
        let file = try Workplace().run(["init", "--key-file", "kk"])
        #expect(file.outputText.contains("\nnext: export VAULT_SANDBOX_KEY_FILE=kk\nthen: vault-sandbox secret set"))
    }

    @Test(arguments: [
        ("mv vault.db other; ln -s other vault.db", "secret list", "regular file"),
        ("mv vault.db other; ln -s other vault.db", "exec -- true", "regular file"),
        ("chmod 500 .", "secret set A", "chmod 700"), ("chmod 400 vault.db", "secret set A", "chmod 600"),
        ("chmod 000 vault.db", "secret list", "chmod 600"), ("chmod 640 vault.db", "secret list", "chmod 600"),
    ]) func `a vault that its owner cannot use is no matter of space`(
        change: String, command: String, hint: String
    ) throws {
        let place = try Workplace(user: TestHome.ordinaryUser)
        try place.makeVault()
        let changed = try script("cd ~/.local/share/vault-sandbox && { \(change); }", in: place)
        try #require(changed.exitStatus == 0, "\(changed.errorText)")
        let outcome = try script("$VS \(command)", in: place, input: "value-of-a")
        #expect(outcome.errorText.hasPrefix("vault-sandbox: permissions_unsafe: "), "\(outcome.errorText)")
        #expect(outcome.errorText.contains(hint), "\(outcome.errorText)")
    }

    @Test func `an import of nothing stores nothing and says so`() throws {
        let place = try Workplace()
        try place.makeVault()
        for input in ["", "# a comment\n\n", "{}"] {
            let outcome = try place.run(["secret", "import", "-"], input: input)
            #expect(outcome.errorText.hasPrefix("vault-sandbox: argument_invalid: the file to import holds no secret"))
            #expect(outcome.exitStatus == 125)
        }
    }

    @Test func `a pinned policy is shown, and that its file has changed since`() throws {
        let place = try Workplace()
        try place.makeVault()
        let text = "version = 1\nextends = [\"default\"]\n[process]\nset_env = { MARK = \"pinned\" }\n"
        try place.write(text, to: "p.toml")
        #expect(try place.run(["app", "policy", "default", "./p.toml"]).exitStatus == 0)
        let same = try place.run(["app", "policy", "default"])
        #expect(same.outputText.hasPrefix("default: ./p.toml\n") && same.outputText.contains("\"MARK\" = \"pinned\""))
        #expect(same.errorText.isEmpty, "\(same.errorText)")
        try place.write(text.replacing("pinned", with: "edited"), to: "p.toml")
        let edited = try place.run(["app", "policy", "default"])
        #expect(edited.outputText == same.outputText)
        #expect(edited.errorText.hasPrefix("note: ./p.toml is not what was pinned"), "\(edited.errorText)")
        try Files.remove(place.project + "/p.toml")
        #expect(try place.run(["app", "policy", "default"]).errorText == edited.errorText)
    }

    @Test func `standard input that cannot be read is not output that cannot be written`() throws {
        let place = try Workplace()
        try place.makeVault()
        try place.store("TOKEN", "correct-horse-battery")
        let outcome = try script("$VS redact </", in: place)
        #expect(outcome.errorText.hasPrefix("vault-sandbox: argument_invalid: standard input cannot be read: "))
    }

    @Test func `a damaged file is told without the database's language`() throws {
        let place = try Workplace()
        try place.makeVault()
        try place.store("A", "value-of-a")
        let path = ".local/share/vault-sandbox/vault.db"
        let bytes = try Files.contents(of: place.home.path(path), limit: 1 << 24)
        for length in [200, bytes.count / 4, bytes.count / 2, bytes.count - 4096] {
            try place.home.directory.write(Array(bytes.prefix(length)), to: path)
            let outcome = try place.run(["exec", "--", "true"])
            #expect(outcome.errorText.hasPrefix("vault-sandbox: vault_corrupt: "), "\(outcome.errorText)")
            for word in ["SELECT", "PRAGMA", "FROM"] { #expect(!outcome.errorText.contains(word)) }
        }
    }

    @Test func `the doctor leaves no folder behind when a signal ends it`() throws {
        let place = try Workplace()
        func folders() throws -> Set<String> {
            Set(try Files.names(in: "/tmp").filter { $0.hasPrefix("vault-sandbox-doctor-") })
        }
        let before = try folders()
        let clock = ContinuousClock()
        for attempt in 0..<400 {
            var running = try place.home.request(["doctor"]).start()
            // Its folder is there from some point of the first milliseconds on.
            let moment = clock.now + .microseconds(attempt * 15)
            while clock.now < moment {}
            try running.send([Signals.terminate, Signals.interrupt, Signals.hangUp][attempt % 3])
            _ = try running.finish()
        }
        // Those of other runs at this moment go; what stays was left behind.
        var left: Set<String> = ["not looked yet"]
        for _ in 0..<100 where !left.isEmpty {
            left = try folders().subtracting(before)
            _ = try Polling.wait([], milliseconds: 20)
        }
        #expect(left.isEmpty)
    }

    @Test func `the doctor says where memory cannot be locked`() throws {
        let place = try Workplace(user: TestHome.ordinaryUser)
        let outcome = try script("ulimit -l 64; $VS doctor", in: place)
        #expect(outcome.outputText.contains("partial   memory locking"), "\(outcome.outputText)\(outcome.errorText)")
        #expect(outcome.outputText.contains("ulimit -l"))
    }
}
