internal import Linux
internal import TestSupport
internal import Testing

/// What a newcomer types on the first day, as root and as an ordinary user.
@Suite(.requires(.binary, .root, .userNamespaces)) struct FirstDayTests {
    static let url = "postgres://app:s3cr3t-Pa55@127.0.0.1:5432/app"

    @Test(arguments: everyUser) func `a secret and its base64 are replaced on both streams`(user: UInt32?) throws {
        let place = try Workplace(user: user)
        try place.makeVault()
        try place.store("DATABASE_URL", Self.url)
        let outcome = try place.shell(
            #"echo "$DATABASE_URL" | tee /dev/stderr | base64"#, options: ["--quiet", "--secret", "DATABASE_URL"])
        #expect(outcome.status == .exited(0), "\(outcome.errorText)")
        #expect(outcome.errorText == "[redacted:DATABASE_URL]\n")
        #expect(outcome.outputText == "[redacted:DATABASE_URL]\n")
    }

    @Test(arguments: everyUser) func `the time limit ends everything, daemons included`(user: UInt32?) throws {
        let place = try Workplace(user: user)
        let marker = "314\(UInt32.random(in: 1_000_000...9_999_999))"
        let outcome = try place.shell(
            "(setsid sleep \(marker) &) ; sleep \(marker)", options: ["--timeout", "1s"])
        #expect(outcome.exitStatus == 124)
        #expect(outcome.errorText.contains("command_timeout"))
        #expect(try runningCommands(containing: marker).isEmpty)
    }

    @Test(arguments: everyUser) func `a private key of the home is not there`(user: UInt32?) throws {
        let place = try Workplace(user: user)
        try place.home.directory.makeDirectory(".ssh", mode: 0o755)
        let key = try place.home.directory.write("PRIVATE", to: ".ssh/id_ed25519", mode: 0o644)
        let outcome = try place.run(["exec", "--", "cat", key])
        #expect(outcome.exitStatus == 1)
        #expect(outcome.errorText.contains("No such file or directory"))
        #expect(!outcome.outputText.contains("PRIVATE"))
    }

    @Test func `a service on the host's loopback cannot be reached`() throws {
        let place = try Workplace()
        let script = """
            import socket, subprocess, sys
            server = socket.create_server(("127.0.0.1", 0))
            port = server.getsockname()[1]
            probe = "import socket; socket.create_connection(('127.0.0.1', %d), 2)" % port
            outside = subprocess.run([sys.executable, "-c", probe], capture_output=True)
            inside = subprocess.run(sys.argv[1:] + ["exec", "--", "/usr/bin/python3", "-c", probe], capture_output=True)
            print(outside.returncode, inside.returncode, "refused" in inside.stderr.decode())
            """
        var request = try place.home.request([])
        let binary = request.program
        request.program = "/usr/bin/python3"
        request.arguments = ["-c", script, binary]
        request.directory = place.project
        let outcome = try request.run()
        // The positive control comes first: the same probe connects outside.
        #expect(outcome.outputText == "0 1 True\n", "\(outcome.errorText)")
    }

    @Test(arguments: everyUser) func `files that the program writes belong to the caller`(user: UInt32?) throws {
        let place = try Workplace(user: user)
        let outcome = try place.shell("echo made > made.txt; id -u")
        #expect(outcome.outputText == "\(user ?? 0)\n", "\(outcome.errorText)")
        #expect(try Files.status(place.project + "/made.txt").owner == user ?? 0)
    }

    @Test func `without a vault a program runs without secrets`() throws {
        let place = try Workplace()
        let outcome = try place.run(["exec", "--", "echo", "hello"])
        #expect(outcome.outputText == "hello\n", "\(outcome.errorText)")
    }
}

/// The command lines of all processes of the machine that hold a text.
func runningCommands(containing text: String) throws -> [String] {
    try Files.names(in: "/proc").filter { Int($0) != nil }.compactMap { process in
        guard let bytes = try? Files.contents(of: "/proc/\(process)/cmdline", limit: 1 << 20) else { return nil }
        let line = String(decoding: bytes.map { $0 == 0 ? UInt8(ascii: " ") : $0 }, as: UTF8.self)
        return line.contains(text) && !line.contains("vault-sandbox-tests") ? line : nil
    }
}
