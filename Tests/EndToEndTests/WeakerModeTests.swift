internal import Linux
internal import TestSupport
internal import Testing

/// `exec --isolation landlock`, for machines that refuse namespaces: what it keeps, and what it says it does not.
@Suite(.requires(.binary, .root, .landlock(version: 6))) struct WeakerModeTests {
    private static let options = ["exec", "--isolation", "landlock", "--no-secrets"]

    /// Runs a script of the host's in the project; `$RUN` in it is nothing, or the launch.
    private func script(
        _ text: String, isInside: Bool, in place: borrowing Workplace
    ) throws -> ProgramRun.Outcome {
        try place.run([]) { request in
            request.environment["RUN"] =
                isInside ? ([request.program] + Self.options + ["--quiet", "--"]).joined(separator: " ") : ""
            request.environment["OUT"] = place.home.path("outside")
            request.program = "/bin/sh"
            request.arguments = ["-c", text]
        }
    }

    /// A project and, beside it, a folder that no rule grants, with a file and a program in it.
    private func makePlace(_ user: UInt32?) throws -> Workplace {
        let place = try Workplace(user: user)
        let outside = try place.home.directory.makeDirectory("outside", mode: 0o755)
        try place.home.directory.write("treasure\n", to: "outside/file", mode: 0o644)
        try place.home.directory.write("#!/bin/sh\necho treasure\n", to: "outside/program", mode: 0o755)
        if let user { for path in ["", "/file", "/program"] { try changeOwner(of: outside + path, to: user) } }
        return place
    }

    /// What is tried, in a script that says `treasure` where it worked.
    private static let attacks: [(name: String, script: String)] = [
        ("read a file outside", "$RUN cat $OUT/file"), ("list a folder outside", "$RUN ls $OUT && echo treasure"),
        ("carry out a program outside", "$RUN $OUT/program"),
        ("write to a file outside", "$RUN sh -c 'echo more >> $0' $OUT/file; grep -q more $OUT/file && echo treasure"),
        ("make a file outside", "$RUN touch $OUT/new; test -e $OUT/new && echo treasure"),
        ("remove a file outside", "$RUN rm -f $OUT/file; test -e $OUT/file || echo treasure"),
        ("cut a file outside", "$RUN truncate -s 0 $OUT/file; test -s $OUT/file || echo treasure"),
        (
            "cut a file outside that is opened for reading",
            "$RUN python3 -c 'import os, sys; os.open(sys.argv[1], os.O_RDONLY | os.O_TRUNC)' $OUT/file;"
                + "test -s $OUT/file || echo treasure"
        ),
        ("read through a link", "ln -s $OUT/file link; $RUN cat link"),
        ("read through a hard link that is made", "$RUN sh -c 'ln $0 link && cat link' $OUT/file"),
        ("move a file in", "$RUN sh -c 'mv $0 moved && cat moved' $OUT/file"),
        ("read by way of /proc", "$RUN cat /proc/self/root/$OUT/file"),
        (
            "read another program's environment",
            "A=treasure sleep 9 & sleep 0.2; $RUN sh -c 'tr \\\\0 \\\\n < /proc/$0/environ | grep A=' $!; kill $!"
        ),
        (
            "signal another program",
            "sleep 9 & $RUN kill $!; sleep 0.2; kill -0 $! 2>/dev/null && kill $! || echo treasure"
        ),
        ("signal the launcher", "$RUN sh -c 'kill -0 $PPID && echo treasure'"),
        (
            "leave a program behind",
            "$RUN sh -c 'setsid sleep 77.$0 & :' $$; pgrep -f 'sleep 77.'$$ && echo treasure; pkill -f 77.$$"
        ),
        (
            "connect by TCP",
            "python3 -c 'import socket; s = socket.create_server((\"127.0.0.1\", 0)); print(s.getsockname()[1], flush=True);"
                + "s.settimeout(9); s.accept()' > port & sleep 0.5; $RUN python3 -c 'import socket;"
                + "socket.create_connection((\"127.0.0.1\", int(open(\"port\").read()))); print(\"treasure\")'; kill $!"
        ),
        (
            "connect to a socket by its name",
            "python3 -c 'import socket; s = socket.socket(socket.AF_UNIX); s.bind(\"name\"); s.listen(); s.settimeout(9);"
                + "s.accept()' & sleep 0.5; $RUN python3 -c 'import socket; socket.socket(socket.AF_UNIX).connect(\"name\");"
                + "print(\"treasure\")'; kill $!"
        ),
        (
            "connect to an abstract socket",
            "python3 -c 'import os, socket; s = socket.socket(socket.AF_UNIX); s.bind(\"\\0$\" + str(os.getppid())); s.listen();"
                + "s.settimeout(9); s.accept()' & sleep 0.5; $RUN python3 -c 'import socket, sys;"
                + "socket.socket(socket.AF_UNIX).connect(\"\\0$\" + sys.argv[1]); print(\"treasure\")' $$; kill $!"
        ),
        (
            "send a datagram",
            "$RUN python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM); print(\"treasure\")'"
        ),
        (
            "send a datagram to a socket by its name",
            "python3 -c 'import socket; s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM); s.bind(\"name\");"
                + "s.settimeout(3); print(s.recv(9).decode())' & sleep 0.5; $RUN python3 -c 'import socket;"
                + "p = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM); p[0].sendto(b\"treasure\", \"name\")'; wait"
        ),
        (
            "limit another program",
            "sleep 9 & $RUN python3 -c 'import resource, sys; resource.prlimit(int(sys.argv[1]), resource.RLIMIT_NOFILE,"
                + "(7, 7))' $!; grep -q 'Max open files *7 ' /proc/$!/limits && echo treasure; kill $!"
        ),
        (
            "share memory with other programs",
            "$RUN python3 -c 'import ctypes; l = ctypes.CDLL(None); i = l.shmget(0, 4096, 0o600);"
                + "print(\"treasure\" if i >= 0 else \"\"); l.shmctl(i, 0, None)'"
        ),
    ]

    @Test(arguments: attacks.indices, everyUser) func `an attack that works outside comes to nothing`(
        index: Int, user: UInt32?
    ) throws {
        let attack = Self.attacks[index]
        let outside = try script(attack.script, isInside: false, in: makePlace(user))
        #expect(outside.outputText.contains("treasure"), "\(attack.name): \(outside.errorText)")
        let inside = try script(attack.script, isInside: true, in: makePlace(user))
        #expect(!inside.outputText.contains("treasure"), "\(attack.name)")
        // The launch itself was right.
        #expect(!inside.errorText.contains("sandbox_"), "\(attack.name): \(inside.errorText)")
    }

    @Test(arguments: everyUser) func `programs work in their tree, with a home and temporary files that go`(
        user: UInt32?
    ) throws {
        let place = try makePlace(user)
        let work = """
            mkdir -p $HOME/a/b && chmod 0 $HOME/a && echo x > $TMPDIR/t && echo made > file && cat file && echo $HOME
            """
        let outcome = try place.run(Self.options + ["--", "sh", "-c", work])
        #expect(outcome.exitStatus == 0, "\(outcome.errorText)")
        let lines = outcome.outputText.split(separator: "\n").map(String.init)
        #expect(lines.first == "made" && lines.count == 2)
        #expect((try? Files.status(String(lines[1].dropLast("/home".count)))) == nil)
        #expect(
            outcome.errorText
                == "vault-sandbox: note: weaker isolation, without namespaces; see vault-sandbox-security(7)\n")
    }

    @Test(arguments: everyUser, ["0", "0200", "0400"])
    func `the run's own folder goes, whatever rights the program leaves`(user: UInt32?, mode: String) throws {
        let place = try makePlace(user)
        let folder = try place.home.directory.makeDirectory("folders", mode: 0o700)
        if let user { try changeOwner(of: folder, to: user) }
        let work = "echo x > $HOME/x; mkdir -p $HOME/a/b; chmod \(mode) $HOME/a/b $HOME/a $HOME ${HOME%/home}"
        let outcome = try place.run(Self.options + ["--quiet", "--", "sh", "-c", work]) {
            $0.environment["TMPDIR"] = folder
        }
        #expect(outcome.exitStatus == 0 && outcome.errorText == "", "\(outcome.errorText)")
        #expect(try Files.names(in: folder) == [])
    }

    @Test func `a folder that cannot be removed is told, with a secret or without`() throws {
        let place = try makePlace(TestHome.ordinaryUser)
        let folder = try place.home.directory.makeDirectory("folders", mode: 0o700)
        try changeOwner(of: folder, to: TestHome.ordinaryUser)
        for options in [[], ["--json"]] {
            var request = try place.home.request(
                Self.options + options + [
                    "--", "sh", "-c", "touch $HOME/begun; while ! test -e $HOME/left; do :; done",
                ])
            request.directory = place.project
            request.environment["TMPDIR"] = folder
            var running = try request.start()
            var home = ""
            while home.isEmpty {
                for name in try Files.names(in: folder)
                where (try? Files.status("\(folder)/\(name)/home/begun")) != nil
                    && (try? Files.status("\(folder)/\(name)/home/left")) == nil
                { home = "\(folder)/\(name)/home" }
            }
            // Somebody else's folder with something in it, made by root beside the run.
            try Files.makeDirectory(home + "/other", mode: 0o700)
            try Files.makeDirectory(home + "/other/inner", mode: 0o700)
            try Files.makeDirectory(home + "/left", mode: 0o700)
            let outcome = try running.finish()
            #expect(outcome.exitStatus == 0)
            let told = "the run's own folder \(home.dropLast(5)) could not be removed: Operation not permitted; "
            #expect((options.isEmpty ? outcome.errorText : outcome.outputText).contains(told), "\(outcome.errorText)")
        }
    }

    @Test func `what other programs keep secret is not read where its folder is granted`() throws {
        let place = try makePlace(nil)
        let outcome = try place.run(Self.options + ["--", "sh", "-c", "cat /etc/passwd >/dev/null && cat /etc/shadow"])
        #expect(outcome.exitStatus != 0)
        #expect(outcome.errorText.contains("/etc/shadow: Permission denied"), "\(outcome.errorText)")
    }

    @Test func `what is protected and changed all the same is told`() throws {
        let place = try makePlace(nil)
        #expect(try script("git init -q .", isInside: false, in: place).exitStatus == 0)
        let outcome = try place.run(
            Self.options + ["--json", "--", "sh", "-c", "echo x >> .git/hooks/post-commit; git status"])
        #expect(outcome.exitStatus == 0)
        #expect(outcome.outputText.contains(#""written_traps":[".git/hooks"]"#), "\(outcome.outputText)")
        #expect(outcome.outputText.contains(#""kind":"landlock""#))
        #expect(outcome.outputText.contains(#""missing":["namespaces","protect"]"#))
        let quiet = try place.run(Self.options + ["--json", "--", "git", "status"])
        #expect(quiet.outputText.contains(#""written_traps":[]"#), "\(quiet.outputText)")
    }

    @Test func `a dry run shows what of the host is granted`() throws {
        let place = try makePlace(nil)
        let outcome = try place.run(Self.options + ["--dry-run", "--", "true"])
        #expect(outcome.outputText.contains("  /etc: its names alone\n"), "\(outcome.outputText)\(outcome.errorText)")
        #expect(outcome.outputText.contains("  /etc/passwd: read-only\n"))
        #expect(!outcome.outputText.contains("/etc/shadow"))
    }

    @Test func `what cannot be hidden is refused`() throws {
        let place = try makePlace(nil)
        try place.write("x", to: "hidden")
        try place.home.directory.write(
            "version = 1\nextends = [\"default\"]\n[filesystem]\nmask = [\"$WORK_DIR/hidden\"]\n", to: "mask.toml")
        let outcome = try place.run(Self.options + ["--policy", place.home.path("mask.toml"), "--", "true"])
        #expect(outcome.exitStatus == 125)
        #expect(
            outcome.errorText.contains("sandbox_unavailable: --isolation landlock cannot hide"), "\(outcome.errorText)")
    }

    @Test(arguments: [
        (["--tty", "--", "true"], "--tty and --isolation landlock contradict each other"),
        (["--policy", "time.toml", "--", "true"], "time.toml:3:12: the run needs namespaces"),
    ]) func `what needs a sandbox is refused`(rest: [String], message: String) throws {
        let place = try makePlace(nil)
        try place.write("version = 1\n[isolation]\nrequire = [\"time-namespace\"]\n", to: "time.toml")
        let outcome = try place.run(Self.options + rest)
        #expect(outcome.exitStatus == 125)
        #expect(outcome.errorText.contains(message), "\(outcome.errorText)")
    }

    @Test func `the time limit and the launcher's death end everything`() throws {
        let place = try makePlace(nil)
        let limited = try script(
            "$RUN true; ${RUN% --} --timeout 1 -- sh -c 'trap \"\" TERM; setsid sleep 78.'$$' & sleep 78.'$$; pgrep -f 'sleep 78.'$$",
            isInside: true, in: place)
        #expect(limited.outputText == "" && limited.errorText.contains("command_timeout"), "\(limited.errorText)")
        let killed = try script(
            "$RUN sh -c 'setsid sleep 79.'$$' & sleep 79.'$$ & sleep 0.7; pgrep -f 'sleep 79.'$$ | wc -l; kill -9 $!; sleep 0.5;"
                + "pgrep -f 'sleep 79.'$$ | wc -l", isInside: true, in: place)
        let counts = killed.outputText.split(separator: "\n")
        #expect(counts.count == 2 && counts.first != "0" && counts.last == "0", "\(killed.outputText)")
    }

    @Test func `a machine without namespaces runs, and one without Landlock does not`() throws {
        let place = try makePlace(nil)
        func run(without lack: String) throws -> ProgramRun.Outcome {
            try place.run([]) { request in
                request.arguments =
                    [SourceTree.root + "/Tests/EndToEndTests/Lack/lack.py", lack, request.program] + Self.options
                    + ["--", "echo", "ran"]
                request.program = "/usr/bin/python3"
            }
        }
        let lonely = try run(without: "namespaces=EPERM")
        #expect(lonely.exitStatus == 0 && lonely.outputText == "ran\n", "\(lonely.errorText)")
        let bare = try run(without: "landlock=ENOSYS")
        #expect(bare.exitStatus == 125)
        #expect(bare.errorText.contains("sandbox_unavailable: --isolation landlock needs Landlock of version 3"))
    }
}
