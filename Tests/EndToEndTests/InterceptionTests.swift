internal import TestSupport
internal import Testing

/// Commands that would let a secret out: warned of by `exec`, refused where the policy says so, explained on request.
@Suite(.requires(.binary, .root, .userNamespaces)) struct InterceptionTests {
    private func place() throws -> Workplace {
        let place = try Workplace()
        try place.makeVault()
        try place.store("API_TOKEN", "value-of-the-token-x7")
        try place.write(
            "version = 1\nextends = [\"default\"]\n[interceptor]\ncli = \"block\"\n", to: "block.toml")
        try place.write("version = 1\nextends = [\"default\"]\n[interceptor]\ncli = \"off\"\n", to: "off.toml")
        return place
    }

    @Test func `exec runs the command, warns in one line and redacts what it prints`() throws {
        let outcome = try place().shell("echo $API_TOKEN")
        #expect(outcome.exitStatus == 0)
        #expect(outcome.outputText == "[redacted:API_TOKEN]\n")
        #expect(outcome.errorText.hasPrefix("vault-sandbox: warning: echo-variable: "), "\(outcome.errorText)")
        #expect(outcome.errorText.split(separator: "\n").count == 1)
        #expect(outcome.errorText.contains("`$API_TOKEN`"))
    }

    @Test func `with JSON the warning is part of the result`() throws {
        let outcome = try place().shell("echo $API_TOKEN", options: ["--json"])
        #expect(outcome.errorText.isEmpty, "\(outcome.errorText)")
        #expect(outcome.outputText.contains(#""rule":"echo-variable""#), "\(outcome.outputText)")
        #expect(try !place().shell("true", options: ["--json"]).outputText.contains("warnings"))
    }

    @Test(arguments: [
        ("echo $API_TOKEN", "echo-variable"), ("env", "print-environment"),
        ("cat /proc/self/environ", "read-proc-environ"),
        ("mysql --password=value-of-the-token-x7", "literal-secret"),
    ])
    func `a policy that blocks refuses the command before it starts`(script: String, rule: String) throws {
        let place = try place()
        let outcome = try place.shell("touch started; " + script, options: ["--policy", "./block.toml"])
        #expect(outcome.exitStatus == 125)
        #expect(outcome.outputText.isEmpty)
        #expect(
            outcome.errorText.hasPrefix("vault-sandbox: command_blocked: vault_run blocked: \(rule): "),
            "\(outcome.errorText)")
        #expect(outcome.errorText.contains("\nhint: "))
        #expect(!outcome.errorText.contains("value-of-the-token-x7"))
        #expect(try place.shell("test ! -e started").exitStatus == 0)
    }

    @Test func `a refusal by its shape needs no key`() throws {
        let place = try place()
        let outcome = try place.shell("env", options: ["--policy", "./block.toml"]) {
            $0.environment["VAULT_SANDBOX_KEY_FILE"] = nil
        }
        #expect(outcome.errorText.hasPrefix("vault-sandbox: command_blocked: "), "\(outcome.errorText)")
    }

    @Test func `everyday commands, runs without secrets and the mode off are left alone`() throws {
        let place = try place()
        #expect(try place.shell("test -n \"$API_TOKEN\" && echo set").errorText.isEmpty)
        #expect(try place.run(["exec", "--no-secrets", "--", "env"]).errorText.isEmpty)
        #expect(try place.shell("echo $API_TOKEN", options: ["--policy", "./off.toml"]).errorText.isEmpty)
        let passing = try place.shell("test -n \"$API_TOKEN\"", options: ["--policy", "./block.toml"])
        #expect(passing.exitStatus == 0, "\(passing.errorText)")
    }

    @Test func `policy explain underlines what a rule found and tells the outcome by its status`() throws {
        let place = try place()
        let blocked = try place.run(
            ["policy", "explain", "default", "--command", "--", "sh", "-c", "x=1; echo \"$API_TOKEN\""])
        #expect(blocked.exitStatus == 1, "\(blocked.errorText)")
        let lines = blocked.outputText.split(separator: "\n").map(String.init)
        #expect(lines.first?.hasPrefix("echo-variable: ") == true)
        #expect(lines.contains("  argument 2: x=1; echo \"$API_TOKEN\""), "\(lines)")
        #expect(lines.contains("                         ^^^^^^^^^^"), "\(lines)")
        #expect(lines.last == "over MCP: refused; by exec: runs with a warning")
        let passing = try place.run(["policy", "explain", "default", "--command", "--", "npm", "test"])
        #expect(passing.exitStatus == 0)
        let other = try place.run(
            [
                "policy", "explain", "default", "--command", "--secret", "OTHER", "--json", "--", "sh", "-c",
                "echo $OTHER",
            ])
        #expect(other.exitStatus == 1)
        #expect(other.outputText.contains(#""rule":"echo-variable""#), "\(other.outputText)")
        let unknown = try place.run(["policy", "explain", "default", "--host", "x", "--", "true"])
        #expect(unknown.errorText.hasPrefix("vault-sandbox: argument_invalid: "), "\(unknown.errorText)")
    }
}
