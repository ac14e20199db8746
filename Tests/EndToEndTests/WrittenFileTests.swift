internal import Linux
internal import TestSupport
internal import Testing

/// What a run leaves of its secrets in files, and secrets that are made up to be noticed.
@Suite(.requires(.binary, .userNamespaces)) struct WrittenFileTests {
    static let value = "kx7Qm2Zr9Lw4TnB8vY3c"
    private static let given = ["--secret-from", "KEY=env:GIVEN"]

    /// Runs a script with a secret, and by request with a policy on top of the bundled one.
    private func run(
        _ place: borrowing Workplace, _ script: String, redaction: String = "", options: [String] = ["--json"]
    ) throws -> ProgramRun.Outcome {
        try place.home.directory.write(
            "version = 1\nextends = [\"default\"]\n[redaction]\n\(redaction)\n", to: "policy.toml", mode: 0o644)
        return try place.shell(
            script, options: options + Self.given + ["--policy", place.home.path("policy.toml")]
        ) { $0.environment["GIVEN"] = Self.value }
    }

    @Test func `a file that holds a secret is named with the secret and its form`() throws {
        let place = try Workplace()
        let result = try run(place, "printf %s $KEY | base64 > out.log; echo fine > other; ln -s $KEY link")
        #expect(result.status == .exited(0), "\(result.errorText)")
        #expect(
            result.outputText.contains(
                #"{"action":"report","form":"base64","path":"out.log","place":"content","secret":"KEY"}"#),
            "\(result.outputText)")
        #expect(result.outputText.contains(#""form":"raw","path":"link","place":"link","secret":"KEY"}"#))
        #expect(!result.outputText.contains("other"))
        let told = try run(place, "printf %s $KEY | base64 > out.log", options: [])
        #expect(told.errorText.hasPrefix("vault-sandbox: note: out.log holds KEY (base64)\n"))
    }

    @Test func `a name that holds a secret is told without it`() throws {
        let place = try Workplace()
        let result = try run(place, "echo > a-$KEY.txt", options: [])
        #expect(result.errorText == "vault-sandbox: note: a-[redacted:KEY].txt holds KEY (raw) in its name\n")
    }

    @Test func `what was there before and what runs without secrets write is not told`() throws {
        let place = try Workplace()
        try place.write(Self.value, to: "before")
        #expect(try run(place, "cat before >/dev/null", options: []).errorText == "")
        let result = try place.shell("cp before copy", options: ["--no-secrets"])
        #expect(result.errorText == "")
        #expect(try run(place, "cat before > copy", options: []).errorText.contains("copy holds KEY (raw)"))
    }

    @Test func `in a large tree what is changed early and late is found`() throws {
        let place = try Workplace()
        let fill = "mkdir a b n; for i in $(seq 2500); do echo > a/$i; echo > b/$i; done"
        #expect(try place.shell(fill, options: ["--no-secrets"]).status == .exited(0))
        // Before the watch, while it begins, and long after.
        let result = try run(
            place,
            "echo $KEY >> a/7; mv n m; for i in 1 2 3 4 5; do sleep 0.1; echo $KEY > m/$i; done; echo $KEY >> b/9",
            options: [])
        let paths = ["a/7", "b/9", "m/1", "m/2", "m/3", "m/4", "m/5"]
        for path in paths { #expect(result.errorText.contains("note: \(path) holds KEY (raw)\n")) }
        let notes = result.errorText.split(separator: "\n").filter { $0.hasPrefix("vault-sandbox: note: ") }
        #expect(notes.count == paths.count, "\(result.errorText)")
    }

    @Test func `by policy nobody looks, or the file is moved away`() throws {
        let place = try Workplace()
        let off = try run(place, "echo $KEY > out", redaction: "written_files = \"off\"", options: [])
        #expect(!off.errorText.contains("note: "))
        let result = try run(place, "echo $KEY > out; echo fine > other", redaction: "written_files = \"block\"")
        #expect(result.status == .exited(0), "\(result.errorText)")
        #expect(result.outputText.contains(#"{"action":"quarantined","form":"raw","path":"out""#))
        #expect(try Files.names(in: place.project).contains("other"))
        #expect(try !Files.names(in: place.project).contains("out"))
    }

    /// Leaves fifty files with the secret so deep that each path has 300 KB, and sixty links that git would follow.
    private static let flood = """
        for i in $(seq 60); do mkdir r$i; ln -s ../elsewhere r$i/.git; done
        exec python3 -c '
        import os
        for i in range(1500): os.mkdir("d" * 200); os.chdir("d" * 200)
        for i in range(50): open("f%d" % i, "w").write(os.environ["KEY"])
        '
        """

    @Test(.requires(.command("python3")), arguments: ["report", "block"])
    func `a flood of deep files and traps leaves a small result that says what is not in it`(mode: String) throws {
        let place = try Workplace()
        let result = try run(place, Self.flood, redaction: "written_files = \"\(mode)\"")
        // No path reaches so deep.
        try place.outside("rm -rf ddd* r*")
        #expect(result.status == .exited(0), "\(result.errorText)")
        #expect(result.output.count < 100_000)
        #expect(result.outputText.contains("ddd…ddd"))
        #expect(result.outputText.contains("r10/.git"))
        #expect(result.outputText.contains(#""written_omitted":10,"#), "\(result.outputText.suffix(2000))")
        // What acts on files still knows the whole path.
        guard mode == "block" else { return }
        #expect(!result.outputText.contains(#""action":"report""#))
        let listed = try place.run(["quarantine", "list", "--json"])
        let deep = place.project + String(repeating: "/" + String(repeating: "d", count: 200), count: 1500)
        #expect(listed.outputText.contains("\"path\":\"\(deep)/f49\""))
        let told = try run(place, Self.flood, options: [])
        try place.outside("rm -rf ddd* r*")
        #expect(told.errorText.utf8.count < 20_000 && told.errorText.contains(" and 50 more;"), "\(told.errorText)")
        #expect(told.errorText.contains("note: 40 more such findings; --json names up to 50\n"))
    }

    @Test func `a signal ends the look behind a run, which says what was not looked at`() throws {
        let place = try Workplace()
        var request = try place.home.request(
            ["exec", "--json"] + Self.given + [
                "--", "sh", "-c",
                "head -c 250M /dev/zero | gzip -1 > 1.gz; for i in 2 3 4 5; do cp 1.gz $i.gz; done; echo $KEY > plain",
            ])
        request.directory = place.project
        request.environment["GIVEN"] = Self.value
        var running = try request.start()
        // The first process inside is there as long as the program may be.
        while !(try Self.hasChild(running.process)) { _ = try Polling.wait([], milliseconds: 5) }
        while try Self.hasChild(running.process) { _ = try Polling.wait([], milliseconds: 5) }
        try running.send(Signals.terminate)
        let result = try running.finish()
        #expect(result.status == .exited(143), "\(result.outputText)")
        #expect(result.outputText.contains(#""signal":15"#), "\(result.outputText)")
        #expect(
            result.outputText.contains(
                #""written_not_scanned":[{"path":"\#(place.project)","reason":"a request to stop ended the look at it"}"#
            ), "\(result.outputText)")
    }

    /// Whether a process has one.
    private static func hasChild(_ process: Int32) throws -> Bool {
        try Files.names(in: "/proc/\(process)/task").contains { thread in
            let path = "/proc/\(process)/task/\(thread)/children"
            return try !Files.contents(of: path, limit: 4096).isEmpty
        }
    }

    @Test func `files that unpack to too much together end the look at packed parts, not the one at the rest`() throws {
        let place = try Workplace()
        let result = try run(
            place,
            """
            head -c 250M /dev/zero | gzip -1 > 1.gz; for i in 2 3 4 5 6; do cp 1.gz $i.gz; done; echo $KEY > plain
            """, redaction: "written_files = \"block\"")
        #expect(result.status == .exited(0), "\(result.errorText)")
        #expect(result.outputText.contains(#""action":"quarantined","form":"raw","path":"plain""#))
        #expect(
            result.outputText.contains("the run's files unpack to more than 1024 MiB together"), "\(result.outputText)")
        // What was not looked at stays.
        #expect(try Files.names(in: place.project).count { $0.hasSuffix(".gz") } == 6)
    }

    @Test func `the forms in which a secret was printed are counted`() throws {
        let place = try Workplace()
        let result = try run(place, "echo $KEY; printf %s $KEY | base64; printf %s $KEY | base64")
        #expect(result.outputText.contains(#""redaction_forms":{"KEY":{"base64":2,"raw":1}}"#), "\(result.outputText)")
        #expect(result.outputText.contains(#""redactions":{"KEY":3}"#))
    }

    @Test func `an install script that dumps its environment touches the decoy`() throws {
        let place = try Workplace()
        let decoys = "decoys = [\"AWS_SECRET_ACCESS_KEY\"]"
        let script = "env | base64 > stolen; env | grep AWS; echo ${#AWS_SECRET_ACCESS_KEY}"
        let result = try run(place, script, redaction: decoys)
        #expect(result.status == .exited(0), "\(result.errorText)")
        #expect(result.outputText.contains(#""decoys":{"AWS_SECRET_ACCESS_KEY":2}"#), "\(result.outputText)")
        #expect(result.outputText.contains(#"AWS_SECRET_ACCESS_KEY=[redacted:AWS_SECRET_ACCESS_KEY]\n40\n"#))
        #expect(result.outputText.contains(#""secrets_injected":["KEY"]"#))
        // The control: without the decoy nothing is noticed.
        #expect(try run(place, script).outputText.contains(#""decoys":{}"#))
    }

    @Test func `a decoy that comes out ends the run where the policy says so`() throws {
        let place = try Workplace()
        let result = try run(
            place, "env; exec sleep 600", redaction: "decoys = [\"GITHUB_TOKEN\"]\non_decoy = \"end\"")
        #expect(result.status == .exited(137), "\(result.outputText)")
        #expect(result.outputText.contains(#""code":"decoy_touched""#), "\(result.outputText)")
    }

    @Test func `a decoy cannot have the name of a secret of the run`() throws {
        let place = try Workplace()
        let result = try run(place, "true", redaction: "decoys = [\"KEY\"]", options: [])
        #expect(result.status == .exited(125))
        #expect(result.errorText.contains("policy_invalid") && result.errorText.contains("policy.toml:4:"))
    }
}
