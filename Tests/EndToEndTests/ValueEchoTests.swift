internal import TestSupport
internal import Testing

/// No message shows a value, also where someone wrote it in the wrong place.
@Suite(.requires(.binary, .root, .userNamespaces)) struct ValueEchoTests {
    private static let value = "Hunter2+correct.horse"

    /// A line with the value in a wrong place, the code of the answer, and a word of its message or hint.
    private static let lines: [([String], code: String, word: String)] = [
        (["secret", "set", "TOKEN", value], "argument_invalid", "standard input"),
        (["secret", "set", "TOKEN=" + value], "name_invalid", "equals sign at byte 6"),
        (["secret", "set", value], "name_invalid", "at byte 8"),
        (["secret", "set", "TOKEN", "--deliver", value], "argument_invalid", "env, file or fd"),
        (["secret", "set", "TOKEN", "--" + value], "argument_invalid", ""),
        (["secret", "set", "TOKEN", "--raw=" + value], "argument_invalid", ""),
        (["secret", "remove", "TOKEN=" + value], "name_invalid", "equals sign"),
        (["secret", "history", value], "name_invalid", ""),
        (["secret", "import", "TOKEN=" + value], "argument_invalid", "import"),
        (["exec", "--secret", "TOKEN=" + value, "--", "true"], "name_invalid", "equals sign"),
        (["exec", "--secret-from", "TOKEN=" + value, "--", "true"], "argument_invalid", "never the value"),
        (["exec", "--secret-from", "TOKEN=env:" + value, "--", "true"], "argument_invalid", "TOKEN"),
        (["exec", "--secret-from", "TOKEN=file:" + value, "--", "true"], "argument_invalid", "TOKEN"),
        (["exec", "--secret-from", value + "=env", "--", "true"], "name_invalid", ""),
        (["exec", "--timeout", value, "--", "true"], "argument_invalid", "--timeout"),
        (["exec", "--policy", value, "--", "true"], "policy_invalid", "policy list"),
        (["exec", "--policy", "/a/" + value, "--", "true"], "policy_invalid", "policy list"),
        (["exec", "--app", value, "--", "true"], "name_invalid", "app"),
        (["exec", "--passphrase-fd", value, "--", "true"], "argument_invalid", "--passphrase-fd"),
        (["secret", "set", "TOKEN", "--key-file", value], "key_file_refused", "the key file"),
        (["secret", "set", "TOKEN", "--key-file", "a/" + value], "key_file_refused", "the key file"),
        (["exec", "--" + value, "--", "true"], "argument_invalid", "option"),
        (["exec", "--token=" + value, "--", "true"], "argument_invalid", "--token"),
        (["redact", "--secret", "TOKEN=" + value], "name_invalid", "equals sign"),
        (["redact", value], "argument_invalid", ""), (["app", "create", value], "name_invalid", ""),
        (["app", "use", value], "name_invalid", ""), (["app", "policy", "default", value], "policy_invalid", ""),
        (["completion", value], "argument_invalid", "bash"), ([value], "argument_invalid", "commands are"),
        (["secret", value], "argument_invalid", "commands are"), (["--" + value], "argument_invalid", ""),
    ]

    @Test(arguments: lines.indices) func `a value in a wrong place is not repeated`(index: Int) throws {
        let (line, code, word) = Self.lines[index]
        let place = try Workplace()
        try place.makeVault()
        let outcome = try place.run(line, input: "another-value")
        #expect(outcome.errorText.hasPrefix("vault-sandbox: \(code): "), "\(line): \(outcome.errorText)")
        #expect(outcome.errorText.contains(word), "\(line): \(outcome.errorText)")
        #expect(outcome.exitStatus == 125)
        let json = try place.run(line + (line.contains("--") ? [] : ["--json"]))
        for text in [outcome.errorText, outcome.outputText, json.errorText, json.outputText] {
            #expect(!text.contains(Self.value) && !text.contains("correct.horse"), "\(line): \(text)")
        }
    }

    @Test(arguments: [false, true]) func `a command that holds a value is named without it`(json: Bool) throws {
        let place = try Workplace()
        let line = ["exec"] + (json ? ["--json"] : []) + ["--secret-from", "TOKEN=env", "--", Self.value]
        let outcome = try place.run(line) { $0.environment["TOKEN"] = Self.value }
        #expect(outcome.exitStatus == 127)
        #expect((outcome.errorText + outcome.outputText).contains("[redacted:TOKEN]: not found"))
        #expect(!(outcome.errorText + outcome.outputText).contains(Self.value))
    }

    @Test func `a dry run names what --env and the caller set, and does not show it`() throws {
        let place = try Workplace()
        let line = ["exec", "--no-secrets", "--dry-run", "--env", "FOO=" + Self.value, "--env", "BAR", "--", "true"]
        let outcome = try place.run(line) {
            $0.environment["BAR"] = Self.value
            $0.environment["LC_X"] = Self.value
        }
        #expect(outcome.exitStatus == 0, "\(outcome.errorText)")
        #expect(outcome.outputText.contains("FOO, from --env"), "\(outcome.outputText)")
        #expect(outcome.outputText.contains("BAR, from --env"))
        #expect(outcome.outputText.contains("PATH=/"))
        #expect(!outcome.outputText.contains(Self.value), "\(outcome.outputText)")
    }

    @Test func `a message cannot command the terminal, nor forge another`() throws {
        let place = try Workplace()
        let name = "\u{1b}[31m\u{7}x\nvault-sandbox: internal_error: \u{202e}forged"
        let outcome = try place.run(["exec", "--no-secrets", "--", name])
        #expect(outcome.exitStatus == 127)
        #expect(outcome.errorText.hasPrefix("vault-sandbox: command_not_found: \\u{1b}[31m\\u{7}x\\u{a}vault"))
        #expect(!outcome.errorText.unicodeScalars.contains { $0.value < 0x20 && $0 != "\n" || $0.value == 0x202e })
        #expect(outcome.errorText.split(separator: "\n").count == 2, "\(outcome.errorText)")
    }

    @Test(arguments: [[], ["--raw"]]) func `an empty value is refused unless it is meant`(options: [String]) throws {
        let place = try Workplace()
        try place.makeVault()
        try place.store("TOKEN", Self.value)
        let empty = try place.run(["secret", "set", "TOKEN"] + options)
        #expect(empty.errorText.hasPrefix("vault-sandbox: secret_value_invalid: the value is empty"))
        #expect(empty.exitStatus == 125)
        #expect(try place.shell("printf %s $TOKEN | wc -c").outputText == "\(Self.value.utf8.count)\n")
        #expect(try place.run(["secret", "set", "TOKEN", "--allow-empty"] + options).exitStatus == 0)
        #expect(try place.shell("printf %s \"$TOKEN\" | wc -c").outputText == "0\n")
    }

    @Test func `an empty value from outside the vault is refused unless it is meant`() throws {
        let place = try Workplace()
        try place.write("\n", to: "empty")
        for origin in ["TOKEN=env", "TOKEN=file:empty", "TOKEN=fd:0"] {
            let line = ["exec", "--secret-from", origin]
            let refused = try place.run(line + ["--", "touch", "started"]) { $0.environment["TOKEN"] = "" }
            #expect(refused.errorText.contains("secret_value_invalid: --secret-from TOKEN: "), "\(refused.errorText)")
            #expect(refused.exitStatus == 125)
            let taken = try place.run(line + ["--allow-empty", "--", "printenv", "TOKEN"]) {
                $0.environment["TOKEN"] = ""
            }
            #expect(taken.outputText == "\n", "\(taken.errorText)")
        }
        #expect((try? place.home.directory.text(of: "project/started")) == nil)
    }

    @Test func `warnings can be silenced, and errors cannot`() throws {
        let place = try Workplace()
        try place.makeVault()
        #expect(try place.run(["secret", "set", "A"], input: "x").errorText.hasPrefix("warning: A is too short"))
        #expect(try place.run(["secret", "set", "A", "--quiet"], input: "x").errorText.isEmpty)
        #expect(try place.run(["secret", "set", "1", "--quiet"]).errorText.hasPrefix("vault-sandbox: name_invalid"))
        #expect(try place.run(["exec", "--quiet", "--", "true"]).exitStatus == 0)
    }
}
