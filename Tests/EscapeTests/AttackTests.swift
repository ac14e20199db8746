internal import Linux
internal import TestSupport
internal import Testing

/// Attacks from inside, each first tried outside: there it must succeed, or "denied" would only mean "missing".
@Suite(.requires(.binary, .root, .userNamespaces, .command("python3"))) struct AttackTests {
    /// A payload in Python that exits with 0 where the attack succeeds, and with anything else where it fails.
    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        let payload: String
        var testDescription: String { name }
    }

    private static let prelude = """
        import ctypes, errno, fcntl, os, socket, struct, sys
        libc = ctypes.CDLL(None, use_errno=True)
        def call(number, *arguments):
            ctypes.set_errno(0)
            result = libc.syscall(ctypes.c_long(number), *[ctypes.c_long(a) if isinstance(a, int) else a for a in arguments])
            return result, ctypes.get_errno()

        """

    static let attacks = [
        Attack(name: "reading the password database", payload: "sys.exit(not open('/etc/shadow').read())"),
        Attack(
            name: "making a user namespace by unshare",
            payload: "sys.exit(os.fork() and os.waitstatus_to_exitcode(os.wait()[1]) or call(272, 0x10000000)[0] != 0)"),
        Attack(
            name: "making a user namespace by clone",
            payload: "r, e = call(56, 0x10000000 | 17, 0, 0, 0, 0)\n"
                + "if r == 0: os._exit(0)\nsys.exit(r < 0)"),
        Attack(name: "attaching a debugger", payload: "r, e = call(101, 0, 0, 0, 0)\nsys.exit(r != 0)"),
        Attack(
            name: "changing the personality",
            payload: "r, e = call(135, 0x0040000)\nsys.exit(r < 0)"),
        Attack(
            name: "a routing socket", payload: "socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0)"),
        Attack(
            name: "a packet socket", payload: "socket.socket(socket.AF_PACKET, socket.SOCK_RAW, 0)"),
        Attack(name: "a mount", payload: "r, e = call(430, ctypes.c_char_p(b'tmpfs'), 0)\nsys.exit(r < 0)"),
        Attack(
            name: "joining a namespace",
            payload: "r, e = call(308, os.open('/proc/self/ns/uts', 0), 0)\nsys.exit(r != 0)"),
        Attack(name: "the session keyring", payload: "r, e = call(250, 0, -3, 1)\nsys.exit(r < 0)"),
        Attack(
            name: "a program for the kernel (bpf)", payload: "r, e = call(321, 0, 0, 0)\nsys.exit(e == errno.EPERM)"),
        Attack(
            name: "io_uring", payload: "b = ctypes.create_string_buffer(120)\nr, e = call(425, 1, b)\nsys.exit(r < 0)"),
        Attack(name: "userfaultfd", payload: "r, e = call(323, 1)\nsys.exit(r < 0)"),
        Attack(
            name: "a handle instead of a path",
            payload: "h = ctypes.create_string_buffer(struct.pack('Ii', 128, 0) + bytes(128))\n"
                + "m = ctypes.c_int()\nr, e = call(303, -100, ctypes.c_char_p(b'/etc'), h, ctypes.byref(m), 0)\nsys.exit(r < 0)"
        ),
        Attack(
            name: "writing into the system",
            payload: "p = '/usr/attack-' + str(os.getpid())\nopen(p, 'w').close()\nos.unlink(p)"),
        Attack(
            name: "looking at the host's processes",
            payload: "sys.exit(len([p for p in os.listdir('/proc') if p.isdigit()]) < 8)"),
        Attack(name: "the kernel's symbols", payload: "sys.exit(not open('/proc/kallsyms').read(10))"),
        Attack(name: "a setting of the kernel", payload: "open('/proc/sys/kernel/printk_ratelimit', 'r+').close()"),
        Attack(name: "a core dump", payload: "import resource\nresource.setrlimit(resource.RLIMIT_CORE, (0, 4096))"),
        Attack(
            name: "a device node",
            payload: "os.mknod('attack-node', 0o20600, os.makedev(1, 3))\nos.unlink('attack-node')"),
    ]

    @Test(arguments: attacks) func `an attack that works outside fails inside`(attack: Attack) throws {
        let home = try TestHome()
        let project = try home.directory.makeDirectory("project")
        var outside = try home.request([])
        let binary = outside.program
        outside.program = "/usr/bin/python3"
        outside.arguments = ["-c", Self.prelude + attack.payload]
        outside.directory = project
        let control = try outside.run()
        try #require(control.exitStatus == 0, "the attack must work outside: \(control.errorText)")
        var inside = outside
        inside.program = binary
        inside.arguments = ["exec", "--", "/usr/bin/python3"] + outside.arguments
        let outcome = try inside.run()
        #expect(outcome.exitStatus != 0, "the attack worked inside")
        // A launch that failed would make every attack fail.
        #expect(outcome.exitStatus != 125, "\(outcome.errorText)")
    }

    @Test func `typing into the terminal by the high half of an argument fails`() throws {
        let home = try TestHome()
        let project = try home.directory.makeDirectory("project")
        // The filter answers EPERM; a call that reached the kernel would say that this is no terminal.
        let payload =
            Self.prelude + """
                for request in (0x5412, 0x5412 | 1 << 32, 0x541c, 0x541c | 1 << 32):
                    print(errno.errorcode[call(16, 0, request, ctypes.c_char_p(b'x'))[1]])
                print(errno.errorcode[call(16, 0, 0x5401, ctypes.create_string_buffer(64))[1]])
                """
        let outcome = try home.run("exec", "--", "/usr/bin/python3", "-c", payload) { $0.directory = project }
        #expect(outcome.outputText == "EPERM\nEPERM\nEPERM\nEPERM\nENOTTY\n", "\(outcome.errorText)")
    }

    @Test func `a descriptor that the caller left open is not there`() throws {
        let home = try TestHome()
        let project = try home.directory.makeDirectory("project")
        var request = try home.request([])
        let look = "cat /proc/self/fd/9/hostname && echo leaked"
        request.arguments = ["-c", "exec 9</etc; sh -c '\(look)'; '\(request.program)' exec -- sh -c '\(look)'"]
        request.program = "/bin/sh"
        request.directory = project
        let outcome = try request.run()
        // Once: outside.
        #expect(outcome.outputText.split(separator: "\n").count { $0 == "leaked" } == 1, "\(outcome.outputText)")
    }

    @Test func `the first process holds no descriptor of the caller's`() throws {
        let home = try TestHome()
        let project = try home.directory.makeDirectory("project")
        var request = try home.request([])
        // The supervisor, which was given the descriptor, is the positive control.
        let script = """
            exec 9</etc
            '\(request.program)' exec -- sh -c 'touch ready; sleep 60' &
            supervisor=$!
            while [ ! -e ready ]; do sleep 0.05; done
            init=$(ps -o pid= --ppid $supervisor | tr -d ' ')
            ls -l /proc/$supervisor/fd | grep -c ' /etc$'
            ls -l /proc/$init/fd | grep -c ' /etc$'
            kill $supervisor
            """
        request.arguments = ["-c", script]
        request.program = "/bin/sh"
        request.directory = project
        let outcome = try request.run()
        #expect(outcome.outputText == "1\n0\n", "\(outcome.errorText)")
    }

    @Test func `the first process shows nothing of its own`() throws {
        let home = try TestHome()
        let project = try home.directory.makeDirectory("project")
        let script =
            "cat /proc/1/environ; cat /proc/1/mem; ls /proc/1/fd/ | head -c 0; cat /proc/1/fd/0; ls /proc/1/root/; tr '\\0' ' ' < /proc/1/cmdline"
        let outcome = try home.run("exec", "--env", "SHOWN=1", "--", "sh", "-c", script) {
            $0.directory = project
            $0.environment["SECRET_OF_CALLER"] = "do-not-show"
        }
        #expect(!outcome.outputText.contains("do-not-show"))
        #expect(outcome.outputText == "vault-sandbox-init ", "\(outcome.outputText)")
        #expect(outcome.errorText.contains("Permission denied"))
    }

    @Test func `the vault, its key and policies are hidden even in a granted tree`() throws {
        let home = try TestHome()
        let project = try home.directory.makeDirectory("project")
        let data = project + "/data"
        func run(_ arguments: String...) throws -> ProgramRun.Outcome {
            var request = try home.request(arguments)
            request.directory = project
            request.environment["VAULT_SANDBOX_HOME"] = data
            request.environment["VAULT_SANDBOX_KEY_FILE"] = project + "/key"
            return try request.run()
        }
        #expect(try run("init", "--key-file", project + "/key").exitStatus == 0)
        #expect(try Files.status(data + "/vault.db").size > 0)
        let outcome = try run("exec", "--", "sh", "-c", "ls data; wc -c < key; cat data/vault.db")
        #expect(outcome.outputText == "0\n", "\(outcome.outputText)\(outcome.errorText)")
    }

    @Test func `a 32-bit call ends the program`() throws {
        let home = try TestHome()
        let project = try home.directory.makeDirectory("project")
        try home.directory.write(
            "int main(void) { int r; __asm__ volatile(\"int $0x80\" : \"=a\"(r) : \"a\"(20)); return r < 0; }\n",
            to: "project/a.c", mode: 0o644)
        var build = ProgramRun("/usr/bin/env", ["gcc", "-o", project + "/a", project + "/a.c"])
        build.environment["PATH"] = environmentVariable("PATH") ?? "/usr/bin:/bin"
        try #require(try build.run().status == .exited(0))
        let outcome = try home.run("exec", "--", "./a") { $0.directory = project }
        #expect(outcome.exitStatus == 128 + 31, "\(outcome.errorText)")
    }

    @Test(.requires(.landlock(version: 6)))
    func `an abstract socket of the host cannot be reached even where the network is shared`() throws {
        let home = try TestHome()
        let project = try home.directory.makeDirectory("project")
        let name = "vault-sandbox-test-\(Processes.current)"
        var request = try home.request([])
        let connect =
            "python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect(chr(0) + \"\(name)\")' 2>/dev/null && echo reached"
        let script = """
            python3 -c 'import socket, time; s = socket.socket(socket.AF_UNIX); s.bind(chr(0) + "\(name)"); s.listen(9)
            open("ready", "w").close(); time.sleep(60)' &
            listener=$!
            while [ ! -e ready ]; do sleep 0.05; done
            \(connect)
            '\(request.program)' exec --policy host-network -- sh -c '\(connect.replacing("'", with: "'\\''"))' || echo stopped
            kill $listener
            """
        request.arguments = ["-c", script]
        request.program = "/bin/sh"
        request.directory = project
        let outcome = try request.run()
        #expect(outcome.outputText == "reached\nstopped\n", "\(outcome.errorText)")
    }
}
