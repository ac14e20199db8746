internal import Linux
internal import TestSupport
internal import Testing

/// Machines that lack something: runs are refused with the remedy, or go without it where the policy says so.
@Suite(.requires(.binary, .userNamespaces, .landlock(version: 1))) struct LackTests {
    /// Runs the binary as on a machine that refuses these calls; see Lack/lack.py.
    private func run(
        without calls: String, _ arguments: [String], in place: borrowing Workplace
    ) throws -> ProgramRun.Outcome {
        try place.run(arguments) { request in
            request.arguments =
                [SourceTree.root + "/Tests/EndToEndTests/Lack/lack.py", calls, request.program] + arguments
            request.program = "/usr/bin/python3"
        }
    }

    @Test(arguments: ["landlock=ENOSYS", "landlock=EOPNOTSUPP"])
    func `without Landlock a run is refused, or goes without it where the policy says so`(lack: String) throws {
        let place = try Workplace()
        let command = ["exec", "--no-secrets", "--json"]
        let refused = try run(without: lack, command + ["--", "true"], in: place)
        #expect(refused.exitStatus == 125)
        #expect(
            refused.outputText.contains(#""code":"sandbox_unavailable""#), "\(refused.outputText)\(refused.errorText)")
        #expect(refused.outputText.contains("degrade = ["))
        let doctor = try run(without: lack, ["doctor"], in: place)
        #expect(doctor.exitStatus == 1)
        #expect(doctor.outputText.contains("missing   Landlock"), "\(doctor.outputText)")
        #expect(doctor.outputText.contains("works     user namespaces"), "\(doctor.outputText)")
        try place.home.directory.write(
            "version = 1\nextends = [\"default\"]\n[isolation]\ndegrade = [\"landlock\"]\n", to: "less.toml",
            mode: 0o644)
        let less = command + ["--policy", place.home.path("less.toml"), "--", "true"]
        let degraded = try run(without: lack, less, in: place)
        #expect(degraded.exitStatus == 0)
        #expect(degraded.outputText.contains(#""missing":["landlock"]"#), "\(degraded.outputText)")
        let told = try run(without: lack, ["exec", "--no-secrets"] + less.dropFirst(3), in: place)
        #expect(told.errorText == "vault-sandbox: note: the run went without landlock, which this machine lacks\n")
    }

    @Test func `where a filter refuses namespaces nothing runs, and the doctor names it`() throws {
        let place = try Workplace()
        let refused = try run(without: "namespaces=EPERM", ["exec", "--no-secrets", "--", "true"], in: place)
        #expect(refused.exitStatus == 125)
        #expect(refused.errorText.hasPrefix("vault-sandbox: sandbox_unavailable: this machine refuses new namespaces"))
        let doctor = try run(without: "namespaces=EPERM", ["doctor"], in: place)
        #expect(doctor.exitStatus == 1)
        #expect(doctor.outputText.contains("missing   user namespaces     a filter of system calls"))
    }

    @Test func `where there may be no more namespaces nothing runs, and the doctor names the setting`() throws {
        let place = try Workplace()
        let outcome = try place.run([]) { request in
            let script = "echo 0 > /proc/sys/user/max_user_namespaces && exec \"$0\" doctor"
            request.arguments = ["-U", "-r", "sh", "-c", script, request.program]
            request.program = "/usr/bin/unshare"
        }
        #expect(outcome.exitStatus == 1)
        #expect(outcome.outputText.contains("sysctl -w user.max_user_namespaces="), "\(outcome.errorText)")
    }

    @Test func `a policy can require more than a machine has`() throws {
        let place = try Workplace()
        let policy = "version = 1\nextends = [\"default\"]\n[isolation]\nrequire = [\"landlock>=99\"]\n"
        try place.home.directory.write(policy, to: "more.toml", mode: 0o644)
        let outcome = try place.run([
            "exec", "--no-secrets", "--policy", place.home.path("more.toml"), "--", "touch", "started",
        ])
        #expect(outcome.exitStatus == 125)
        #expect(
            outcome.errorText.contains("more.toml:4:12: the run needs Landlock of version 99"), "\(outcome.errorText)")
        #expect((try? Files.status(place.project + "/started")) == nil)
    }
}
