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

    @Test(arguments: everyUser) func `shared mappings count as memory, once`(user: UInt32?) throws {
        // Not what is mapped ends a run, but what is used.
        let program = """
            import mmap, os, time
            m = mmap.mmap(-1, 200 << 20)
            for n in range(SIZE): m[n << 20:(n + 1) << 20] = bytes(1 << 20)
            if os.fork() == 0:
                sum(m[n << 20] for n in range(SIZE)); time.sleep(20); os._exit(0)
            time.sleep(PAUSE)
            """
        let bomb = program.replacing("SIZE", with: "200").replacing("PAUSE", with: "20")
        let outcome = try run(user, limits: "memory = \"128MiB\"\ntimeout = \"15s\"", bomb)
        #expect(outcome.errorText.contains("limit_exceeded"), "\(outcome.errorText)")
        let calm = program.replacing("SIZE", with: "70").replacing("PAUSE", with: "0.5")
        let shared = try run(user, limits: "memory = \"128MiB\"\ntimeout = \"15s\"", calm)
        #expect(shared.status == .exited(0), "\(shared.errorText)")
    }

    @Test(arguments: everyUser) func `segments of System V count as memory, attached by a process or by none`(
        user: UInt32?
    ) throws {
        let program = """
            import ctypes, time
            libc = ctypes.CDLL(None)
            libc.shmat.restype = ctypes.c_void_p
            for n in range(COUNT):
                place = libc.shmat(libc.shmget(0, 16 << 20, 0o600), None, 0)
                ctypes.memset(place, 1, 16 << 20)
                libc.shmdt(ctypes.c_void_p(place)) if DETACHED else None
            time.sleep(PAUSE)
            """
        for isDetached in ["True", "False"] {
            let program = program.replacing("DETACHED", with: isDetached)
            let bomb = program.replacing("COUNT", with: "12").replacing("PAUSE", with: "20")
            let outcome = try run(user, limits: "memory = \"128MiB\"\ntimeout = \"15s\"", bomb)
            #expect(outcome.errorText.contains("limit_exceeded"), "\(outcome.errorText)")
            // Once and not twice: five of them are fewer than the limit.
            let calm = program.replacing("COUNT", with: "5").replacing("PAUSE", with: "0.5")
            let some = try run(user, limits: "memory = \"128MiB\"", calm)
            #expect(some.status == .exited(0), "\(some.errorText)")
        }
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

    /// Processes that use a second of a processor one after the other; four of them are more than any one of them.
    private static let burners = """
        import os, time
        WAY
        for n in range(4):
            child = os.fork()
            if child == 0:
                while time.process_time() < 1: pass
                os._exit(0)
            try: os.waitpid(child, 0)
            except ChildProcessError: pass
        """

    @Test(arguments: everyUser, ["", "import signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN)"])
    func `processes that use too much processor time together are ended`(user: UInt32?, way: String) throws {
        let burners = Self.burners.replacing("WAY", with: way)
        let outcome = try run(user, limits: "cpu = \"2s\"", burners)
        #expect(outcome.errorText.contains("limit_exceeded: the run used more than 2 s"), "\(outcome.errorText)")
        #expect(outcome.status == .exited(137))
        let calm = try run(user, limits: "cpu = \"1m\"", burners)
        #expect(calm.status == .exited(0), "\(calm.errorText)")
    }

    @Test(.requires(.processorGroups)) func `a control group counts processes that nobody sees or waits for`() throws {
        let sparks = """
            import os, signal, time
            signal.signal(signal.SIGCHLD, signal.SIG_IGN)
            for n in range(300):
                if os.fork() == 0:
                    while time.process_time() < 0.02: pass
                    os._exit(0)
                try: os.wait()
                except ChildProcessError: pass
            """
        let outcome = try run(nil, limits: "cpu = \"2s\"", sparks)
        #expect(outcome.errorText.contains("limit_exceeded: the run used more than 2 s"), "\(outcome.errorText)")
    }

    @Test func `the result says how each limit is held`() throws {
        let place = try Workplace()
        try place.write("version = 1\nextends = [\"default\"]\n[limits]\ncpu = \"1m\"\n", to: "cpu.toml")
        for (options, ways) in [(["--policy", "./cpu.toml"], ["cgroup2", "cgroup1", "sampled"]), ([], ["none"])] {
            let outcome = try place.run(["exec", "--no-secrets", "--json"] + options + ["--", "true"])
            #expect(ways.contains { outcome.outputText.contains("\"cpu\":\"\($0)\"") }, "\(outcome.outputText)")
        }
    }

    @Test(arguments: everyUser) func `a limit under which nothing starts is refused`(user: UInt32?) throws {
        for (limit, said) in [
            ("memory = \"512KiB\"", "is too little for \"memory\""), ("open_files = 3", "a number from 16 to"),
            ("processes = 1", "a number from 2 to"), ("cpu = \"0s\"", "is not a duration"),
        ] {
            let outcome = try run(user, limits: limit, "print('ran')")
            #expect(outcome.status == .exited(125) && outcome.outputText.isEmpty)
            #expect(
                outcome.errorText.hasPrefix("vault-sandbox: policy_invalid: ") && outcome.errorText.contains(said),
                "\(outcome.errorText)")
        }
    }

    @Test func `a caller's limit on the size of files is an error of the launcher's, and the program's own ends it`()
        throws
    {
        let place = try Workplace()
        let outcome = try place.home.script(
            "(ulimit -f 1; \"$VS\" exec --no-secrets -- head -c 20000 /dev/zero > out); echo $?", in: place.project)
        #expect(outcome.outputText == "125\n")
        #expect(outcome.errorText.contains("storage_full: the output cannot be written"), "\(outcome.errorText)")
        let own = try run(
            nil, limits: "file_size = \"1KiB\"",
            "import signal; signal.signal(signal.SIGXFSZ, signal.SIG_DFL); open('/tmp/x', 'wb').write(bytes(20000))")
        #expect(own.status == .exited(128 + 25), "\(own.errorText)")
    }

    @Test(arguments: everyUser) func `a full /tmp is the program's error, and the run goes on`(user: UInt32?) throws {
        let place = try Workplace(user: user)
        try place.write("version = 1\nextends = [\"default\"]\n[filesystem]\ntmp = \"1MiB\"\n", to: "small.toml")
        let outcome = try place.shell(
            "head -c 9000000 /dev/zero > /tmp/x; echo $?; rm /tmp/x; echo again > /tmp/x; cat /tmp/x",
            options: ["--no-secrets", "--policy", "./small.toml"])
        #expect(outcome.outputText == "1\nagain\n", "\(outcome.errorText)")
        #expect(outcome.errorText.contains("No space left on device"))
    }

    @Test func `a flood of output leaves a captured run small`() throws {
        let place = try Workplace()
        let outcome = try place.home.script(
            """
            ulimit -v 400000
            "$VS" exec --no-secrets --json -- sh -c 'head -c 1000000000 /dev/zero | tr "\\0" x' > result; echo $?
            wc -c < result; grep -c '"truncated":true' result; grep -c 'bytes are left out here' result
            """, in: place.project)
        let lines = outcome.outputText.split(separator: "\n")
        try #require(lines.count == 4, "\(outcome.outputText) \(outcome.errorText)")
        #expect(lines[0] == "0" && lines[2] == "1" && lines[3] == "1")
        let size = try #require(Int(lines[1]))
        #expect(size > 1 << 20 && size < (1 << 20) + 4096, "\(size)")
    }
}

extension String {
    /// The text without a final newline.
    fileprivate var trimmingNewline: String { hasSuffix("\n") ? String(dropLast()) : self }
}
