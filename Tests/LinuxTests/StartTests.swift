import Linux
import TestSupport
import Testing

/// Starting programs for real: from PID 1's side with `Spawn`, from the supervisor's with `CloneExec`.
///
/// `Spawn` is made for a process with one thread and uses one stack, so that its tests run one after the other.
@Suite(.serialized) struct StartTests {
    /// What a spawned program did.
    private struct Ran: Equatable {
        var end: ProcessEvent?
        var output: String
    }

    private func spawn(
        _ candidates: [String], _ arguments: [String], environment: [String] = ["A=b"],
        blocked: SignalSet = SignalSet([]), closesError: Bool = false
    ) throws -> Ran {
        let pipe = try Pipe(atLeast: 64)
        let nowhere = try Files.open("/dev/null", .readOnly).duplicate(atLeast: 64)
        let request = Spawn(
            candidates: StringBlock(candidates.map { Array($0.utf8) }),
            arguments: StringBlock(arguments.map { Array($0.utf8) }),
            descriptors: [
                BorrowedDescriptor(nowhere), BorrowedDescriptor(pipe.writing),
                closesError ? nil : BorrowedDescriptor(pipe.writing),
            ],
            blockedSignals: blocked, filter: [])
        let process = try request.start(environment: StringBlock(environment.map { Array($0.utf8) }).bytes.span)
        let pidfd = try Processes.open(process)
        let reading = try pipe.reading.duplicate()
        _ = consume pipe
        let output = try BorrowedDescriptor(reading).readToEnd(limit: 1 << 20)
        return Ran(end: try Processes.end(of: pidfd), output: String(decoding: output, as: UTF8.self))
    }

    @Test func `a program gets its arguments, its environment and nothing else, and its status comes back`() throws {
        let ran = try spawn(["/bin/sh"], ["name", "-c", "echo \"$0 $1 $A\"; env | wc -l; exit 7", "zero", "one"])
        #expect(ran.end == .exited(7))
        #expect(ran.output.hasPrefix("zero one b\n"))
    }

    @Test func `a signal that ends a program comes back`() throws {
        #expect(try spawn(["/bin/sh"], ["sh", "-c", "kill -9 $$"]).end == .signalled(Signals.kill))
    }

    @Test func `every descriptor but the named ones is closed`() throws {
        // One that would be inherited by any exec: without the flag that closes it.
        let leak = try Files.open("/etc/hostname", .readOnly)
        let all = try spawn(["/bin/sh"], ["sh", "-c", "ls /proc/$$/fd"])
        #expect(all.output == "0\n1\n2\n")
        #expect(try spawn(["/bin/sh"], ["sh", "-c", "ls /proc/$$/fd"], closesError: true).output == "0\n1\n")
        try leak.close()
    }

    @Test func `a program leads a process group of its own`() throws {
        let ran = try spawn(["/bin/sh"], ["sh", "-c", "set -- $(cat /proc/$$/stat); test $5 = $$ && echo leads"])
        #expect(ran.output == "leads\n")
    }

    @Test func `a program finds the signals blocked that it should, and no others`() throws {
        let blocked = SignalSet([Signals.user1, Signals.hangUp])
        let ran = try spawn(["/bin/grep"], ["grep", "SigBlk", "/proc/self/status"], blocked: blocked)
        #expect(ran.output == "SigBlk:\t0000000000000201\n")
    }

    @Test func `candidates are tried in order, past those that are missing`() throws {
        let candidates = ["/nonexistent/sh", "/etc/hostname/sh", "/bin/sh"]
        #expect(try spawn(candidates, ["sh", "-c", "exit 5"]).end == .exited(5))
    }

    @Test func `a script without a shebang is run by the shell, with its path and arguments`() throws {
        let tree = try TemporaryDirectory()
        let script = try tree.write("echo \"$0 $1\"\n", to: "script", mode: 0o700)
        #expect(try spawn([script], ["script", "one"]).output == "\(script) one\n")
    }

    @Test func `where nothing can be executed the reason is told, a forbidden file before missing ones`() throws {
        let tree = try TemporaryDirectory()
        let forbidden = try tree.write("", to: "forbidden", mode: 0o600)
        let cases: [([String], Errno)] = [
            (["/nonexistent/a", "/nonexistent/b"], .noSuchFile), (["/nonexistent/a", forbidden], .accessDenied),
            ([forbidden, "/nonexistent/a"], .accessDenied), ([], .noSuchFile),
        ]
        for (candidates, errno) in cases {
            let failure = #expect(throws: Spawn.Failure.self) { try spawn(candidates, ["a"]) }
            #expect(failure?.stage == .execute)
            if !candidates.isEmpty { #expect(failure?.errno == errno, "\(candidates)") }
        }
    }

    /// Starts a program in namespaces and reads what it prints.
    private func clone(_ namespaces: NamespaceSet, _ program: String, _ arguments: [String]) throws -> Ran {
        let pipe = try Pipe(atLeast: 64)
        let request = CloneExec(
            namespaces: namespaces, arguments: StringBlock(arguments.map { Array($0.utf8) }),
            descriptors: [nil, BorrowedDescriptor(pipe.writing), BorrowedDescriptor(pipe.writing)])
        let pidfd = try request.start(try Files.open(program, .path))
        let reading = try pipe.reading.duplicate()
        _ = consume pipe
        let output = try BorrowedDescriptor(reading).readToEnd(limit: 1 << 20)
        return Ran(end: try Processes.end(of: pidfd), output: String(decoding: output, as: UTF8.self))
    }

    @Test func `a clone without namespaces runs with an empty environment`() throws {
        let ran = try clone([], "/usr/bin/env", ["env"])
        #expect(ran == Ran(end: .exited(0), output: ""))
    }

    @Test(.requires(.userNamespaces))
    func `a clone is PID 1 of its namespace and keeps every capability over the exec`() throws {
        let script = "echo $$; grep -E 'CapEff|CapAmb' /proc/self/status"
        let ran = try clone([.user, .process, .network], "/bin/sh", ["sh", "-c", script])
        let lines = ran.output.split(separator: "\n")
        try #require(lines.count == 3)
        #expect(lines[0] == "1")
        for line in lines.dropFirst() { #expect(line.hasSuffix("ffffffffff"), "\(line)") }
    }

    @Test(arguments: [(UInt32(0o600), Errno.accessDenied), (0o700, .notExecutableFormat)])
    func `a clone of what cannot be executed tells the error by its status`(mode: UInt32, errno: Errno) throws {
        let tree = try TemporaryDirectory()
        let file = try tree.write("no program", to: "file", mode: mode)
        #expect(try clone([], file, ["file"]).end == .exited(errno.rawValue))
    }

    @Test func `flags that do not go together are refused by the kernel`() throws {
        // A new mount namespace cannot share its root and work directory (CLONE_FS).
        let flags = NamespaceSet.mount.union(NamespaceSet(rawValue: 0x200))
        let error = #expect(throws: SystemCallError.self) { try clone(flags, "/bin/true", ["true"]) }
        #expect(error == SystemCallError(call: "clone", errno: .invalidArgument))
    }
}
