import Linux
import Testing

@testable import Policy

/// Policies that are written to say one thing and do another, or to bring the reader down.
struct PolicyAttackTests {
    private func problems(_ text: String) -> [String] { TextSource(["p": text]).problems("p") }

    private func resolve(_ texts: [String: String], _ names: String...) throws -> Policy {
        try PolicyResolver(TextSource(texts.mapValues { "version = 1\n" + $0 })).resolve(names)
    }

    @Test(arguments: [
        ("version = 1\n\0[nonsense]", "2:1: holds a NUL byte"),
        ("version = 1\n[filesystem]\nread = [\"/etc\\u0000/x\"]", "3:14: holds a NUL character"),
        ("version = 1\n[filesystem]\n\"read\\U00000000\" = 4", "3:6: holds a NUL character"),
        ("version = 1\n[process]\nset_env = { A = '''\\u0000''' }", "3:20: holds a NUL character"),
    ])
    func `nothing hides behind a NUL`(text: String, problem: String) {
        #expect(problems(text) == ["p.toml:" + problem])
    }

    @Test(arguments: [
        ("x = [\n}1", "3:1"), ("x = [}", "2:6"), ("x = [1,\n# so\n }", "4:2"), ("x = }", "2:5"),
        ("x = { a = [ } ] }", "2:13"), ("x = [\"]\", }", "2:11"),
    ])
    func `a brace where an element should begin never reaches the parser`(lines: String, place: String) {
        #expect(problems("version = 1\n" + lines) == ["p.toml:\(place): not TOML: a value is expected before }"])
    }

    @Test func `braces in strings, in comments and in empty tables are none of these`() throws {
        let text = """
            description = "[} ,} \\"=}"
            # [}
            [process]
            set_env = {} # = }
            [filesystem]
            read = ['/[}', "/,}"]
            """
        let policy = try resolve(["p": text], "p")
        #expect(policy.description == "[} ,} \"=}")
        #expect(policy.filesystem.read.map(\.text) == ["/[}", "/,}"])
    }

    @Test func `words of a file never command the terminal that they are shown on`() {
        let texts = [
            "\"\\u001b[2J\" = 1", "network.mode = \"\\u001b]0;x\\u0007\"", "filesystem.read = [\"\\u009b2J\"]",
            "extends = [\"\\u001b\"]", "secrets.deliver = { \"\\u001b\" = \"x\" }",
        ]
        for text in texts {
            let found = problems("version = 1\n" + text)
            #expect(!found.isEmpty, "\(text)")
            #expect(found.joined().unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F...0x9F).contains($0.value) })
        }
    }

    @Test func `a policy below two others does not undo what the first of them says`() throws {
        let bundled = PolicyResolver(BundledPolicies())
        #expect(try bundled.resolve(["strict", "make"]).filesystem.write.isEmpty)
        #expect(try bundled.resolve(["make", "strict"]).filesystem.write.isEmpty)
        #expect(try bundled.resolve(["host-network", "make"]).network == .host)
        #expect(try bundled.resolve(["make", "host-network"]).network == .host)
        let policy = try resolve(["p": "extends = [\"strict\", \"git\"]"], "p")
        #expect(policy.filesystem.write.isEmpty)
        #expect(policy.limits.processes == 64)
        #expect(policy.filesystem.read.contains { $0.text == "~/.config/git" })
    }

    @Test func `policies that extend two each, sixteen deep, are resolved at once`() throws {
        var texts = ["p0": ""]
        for number in 1..<16 { texts["p\(number)"] = "extends = [\"p\(number - 1)\", \"p\(number - 1)\", \"p0\"]" }
        let clock = ContinuousClock()
        let start = clock.now
        _ = try resolve(texts, "p15")
        #expect(clock.now - start < .seconds(5))
    }

    @Test func `more policies than anybody reads are refused`() {
        var texts: [String: String] = [:]
        for number in 0..<300 { texts["q\(number)"] = "version = 1" }
        let all = (0..<300).map { "\"q\($0)\"" }.joined(separator: ",")
        texts["p"] = "version = 1\nextends = [\(all)]"
        let found = TextSource(texts).problems("p")
        #expect(!found.isEmpty)
        #expect(found.allSatisfy { $0.hasSuffix(": more than 256 policies take part") }, "\(found.first ?? "")")
    }

    @Test(arguments: ["chmod", "@chown", "socket", "@file-system"])
    func `what is taken out of a group is refused by the filter`(item: String) throws {
        let policy = try resolve(["p": "extends = [\"default\"]\n[syscalls]\nallow = [\"-\(item)\"]"], "p")
        let filter = policy.systemCalls.filter()
        let before = try resolve([:], "default").systemCalls.filter()
        for call in SystemCallGroups.calls(of: item) ?? [item[...]] {
            guard let number = SystemCallFilter.number(of: String(call)) else { continue }
            #expect(before.rules[number] != nil, "\(call) was allowed")
            #expect(filter.rules[number] == nil, "\(call) is not any more")
        }
        #expect(policy.systemCalls.deny.map(\.origin.description) == ["p.toml:4:10"])
    }

    @Test func `what is taken away and in no group leaves nothing behind`() throws {
        let texts = [
            "a": "[syscalls]\nallow = [\"read\", \"ptrace\"]", "b": "[syscalls]\nallow = [\"-ptrace\", \"-@mount\"]",
        ]
        let policy = try resolve(texts, "a", "b")
        #expect(policy.systemCalls.allow.map(\.text) == ["read"])
        #expect(policy.systemCalls.deny.isEmpty)
    }

    @Test(arguments: ["file:A=B", "file:", "fd:1A", "fd:VAULT_SANDBOX_KEY", "file:A B", "env:A=B"])
    func `a delivery names a variable or none`(text: String) {
        let found = problems("version = 1\n[secrets]\ndeliver = { S = \"\(text)\" }")
        let name = text.split(separator: ":", omittingEmptySubsequences: false)[1]
        #expect(found == ["p.toml:3:1: \"deliver.S\": \"\(name)\" is not a name for a variable"])
    }

    @Test func `the launcher's own variables cannot be set`() {
        #expect(
            problems("version = 1\n[process]\nset_env = { VAULT_SANDBOX_X = \"\" }") == [
                "p.toml:3:1: \"set_env.VAULT_SANDBOX_X\": vault-sandbox's own variables never reach a program"
            ])
    }
}
