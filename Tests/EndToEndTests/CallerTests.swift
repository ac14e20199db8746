internal import TestSupport
internal import Testing

/// What the caller's own masks, limits and quotas do to a run.
@Suite(.requires(.binary, .root, .userNamespaces, .command("python3"))) struct CallerTests {
    @Test(arguments: [(mask: "0777", inside: "0077"), ("0222", "0022"), ("0", "0000"), ("027", "0027")])
    func `a mask of files takes nothing from their owner`(mask: String, inside: String) throws {
        let place = try Workplace(user: TestHome.ordinaryUser)
        let policy = "version = 1\nextends = [\"default\"]\n[redaction]\nwritten_files = \"block\"\n"
        try place.home.directory.write(policy, to: "block.toml", mode: 0o644)
        let result = try place.home.script(
            """
            umask \(mask)
            "$VS" exec --secret-from KEY=env --policy ../block.toml --json -- sh -c 'umask; echo $KEY > leak'
            """, in: place.project, environment: ["KEY": WrittenFileTests.value])
        #expect(result.outputText.contains(#""stdout":"\#(inside)\n""#), "\(result.outputText)")
        #expect(result.outputText.contains(#""action":"quarantined""#), "\(result.outputText)")
    }

    @Test(arguments: [6, 12, 16]) func `too few descriptors are said to be too few`(count: Int) throws {
        let place = try Workplace()
        let result = try place.home.script(
            "ulimit -n \(count); \"$VS\" exec --no-secrets -- true", in: place.project)
        #expect(result.errorText.contains("ulimit -n"), "\(result.errorText)")
    }

    @Test(arguments: [1, 2]) func `too few processes are said to be too few`(count: Int) throws {
        // A user of its own: the limit counts all that one user runs.
        let place = try Workplace(user: TestHome.ordinaryUser + 2)
        let result = try place.home.script(
            """
            exec python3 -c '
            import os, resource
            resource.setrlimit(resource.RLIMIT_NPROC, (\(count), \(count)))
            os.execv(os.environ["VS"], ["vs", "exec", "--no-secrets", "--", "true"])'
            """, in: place.project)
        #expect(result.exitStatus == 125)
        #expect(result.errorText.hasPrefix("vault-sandbox: sandbox_failed: "), "\(result.errorText)")
        #expect(result.errorText.contains("ulimit -u"), "\(result.errorText)")
    }

    @Test func `a quota of keys that is used up is said to be`() throws {
        // A user of its own: a quota is held by all that one user runs.
        let place = try Workplace(user: TestHome.ordinaryUser + 1)
        let result = try place.home.script(
            """
            exec python3 -c '
            import ctypes, os
            call = ctypes.CDLL(None).syscall
            call(250, 1, None, 0, 0, 0)
            number = 0
            while call(248, b"user", b"%d" % number, b"x", 1, -2) > 0: number += 1
            os.execl(os.environ["VS"], "vault-sandbox", "exec", "--no-secrets", "--", "true")'
            """, in: place.project)
        #expect(result.exitStatus == 125)
        #expect(result.errorText.contains("kernel.keys.maxkeys"), "\(result.errorText)")
    }

    @Test(arguments: [[], ["--isolation", "landlock"]]) func `a file of root's that goes away in a launch stops none`(
        options: [String]
    ) throws {
        let place = try Workplace()
        let name = "vault-sandbox-test-\(UInt64.random(in: 1 << 60 ... .max))"
        let result = try place.home.script(
            """
            (trap 'rm -f /etc/\(name); exit' TERM
            while :; do (umask 077; : > /etc/\(name)); sleep 0.003; rm -f /etc/\(name); sleep 0.003; done) &
            for i in $(seq 60); do "$VS" exec --no-secrets \(options.joined(separator: " ")) --quiet -- true; done
            kill $!; wait
            """, in: place.project)
        #expect(result.errorText == "")
        #expect(result.outputText == "")
    }

    /// Makes folders in each other, deeper than any path reaches.
    private static func deep(_ count: Int, in folder: String, name: String) -> String {
        """
        python3 -c '
        import os
        os.makedirs("\(folder)", exist_ok=True)
        folder = os.open("\(folder)", os.O_RDONLY)
        for _ in range(\(count)):
            os.mkdir("\(name)", dir_fd=folder)
            inner = os.open("\(name)", os.O_RDONLY, dir_fd=folder)
            os.close(folder)
            folder = inner
        file = os.open("leak", os.O_CREAT | os.O_WRONLY, dir_fd=folder)
        os.write(file, os.environ.get("KEY", "").encode())'
        """
    }

    @Test func `submodules in each other take no stack`() throws {
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        let made = try place.shell(Self.deep(2000, in: ".git/modules", name: "a"), options: ["--no-secrets"])
        #expect(made.exitStatus == 0, "\(made.errorText)")
        let next = try place.home.script(
            "ulimit -s 512; \"$VS\" exec --no-secrets -- echo next", in: place.project)
        #expect(next.outputText == "next\n", "\(next.errorText)")
    }

    @Test func `a file deeper than any path reaches is found, and told by the ends of its path`() throws {
        let place = try Workplace(user: TestHome.ordinaryUser)
        let name = String(repeating: "d", count: 250)
        let script = Self.deep(1500, in: "top", name: name)
        let result = try place.shell(script, options: ["--secret-from", "KEY=env", "--json"]) {
            $0.environment["KEY"] = WrittenFileTests.value
        }
        #expect(result.outputText.contains(#""path":"top/ddd"#))
        #expect(result.outputText.contains(#"ddd/leak","place":"content","secret":"KEY""#))
        #expect(result.outputText.contains("\u{2026}"))
        #expect(result.output.count < 20_000, "\(result.output.count)")
    }
}
