internal import Linux
internal import TestSupport
internal import Testing

/// Attacker C of the threat model: another process of the same user, outside every sandbox.
@Suite(.requires(.binary, .root, .userNamespaces)) struct MemoryTests {
    /// What such a process tries to read of another.
    private static let attacks = [
        "head -c 1 /proc/PID/environ", "head -c 1 /proc/PID/mem || dd if=/proc/PID/mem bs=1 count=1 skip=4096",
        "ls /proc/PID/fd/", "head -c 1 /proc/PID/maps", "readlink /proc/PID/exe",
    ]

    /// The output and status of a script run as the ordinary user.
    private func attack(_ script: String, on process: Int32) throws -> ProgramRun.Outcome {
        var request = ProgramRun("/bin/sh", ["-c", script.replacing("PID", with: "\(process)")])
        request.user = TestHome.ordinaryUser
        return try request.run()
    }

    @Test(arguments: attacks.indices)
    func `no process of the same user reads memory, environment or descriptors of a run`(index: Int) throws {
        let script = Self.attacks[index]
        let place = try Workplace(user: TestHome.ordinaryUser)
        var request = try place.home.request([
            "exec", "--secret-from", "TOKEN=env", "--", "sh", "-c", "echo ready; read x",
        ])
        request.directory = place.project
        request.environment["TOKEN"] = "correct-horse-battery"
        let running = try request.start()
        #expect(try running.readLine() == "ready\n")
        let outcome = try attack(script, on: running.process)
        #expect(outcome.exitStatus != 0 && outcome.outputText.isEmpty, "\(script): \(outcome.outputText)")
        #expect(outcome.errorText.contains("ermission denied") || outcome.errorText.isEmpty, "\(outcome.errorText)")
    }

    @Test(arguments: attacks.indices)
    func `nor of a filter that redacts, while any other program's are readable`(index: Int) throws {
        let script = Self.attacks[index]
        let place = try Workplace(user: TestHome.ordinaryUser)
        try place.makeVault()
        try place.store("TOKEN", "correct-horse-battery")
        var request = try place.home.request(["redact"])
        request.environment["VAULT_SANDBOX_KEY_FILE"] = place.home.path(".vault-key")
        let running = try request.start()
        try running.write("correct-horse-battery and more\n")
        #expect(try running.readLine().hasPrefix("[redacted:TOKEN]"))
        let outcome = try attack(script, on: running.process)
        #expect(outcome.exitStatus != 0 && outcome.outputText.isEmpty, "\(script): \(outcome.outputText)")
        // The attack works on a program that does not protect itself.
        var plain = ProgramRun("/bin/sh", ["-c", "echo ready; read x"])
        plain.user = TestHome.ordinaryUser
        let open = try plain.start()
        _ = try open.readOutput()
        guard !script.contains("/mem") else { return }
        #expect(try attack(script, on: open.process).exitStatus == 0, "\(script)")
    }

    @Test func `no core is written of a run that a signal ends`() throws {
        let place = try Workplace(user: TestHome.ordinaryUser)
        var request = try place.home.request([])
        let line = "ulimit -c unlimited; exec '\(request.program)' exec --no-secrets -- sh -c 'echo ready; read x'"
        request.arguments = ["-c", line]
        request.program = "/bin/sh"
        request.directory = place.project
        let running = try request.start()
        #expect(try running.readLine() == "ready\n")
        let limits = try Files.contents(of: "/proc/\(running.process)/limits", limit: 4096)
        let core = String(decoding: limits, as: UTF8.self).split(separator: "\n").first { $0.hasPrefix("Max core") }
        #expect(core?.split(separator: " ").filter { $0 == "1" }.count == 2, "\(core ?? "")")
    }
}
