internal import Linux
internal import TestSupport
internal import Testing

/// Exit status, streams and environment, as the contract has them.
@Suite(.requires(.binary, .root, .userNamespaces)) struct ContractTests {
    @Test(arguments: [
        ("exit 0", 0), ("exit 7", 7), ("exit 125", 125), ("kill -TERM $$", 143), ("kill -KILL $$", 137),
        ("kill -SEGV $$", 139),
    ]) func `the exit status is the program's own`(script: String, expected: Int32) throws {
        let place = try Workplace()
        #expect(try place.shell(script).status == .exited(expected))
    }

    @Test func `a missing program is 127 and a file without execute permission 126`() throws {
        let place = try Workplace()
        let missing = try place.run(["exec", "--", "no-such-program"])
        #expect(missing.exitStatus == 127)
        #expect(missing.errorText.contains("command_not_found"))
        #expect(missing.errorText.contains("searched "))
        try place.write("echo hi\n", to: "plain.sh", mode: 0o644)
        let plain = try place.run(["exec", "--", "./plain.sh"])
        #expect(plain.exitStatus == 126)
        #expect(plain.errorText.contains("command_not_executable"))
    }

    @Test func `a script without a shebang is run by a shell`() throws {
        let place = try Workplace()
        try place.write("echo \"$0:$1\"\n", to: "bare", mode: 0o755)
        let outcome = try place.run(["exec", "--", "./bare", "argument"])
        #expect(outcome.outputText == "./bare:argument\n", "\(outcome.errorText)")
    }

    @Test func `standard input reaches the program and its end does`() throws {
        let place = try Workplace()
        #expect(try place.run(["exec", "--", "cat"], input: "one\ntwo\n").outputText == "one\ntwo\n")
    }

    @Test func `binary output passes unchanged`() throws {
        let place = try Workplace()
        let outcome = try place.shell(#"i=0; while [ $i -lt 256 ]; do printf "\\$(printf %03o $i)"; i=$((i+1)); done"#)
        #expect(outcome.output == Array(0...255).map(UInt8.init))
    }

    @Test func `arguments reach the program byte by byte`() throws {
        let place = try Workplace()
        let outcome = try place.run(["exec", "--", "printf", "%s|", "a b", "", "$HOME", "*", "ü", "--json", "-x"])
        #expect(outcome.outputText == "a b||$HOME|*|ü|--json|-x|")
    }

    @Test func `nothing of the caller's environment passes that the policy does not name`() throws {
        let place = try Workplace()
        let outcome = try place.run(["exec", "--env", "EXTRA=1", "--env", "PASSED", "--", "env"]) {
            $0.environment["GH_TOKEN"] = "token-of-the-caller"
            $0.environment["LD_PRELOAD"] = ""
            $0.environment["PASSED"] = "yes"
            $0.environment["LC_ALL"] = "C"
        }
        let names = Set(outcome.outputText.split(separator: "\n").map { String($0.prefix { $0 != "=" }) })
        #expect(names.isSuperset(of: ["HOME", "PATH", "LANG", "LC_ALL", "EXTRA", "PASSED"]), "\(outcome.errorText)")
        #expect(names.isDisjoint(with: ["GH_TOKEN", "LD_PRELOAD", "VAULT_SANDBOX_KEY_FILE"]))
    }

    @Test func `the result has its five fields and the rest`() throws {
        let place = try Workplace()
        try place.makeVault()
        try place.store("TOKEN", "correct-horse-battery")
        let outcome = try place.shell("echo out $TOKEN; echo err >&2; exit 3", options: ["--json"])
        #expect(outcome.exitStatus == 3)
        let text = outcome.outputText
        for part in [
            #""exit_code":3"#, #""stdout":"out [redacted:TOKEN]\n""#, #""stderr":"err\n""#,
            #""secrets_injected":["TOKEN"]"#, #""timed_out":false"#, #""signal":null"#, #""truncated":false"#,
            #""policy":"default""#, #""redactions":{"TOKEN":1}"#, #""not_redacted":[]"#, #""kind":"namespaces""#,
        ] { #expect(text.contains(part), "\(part) in \(text)") }
    }

    @Test func `a long capture keeps start and end and says what is missing`() throws {
        let place = try Workplace()
        let outcome = try place.shell("echo first; seq 1 400000; echo last", options: ["--json"])
        #expect(outcome.outputText.contains(#""truncated":true"#))
        #expect(outcome.outputText.contains(#""stdout":"first\n1\n2\n"#))
        #expect(outcome.outputText.contains("400000\\nlast\\n"))
        #expect(outcome.outputText.contains("bytes are left out here"))
    }

    @Test func `a time limit in JSON carries the output so far and an error`() throws {
        let place = try Workplace()
        let outcome = try place.shell("echo begun; sleep 60", options: ["--json", "--timeout", "1"])
        #expect(outcome.exitStatus == 124)
        #expect(outcome.outputText.contains(#""stdout":"begun\n""#))
        #expect(outcome.outputText.contains(#""code":"command_timeout""#))
        #expect(outcome.outputText.contains(#""timed_out":true"#))
    }

    @Test func `a grandchild that holds the pipe cannot delay the result`() throws {
        let place = try Workplace()
        let clock = ContinuousClock()
        var outcome: ProgramRun.Outcome?
        let duration = try clock.measure { outcome = try place.shell("setsid sleep 300 & echo done") }
        #expect(outcome?.outputText == "done\n")
        #expect(duration < .seconds(60))
    }

    @Test(arguments: [
        (Signals.terminate, "TERM"), (Signals.interrupt, "INT"), (Signals.hangUp, "HUP"), (Signals.user1, "USR1"),
    ]) func `signals reach the program`(signal: Int32, name: String) throws {
        let place = try Workplace()
        var request = try place.home.request([
            "exec", "--", "sh", "-c",
            "trap 'echo got \(name); exit 9' \(name); echo ready; while :; do sleep 0.05; done",
        ])
        request.directory = place.project
        var running = try request.start()
        #expect(try running.readLine() == "ready\n")
        try running.send(signal)
        let outcome = try running.finish()
        #expect(outcome.outputText == "got \(name)\n")
        #expect(outcome.exitStatus == 9)
    }

    @Test func `killing the supervisor kills everything inside`() throws {
        let place = try Workplace()
        let marker = "271\(UInt32.random(in: 1_000_000...9_999_999))"
        var request = try place.home.request([
            "exec", "--", "sh", "-c", "setsid sleep \(marker) & echo ready; sleep \(marker)",
        ])
        request.directory = place.project
        var running = try request.start()
        #expect(try running.readLine() == "ready\n")
        #expect(try !runningCommands(containing: "sleep " + marker).isEmpty)
        try running.send(Signals.kill)
        _ = try running.finish()
        var left = 1
        for _ in 0..<100 where left > 0 {
            left = try runningCommands(containing: "sleep " + marker).count
            _ = try Polling.wait([], milliseconds: 20)
        }
        #expect(left == 0)
    }

    @Test func `a reader that goes away ends the program`() throws {
        let place = try Workplace()
        var request = try place.home.request([])
        request.arguments = ["-c", "'\(request.program)' exec -- yes | head -n 2"]
        request.program = "/bin/sh"
        request.directory = place.project
        let outcome = try request.run()
        #expect(outcome.outputText == "y\ny\n")
        #expect(!outcome.timedOut)
    }

    @Test(arguments: [0, 1, 2]) func `a closed stream stays closed for the program`(stream: Int) throws {
        let place = try Workplace()
        var request = try place.home.request([])
        let script = "test -e /proc/self/fd/\(stream); echo $? > seen"
        request.arguments = ["-c", "'\(request.program)' exec -- sh -c '\(script)' \(stream)>&-"]
        request.program = "/bin/sh"
        request.directory = place.project
        _ = try request.run()
        #expect(try place.home.directory.text(of: "project/seen") == "1\n")
    }

    @Test func `a directory as standard input is refused`() throws {
        let place = try Workplace()
        var request = try place.home.request([])
        request.arguments = ["-c", "'\(request.program)' exec -- ls /proc/self/fd/0/ < /"]
        request.program = "/bin/sh"
        request.directory = place.project
        let outcome = try request.run()
        #expect(outcome.exitStatus == 125)
        #expect(outcome.errorText.contains("argument_invalid"))
    }

    @Test func `a prompt that could begin a secret appears, and the secret behind it does not`() throws {
        let place = try Workplace()
        try place.makeVault()
        try place.store("TOKEN", "name-of-the-rose-9")
        var request = try place.home.request(["exec", "--", "sh", "-c", "printf nam; read x; printf 'e-of-the-rose-9'"])
        request.directory = place.project
        request.environment["VAULT_SANDBOX_KEY_FILE"] = place.home.path(".vault-key")
        var running = try request.start()
        #expect(String(decoding: try running.readOutput(), as: UTF8.self) == "nam")
        try running.write("go\n")
        let outcome = try running.finish()
        // What was shown stays shown; the rest is replaced.
        #expect(outcome.outputText == "[redacted:TOKEN]", "\(outcome.outputText)")
    }
}
