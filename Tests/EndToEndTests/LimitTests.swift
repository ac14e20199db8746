internal import Linux
internal import TestSupport
internal import Testing

/// Bombs of memory, files and processes: they end the run and not the machine, as root and as an ordinary user.
@Suite(.requires(.binary, .root, .userNamespaces, .command("python3"))) struct LimitTests {
    /// A work directory with a policy of these limits, and a run of Python under it.
    private func run(_ user: UInt32?, limits: String, _ program: String) throws -> ProgramRun.Outcome {
        let place = try Workplace(user: user)
        try place.write("version = 1\nextends = [\"default\"]\n[limits]\n\(limits)\n", to: "limits.toml")
        return try place.run([
            "exec", "--no-secrets", "--policy", place.project + "/limits.toml", "--", "python3", "-c", program,
        ])
    }

    @Test(arguments: everyUser) func `processes that have too much memory together are ended`(user: UInt32?) throws {
        // Each alone stays below what RLIMIT_DATA allows it.
        let bomb = """
            import os, time
            for n in range(6):
                if os.fork() == 0:
                    b = bytearray(64 << 20); time.sleep(20); os._exit(0)
            time.sleep(20)
            """
        let outcome = try run(user, limits: "memory = \"128MiB\"\ntimeout = \"15s\"", bomb)
        #expect(outcome.errorText.contains("limit_exceeded"), "\(outcome.errorText)")
        // The same with room enough is left alone.
        let calm = try run(user, limits: "memory = \"2GiB\"", bomb.replacing("time.sleep(20)", with: "time.sleep(0.3)"))
        #expect(calm.status == .exited(0), "\(calm.errorText)")
    }

    @Test(arguments: everyUser) func `files in memory count as memory`(user: UInt32?) throws {
        let bomb =
            "import time\nf = open('/tmp/x', 'wb')\nfor n in range(200): f.write(bytes(1 << 20)); f.flush()\ntime.sleep(15)"
        let outcome = try run(user, limits: "memory = \"96MiB\"\ntimeout = \"10s\"", bomb)
        #expect(outcome.errorText.contains("limit_exceeded"), "\(outcome.errorText)")
    }

    @Test(arguments: everyUser) func `a fork bomb meets the end of the numbers`(user: UInt32?) throws {
        let bomb = """
            import os, time
            children = []
            try:
                while len(children) < 1500:
                    child = os.fork()
                    if child == 0: time.sleep(60); os._exit(0)
                    children.append(child)
            except OSError: pass
            print(len(children))
            """
        let outcome = try run(user, limits: "processes = 400", bomb)
        let count = try #require(Int(outcome.outputText.trimmingNewline), "\(outcome.errorText)")
        // The first numbers of a namespace are given out beyond the ceiling, once.
        #expect(count > 300 && count <= 700, "\(count)")
        let free = try run(user, limits: "processes = 4096", bomb)
        #expect(free.outputText == "1500\n", "\(free.errorText)")
    }
}

extension String {
    /// The text without a final newline.
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
