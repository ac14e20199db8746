internal import Linux
internal import TestSupport
internal import Testing

/// Files that a run left with a secret in them, moved away by policy: looked at, put back and removed by commands.
@Suite(.requires(.binary, .userNamespaces)) struct QuarantineTests {
    /// A place whose policy moves files away.
    private func place(_ script: String) throws -> Workplace {
        let place = try Workplace()
        let result = try run(place, script)
        try #require(result.exitStatus == 0, "\(result.errorText)")
        return place
    }

    private func run(_ place: borrowing Workplace, _ script: String) throws -> ProgramRun.Outcome {
        try place.home.directory.write(
            "version = 1\nextends = [\"default\"]\n[redaction]\nwritten_files = \"block\"\n", to: "policy.toml",
            mode: 0o644)
        return try place.shell(
            script, options: ["--json", "--secret-from", "KEY=env:GIVEN", "--policy", place.home.path("policy.toml")]
        ) { $0.environment["GIVEN"] = WrittenFileTests.value }
    }

    private func items(_ place: borrowing Workplace) throws -> [String] {
        try Files.names(in: place.home.path(".local/share/vault-sandbox/quarantine")).sorted()
    }

    @Test func `a file is listed with what it held, and put back where it was`() throws {
        let place = try place("umask 022; echo $KEY > out; chmod 640 out")
        let listed = try place.run(["quarantine", "list", "--json"])
        let path = #""path":"\#(place.project)/out","path_is_exact":true"#
        #expect(listed.outputText.contains(path), "\(listed.outputText)")
        #expect(listed.outputText.contains(#""holds":[{"form":"raw","place":"content","secret":"KEY"}]"#))
        #expect(listed.outputText.contains(#""size":21,"state":"whole""#))
        #expect(try place.run(["quarantine", "list"]).outputText.contains("KEY (raw)  \(place.project)/out\n"))
        let item = try #require(try items(place).first)
        let restored = try place.run(["quarantine", "restore", item])
        #expect(restored.outputText == "put \(item) back as \(place.project)/out\n", "\(restored.errorText)")
        #expect(try Files.status(place.project + "/out").permissions == 0o640)
        #expect(try place.home.directory.text(of: "project/out") == WrittenFileTests.value + "\n")
        #expect(try items(place) == [])
        #expect(try place.run(["quarantine", "list"]).errorText == "nothing is in quarantine\n")
    }

    @Test func `nothing is overwritten, and another place can be named`() throws {
        let place = try place("echo $KEY > out")
        try place.write("mine", to: "out")
        let item = try #require(try items(place).first)
        let refused = try place.run(["quarantine", "restore", item])
        #expect(refused.exitStatus == 125 && refused.errorText.contains("exists_already"), "\(refused.errorText)")
        #expect(try place.home.directory.text(of: "project/out") == "mine")
        let moved = try place.run(["quarantine", "restore", item, "--to", "../found"])
        #expect(moved.exitStatus == 0, "\(moved.errorText)")
        #expect(try place.home.directory.text(of: "found") == WrittenFileTests.value + "\n")
    }

    @Test func `a file whose name held a secret is put back under a name that is asked for`() throws {
        let place = try place("mkdir a-$KEY; echo fine > a-$KEY/b")
        let item = try #require(try items(place).first)
        let listed = try place.run(["quarantine", "list"])
        #expect(listed.outputText.contains("folder  ") && listed.outputText.contains("/a-[redacted:KEY]\n"))
        let refused = try place.run(["quarantine", "restore", item])
        #expect(refused.errorText.contains("argument_invalid") && refused.errorText.contains("--to PATH"))
        #expect(try place.run(["quarantine", "restore", item, "--to", "a"]).exitStatus == 0)
        #expect(try place.home.directory.text(of: "project/a/b") == "fine\n")
    }

    @Test func `items are removed by name, all or none of them`() throws {
        let place = try place("echo $KEY > a; mkdir b-$KEY; echo > b-$KEY/c; ln -s $KEY d")
        let names = try items(place)
        #expect(names.count == 3)
        let unknown = try place.run(["quarantine", "remove", names[0], String(names[1].dropLast()) + "9"])
        #expect(unknown.exitStatus == 125 && unknown.errorText.contains("item_not_found"), "\(unknown.errorText)")
        #expect(unknown.errorText.contains("did you mean \(names[0].dropLast())"), "\(unknown.errorText)")
        #expect(try items(place) == names)
        #expect(try place.run(["quarantine", "remove", names[0]]).outputText == "removed 1 item\n")
        #expect(try place.run(["quarantine", "remove"]).errorText.contains("name items, or write --all"))
        #expect(try place.run(["quarantine", "remove", "--all"]).outputText == "removed 2 items\n")
        #expect(try items(place) == [])
    }

    @Test func `what git or an editor would carry out is moved away, by a run without secrets too`() throws {
        let place = try place("true")
        let script =
            "mkdir -p .git/hooks .vscode; echo x > .git/hooks/post-checkout; echo fine > other; echo x > .envrc"
        let options = ["--no-secrets", "--policy", place.home.path("policy.toml")]
        let result = try place.shell(script, options: options + ["--json"])
        #expect(result.outputText.contains(#""written_traps":[".envrc",".git"#), "\(result.outputText)")
        #expect(!result.outputText.contains("redaction_failed"))
        #expect(try Files.names(in: place.project) == ["other"])
        let listed = try place.run(["quarantine", "list"]).outputText
        #expect(listed.contains("a trap  \(place.project)/.git\n"), "\(listed)")
        let told = try place.shell("echo x > .envrc", options: options)
        #expect(told.errorText.contains("changed .envrc, which git or an editor may carry out; it was moved away"))
        // The control: with `report` it stays where it was made.
        #expect(try place.shell("echo x > .envrc", options: ["--no-secrets"]).exitStatus == 0)
        #expect(try Files.names(in: place.project).contains(".envrc"))
    }

    @Test func `a folder on another file system than the vault's stays, and its owner hears what to do`() throws {
        let place = try Workplace()
        try place.home.directory.write(
            "version = 1\nextends = [\"default\"]\n[redaction]\nwritten_files = \"block\"\n", to: "policy.toml",
            mode: 0o644)
        let memory = try TemporaryDirectory(in: "/dev/shm")
        let data = memory.path
        let options = ["--json", "--secret-from", "KEY=env:GIVEN", "--policy", place.home.path("policy.toml")]
        let result = try place.shell("mkdir a-$KEY; echo $KEY > a-$KEY/file", options: options) { request in
            request.environment["GIVEN"] = WrittenFileTests.value
            request.environment["VAULT_SANDBOX_HOME"] = data
        }
        #expect(
            result.outputText.contains(
                #""path":"a-[redacted:KEY]","place":"name","reason":"only files and links can be moved to the vault's "#
            ), "\(result.outputText)")
        // What lies in it is moved by itself.
        #expect(result.outputText.contains(#""action":"quarantined","form":"raw","path":"a-[redacted:KEY]/file""#))
        #expect(try Files.names(in: place.project + "/a-" + WrittenFileTests.value).isEmpty)
    }

    @Test(arguments: 1...12) func `a launch that is killed leaves each file whole in one place`(round: Int) throws {
        let place = try Workplace()
        try place.home.directory.write(
            "version = 1\nextends = [\"default\"]\n[redaction]\nwritten_files = \"block\"\n", to: "policy.toml",
            mode: 0o644)
        // The vault's folder is on another file system in every other round, so that files are copied there.
        let memory = try TemporaryDirectory(in: round % 2 == 0 ? "/dev/shm" : "/tmp")
        let data = memory.path
        func request(_ options: [String], _ script: String) throws -> ProgramRun {
            var request = try place.home.request(["exec"] + options + ["--", "sh", "-c", script])
            request.directory = place.project
            request.environment["GIVEN"] = WrittenFileTests.value
            request.environment["VAULT_SANDBOX_HOME"] = data
            return request
        }
        let script = """
            i=0; while [ $i -lt 300 ]; do printf '%s %0100000d %s' $KEY 0 $i > f$i; i=$((i + 1)); done; echo ready
            """
        var program = try request(
            ["--secret-from", "KEY=env:GIVEN", "--policy", place.home.path("policy.toml")], script
        ).start()
        #expect(try program.readLine() == "ready\n")
        // The moment of the kill is told by how far the work is.
        let moment = Int.random(in: 0..<300)
        while ((try? Files.names(in: data + "/quarantine"))?.count ?? 0) < moment {}
        try program.send(Signals.kill)
        _ = try program.finish()
        let after = try request(["--no-secrets"], "true").run()
        #expect(after.exitStatus == 0, "\(after.errorText)")
        #expect((try? Files.names(in: data + "/journal")) ?? [] == [])
        var seen: [String: Int] = [:]
        for name in try Files.names(in: place.project) { seen[name, default: 0] += 1 }
        for item in (try? Files.names(in: data + "/quarantine")) ?? [] {
            let folder = data + "/quarantine/" + item
            #expect(try Files.names(in: folder).sorted() == ["content", "record"])
            let content = try Files.contents(of: folder + "/content", limit: 1 << 20)
            #expect(content.count > 100_000)
            let number = String(decoding: content.suffix(4), as: UTF8.self).split(separator: " ").last ?? ""
            seen["f" + number.drop { !$0.isNumber }, default: 0] += 1
        }
        #expect(seen.count == 300, "killed at \(moment)")
        #expect(seen.values.allSatisfy { $0 == 1 }, "\(seen.filter { $0.value != 1 })")
    }
}
