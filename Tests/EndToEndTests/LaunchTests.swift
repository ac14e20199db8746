internal import Linux
internal import TestSupport
internal import Testing

/// Launches under tight limits and in unusual places.
@Suite(.requires(.binary, .root, .userNamespaces)) struct LaunchTests {
    private static let policies = ["default", "git", "host-network", "make", "strict"]

    @Test func `every bundled policy is tried`() throws {
        let names = try Files.names(in: SourceTree.root + "/policies").map { String($0.prefix { $0 != "." }) }
        #expect(names.sorted() == Self.policies)
    }

    @Test(arguments: policies, everyUser)
    func `a program starts under every bundled policy`(policy: String, user: UInt32?) throws {
        let place = try Workplace(user: user)
        let outcome = try place.run(["exec", "--policy", policy, "--", "true"])
        #expect(outcome.exitStatus == 0, "\(outcome.errorText)")
    }

    @Test(arguments: [32, 64, 256, 512]) func `a program starts where few descriptors are left`(count: Int) throws {
        let place = try Workplace()
        let outcome = try place.home.script(
            "ulimit -n \(count); TOKEN=correct-horse-battery; export TOKEN; "
                + "printf in | \"$VS\" exec --secret-from TOKEN=env -- sh -c 'cat; echo $TOKEN; ulimit -n'",
            in: place.project)
        #expect(outcome.outputText == "in[redacted:TOKEN]\n\(count)\n", "\(outcome.errorText)")
    }

    @Test func `a policy's least number of descriptors is enough for secrets as descriptors`() throws {
        let place = try Workplace()
        try place.makeVault()
        for name in ["ONE", "TWO", "THREE"] { try place.store(name, "value-\(name)", options: ["--deliver", "fd"]) }
        try place.write("version = 1\nextends = [\"default\"]\n[limits]\nopen_files = 16\n", to: "few.toml")
        let outcome = try place.shell(
            "ulimit -n; cat <&$ONE_FD; cat <&$TWO_FD; cat <&$THREE_FD", options: ["--policy", "./few.toml"])
        #expect(
            outcome.outputText == "16\n[redacted:ONE][redacted:TWO][redacted:THREE]", "\(outcome.errorText)")
    }

    @Test(arguments: everyUser)
    func `a work directory below /var/tmp works, and nothing is made in the host's /tmp`(user: UInt32?) throws {
        let place = try Workplace(user: user)
        let name = "vault-sandbox-test-\(UInt32.random(in: .min ... .max))"
        let folder = "/var/tmp/" + name
        try Files.makeDirectory(folder, mode: 0o755)
        defer { removeTree(folder) }
        if let user { try changeOwner(of: folder, to: user) }
        try Files.makeDirectory(folder + "/deep", mode: 0o755)
        if let user { try changeOwner(of: folder + "/deep", to: user) }
        let outcome = try place.home.script(
            "\"$VS\" exec -- sh -c 'pwd; echo made > file; ls ..; touch /var/tmp/own'; cat file", in: folder + "/deep")
        #expect(outcome.outputText == "\(folder)/deep\ndeep\nmade\n", "\(outcome.errorText)")
        #expect(outcome.errorText.isEmpty)
        #expect(throws: SystemCallError.self) { try Files.status("/tmp/" + name) }
        #expect(throws: SystemCallError.self) { try Files.status("/var/tmp/own") }
    }

    @Test func `elsewhere /var/tmp is the private /tmp`() throws {
        let place = try Workplace()
        #expect(try place.shell("echo x > /var/tmp/file; cat /tmp/file").outputText == "x\n")
    }

    @Test func `a script whose interpreter is missing is told as such`() throws {
        let place = try Workplace()
        try place.write("#!/no/such/interpreter\n", to: "tool", mode: 0o755)
        let outcome = try place.run(["exec", "--", "./tool"])
        #expect(outcome.exitStatus == 126)
        #expect(
            outcome.errorText.hasPrefix("vault-sandbox: command_not_executable: ./tool: its interpreter "),
            "\(outcome.errorText)")
    }

    @Test(arguments: ["/", "/proc", "/proc/self", "/sys", "/dev", "/dev/null"])
    func `a grant of all of the host, or of its processes and devices, is refused`(path: String) throws {
        let place = try Workplace()
        let outcome = try place.run(["exec", "--read", path, "--", "true"])
        #expect(outcome.exitStatus == 125)
        #expect(
            outcome.errorText.hasPrefix("vault-sandbox: argument_invalid: --read: \(path) cannot be granted"),
            "\(outcome.errorText)")
    }

    @Test func `a masked file with a second name is refused, unless the rule says that it may have one`() throws {
        let place = try Workplace()
        try place.write("hidden\n", to: ".env")
        try place.home.directory.link("project/.env", as: "project/other")
        let text = "version = 1\nextends = [\"default\"]\n[filesystem]\nmask = [\"MARK$WORK_DIR/.env\"]\n"
        for (mark, expected) in [("", ""), ("?", "hidden\n")] {
            try place.write(text.replacing("MARK", with: mark), to: "mask.toml")
            let outcome = try place.shell("cat .env other", options: ["--policy", "./mask.toml"])
            #expect(outcome.outputText == expected, "\(outcome.errorText)")
            #expect(outcome.errorText.contains("has more than one hard link") == mark.isEmpty)
        }
    }

    @Test func `memory that is too little for secrets ends a run without a trap`() throws {
        let place = try Workplace()
        let outcome = try place.home.script(
            """
            TOKEN=$(head -c 60000 /dev/zero | tr '\\0' x); export TOKEN
            ulimit -c 0
            for limit in $(seq 20000 500 30000); do
                (ulimit -v $limit; "$VS" exec --secret-from TOKEN=env -- true; echo $?)
            done
            """, in: place.project)
        let statuses = Set(outcome.outputText.split(separator: "\n"))
        #expect(statuses.contains("125") && !statuses.contains("132"), "\(statuses)")
        #expect(outcome.errorText.contains("limit_exceeded: there is no guarded memory"), "\(outcome.errorText)")
    }
}
