internal import Linux
internal import TestSupport
internal import Testing

/// Grants and work directories that would undo the sandbox, by the hand of who calls it.
@Suite(.requires(.binary, .root, .userNamespaces)) struct GrantRefusalTests {
    private func refusal(_ outcome: ProgramRun.Outcome, _ code: String, _ words: String...) {
        #expect(outcome.exitStatus == 125, "\(outcome.outputText)\(outcome.errorText)")
        #expect(outcome.errorText.hasPrefix("vault-sandbox: \(code): "), "\(outcome.errorText)")
        for word in words { #expect(outcome.errorText.contains(word), "\(outcome.errorText)") }
    }

    @Test(arguments: [
        "/tmp", "/var/tmp", "/var/log", "HOME/.config", "HOME/.config/systemd/user", "HOME/.local/bin", "HOME/.local",
        "HOME/.claude", "HOME/.cargo/bin", "HOME/project/.git", "HOME/project/.git/hooks", "HOME/bare", "HOME/sticky",
        "HOME/.local/share/vault-sandbox", "/home",
    ])
    func `a work directory that others carry out, or share, is refused`(name: String) throws {
        let place = try Workplace()
        let path = name.hasPrefix("HOME/") ? place.home.path(String(name.dropFirst(5))) : name
        if name.hasPrefix("HOME/") { try place.home.directory.makeDirectory(String(name.dropFirst(5)), mode: 0o700) }
        for part in ["HEAD", "refs", "objects"] { try place.home.directory.makeDirectory("bare/" + part) }
        if name == "HOME/sticky" {
            let folder = try Files.open(path, [.readOnly, .directory])
            try BorrowedDescriptor(folder).setPermissions(0o1777)
        }
        refusal(try place.run(["exec", "--work-dir", path, "--", "true"]), "work_dir_refused", "hint: change to")
    }

    @Test func `who names such a directory with --write as well may use it, but never everybody's`() throws {
        let place = try Workplace()
        let path = try place.home.directory.makeDirectory(".tool/tree")
        let line = ["exec", "--work-dir", path, "--write", path, "--", "sh", "-c", "echo x > made"]
        #expect(try place.run(line).exitStatus == 0)
        #expect(try place.home.directory.text(of: ".tool/tree/made") == "x\n")
        refusal(
            try place.run(["exec", "--work-dir", "/var/tmp", "--write", "/var/tmp", "--", "true"]), "work_dir_refused")
        refusal(try place.run(["exec", "--write", "/tmp", "--", "true"]), "argument_invalid", "--write /tmp")
        for path in ["/tmp", "/var/tmp", "/run"] {
            refusal(try place.run(["exec", "--read", path, "--", "true"]), "argument_invalid", "--read \(path)")
        }
    }

    @Test func `what belongs to vault-sandbox is shown by no grant`() throws {
        let place = try Workplace()
        try place.makeVault()
        let folder = try place.home.directory.makeDirectory(".config/vault-sandbox/policies")
        try place.home.directory.write("version = 1\n", to: ".config/vault-sandbox/policies/mine.toml")
        for path in [
            place.home.path(".local/share/vault-sandbox/vault.db"), place.home.path(".local/share/vault-sandbox"),
            folder + "/mine.toml", place.home.path(".vault-key"),
        ] {
            for option in ["--read", "--write"] {
                let outcome = try place.run(["exec", option, path, "--", "true"])
                refusal(outcome, "argument_invalid", "vault-sandbox itself")
            }
        }
        // Nor by a link, nor below a folder that is granted, nor by variables that point elsewhere.
        try Files.makeSymbolicLink(to: place.home.path(".local/share"), at: place.home.path("link"))
        refusal(
            try place.run(["exec", "--read", place.home.path("link/vault-sandbox"), "--", "true"]), "argument_invalid")
        try place.home.directory.makeDirectory("keys")
        try place.home.directory.write("k", to: "keys/k")
        let home = place.home.path("")
        let look = "find \(home) -name vault.db -o -name mine.toml | xargs -r cat; cat \(home)keys/k \(home).vault-key"
        for options in [[], ["--no-secrets", "--passphrase-fd", "0"], ["--key-file", place.home.path(".vault-key")]] {
            let seen = try place.run(
                ["exec", "--read", place.home.path("keys"), "--read", place.home.path(".local")] + options
                    + ["--read", place.home.path(".config"), "--", "sh", "-c", look]
            ) {
                $0.environment["VAULT_SANDBOX_KEY_FILE"] = place.home.path("keys/k")
                $0.environment["VAULT_SANDBOX_HOME"] = place.home.path("elsewhere")
            }
            #expect(seen.outputText == "", "\(seen.outputText)")
            #expect(seen.exitStatus == 1, "\(seen.errorText)")
        }
    }

    @Test func `a link that a run planted widens no grant of the next`() throws {
        let place = try Workplace()
        try place.home.directory.makeDirectory("private")
        try place.home.directory.write("key\n", to: "private/id")
        #expect(try place.shell("ln -s ../private build; ln -s real inside; mkdir real").exitStatus == 0)
        refusal(
            try place.run(["exec", "--write", "build", "--", "sh", "-c", "echo x >> build/id"]), "argument_invalid",
            place.project + "/build")
        try place.write(
            "version = 1\nextends = [\"default\"]\n[filesystem]\n"
                + "read = [\"$WORK_DIR\"]\nwrite = [\"-*\", \"$WORK_DIR/build\"]\n", to: "p.toml")
        refusal(
            try place.run(["exec", "--policy", "./p.toml", "--", "sh", "-c", "echo x >> build/id"]), "policy_invalid",
            place.project + "/build")
        #expect(try place.home.directory.text(of: "private/id") == "key\n")
        // A link that stays inside its tree, and one of the user's outside of any, lead nowhere new.
        #expect(try place.run(["exec", "--write", "inside", "--", "sh", "-c", "echo x > inside/x"]).exitStatus == 0)
        try Files.makeSymbolicLink(to: place.home.path("private"), at: place.home.path("own"))
        let own = try place.run(["exec", "--read", place.home.path("own"), "--", "cat", place.home.path("own/id")])
        #expect(own.outputText == "key\n", "\(own.errorText)")
    }

    @Test func `a masked path that is asked for is refused, and not shown empty`() throws {
        let place = try Workplace()
        try place.home.directory.makeDirectory(".ssh")
        try place.home.directory.write("key\n", to: ".ssh/id")
        refusal(
            try place.run(["exec", "--read", place.home.path(".ssh"), "--", "true"]), "argument_invalid", "masks it")
        let inner = try place.run([
            "exec", "--read", place.home.path(".ssh/id"), "--", "cat", place.home.path(".ssh/id"),
        ])
        #expect(inner.outputText == "key\n", "\(inner.errorText)")
        let missing = try place.run(["exec", "--read", "/no/such", "--", "true"])
        #expect(missing.errorText.contains("hint: create it, or leave the option out"), "\(missing.errorText)")
    }

    @Test func `bytes that are not UTF-8 are refused by their name`() throws {
        let place = try Workplace()
        var request = try place.home.request([])
        let binary = request.program
        request.program = "/bin/bash"
        request.arguments = [
            "-c",
            "bad=$(printf 'dir-\\xff'); mkdir \"$bad\"; cd \"$bad\"; '\(binary)' exec -- pwd; cd ..; "
                + "'\(binary)' exec --env A=$'\\xff' -- true",
        ]
        request.directory = place.project
        let outcome = try request.run()
        #expect(outcome.outputText == "")
        #expect(outcome.errorText.contains("work_dir_refused: the current directory: its path is not UTF-8"))
        #expect(outcome.errorText.contains("argument_invalid: an option holds bytes that are not UTF-8"))
    }
}
