import Sandbox
import SandboxPlan
import Testing

@testable import Policy
@testable import Runner

/// The variables that a program finds.
struct ProgramEnvironmentTests {
    static let origin = Policy.Origin(source: "p", line: 1, column: 1)

    /// A policy that passes these patterns and sets these variables.
    private func policy(pass: [String] = [], set: [String: String] = [:], path: [String] = []) -> Policy {
        var policy = Policy(name: "p")
        policy.process.passEnvironment = pass.map { Policy.Item(text: $0, isOptional: false, origin: Self.origin) }
        policy.process.path = path.map { Policy.Item(text: $0, isOptional: false, origin: Self.origin) }
        policy.process.setEnvironment = set.sorted { $0.key < $1.key }.map {
            Policy.Process.Variable(name: $0.key, value: $0.value, origin: Self.origin)
        }
        return policy
    }

    private func make(
        _ policy: Policy, _ variables: [RunRequest.Variable] = [], taken: Set<String> = [], caller: [String] = []
    ) throws(RunError) -> ProgramEnvironment {
        let places = Places(home: "/home/u", user: "u", data: "/d", policies: "/p", runtime: nil)
        return try ProgramEnvironment(
            policy: policy, variables: variables, taken: taken,
            scene: .init(
                view: RootView(RootPlan(steps: [])), places: places, workDirectory: "/w", home: "/home/u",
                temporary: "/tmp",
                caller: caller.map { Array($0.utf8) }))
    }

    private func texts(_ environment: ProgramEnvironment) -> [String] {
        environment.entries.map { String(decoding: $0, as: UTF8.self) }
    }

    static let systemPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

    @Test func `of the caller's variables only those that the policy names pass`() throws {
        let caller = [
            "A=1", "LC_ALL=C", "LC=2", "SECRET=x", "HOME=/evil", "A=again", "broken", "TMPDIR=/x", "PATH=/nowhere",
        ]
        let environment = try make(policy(pass: ["A", "LC_*", "TMPDIR"]), caller: caller)
        #expect(
            texts(environment) == [
                "A=1", "HOME=/home/u", "LC_ALL=C", "LOGNAME=u", "PATH=" + Self.systemPath, "TMPDIR=/tmp", "USER=u",
            ])
    }

    @Test func `the policy's folders come first in PATH, and what the sandbox does not show is left out`() throws {
        let environment = try make(policy(path: ["$WORK_DIR/bin", "/usr/bin"]), caller: ["PATH=/hidden:relative:"])
        #expect(
            environment.searchPath == [
                "/w/bin", "/usr/bin", "/usr/local/sbin", "/usr/local/bin", "/usr/sbin", "/sbin", "/bin",
            ])
    }

    @Test func `what was asked for wins over what the policy sets, and that over what it passes`() throws {
        let environment = try make(
            policy(pass: ["A", "B", "C"], set: ["A": "set", "B": "set"]),
            [.init(name: "A", value: Array("asked".utf8)), .init(name: "D", value: nil), .init(name: "E", value: nil)],
            caller: ["A=1", "B=1", "C=1", "D=passed"])
        let texts = texts(environment)
        #expect(texts.prefix(4) == ["A=asked", "B=set", "C=1", "D=passed"])
        #expect(!texts.contains { $0.hasPrefix("E=") })
    }

    @Test(arguments: ["VAULT_SANDBOX_KEY_FILE", "VAULT_SANDBOX_HOME", "VAULT_SANDBOX_"])
    func `the launcher's own variables never pass, whoever lets them`(name: String) throws {
        let caller = [name + "=/key"]
        for pass in [[name], ["VAULT*"], ["*"]] {
            #expect(try !texts(make(policy(pass: pass), caller: caller)).contains { $0.hasPrefix("VAULT") })
        }
        #expect(try !texts(make(policy(set: [name: "x"]))).contains { $0.hasPrefix("VAULT") })
        #expect(throws: RunError.self) { try make(policy(), [.init(name: name, value: nil)], caller: caller) }
        #expect(throws: RunError.self) { try make(policy(), [.init(name: name, value: [1])], caller: caller) }
    }

    @Test func `a variable with a secret's name is refused where it was set, and dropped where it would pass`() throws {
        #expect(throws: RunError.self) { try make(policy(set: ["S": "x"]), taken: ["S"]) }
        #expect(throws: RunError.self) { try make(policy(), [.init(name: "S", value: [1])], taken: ["S"]) }
        #expect(throws: RunError.self) { try make(policy(), [.init(name: "S", value: nil)], taken: ["S"]) }
        let passed = try make(policy(pass: ["S", "T"]), taken: ["S"], caller: ["S=old", "T=1"])
        #expect(!texts(passed).contains { $0.hasPrefix("S=") })
        #expect(texts(passed).contains("T=1"))
    }

    @Test(arguments: ["", "1A", "A B", "A-B", "É", "A=", "a\u{0}b"])
    func `a name that is none is refused`(name: String) {
        #expect(throws: RunError.self) { try make(policy(), [.init(name: name, value: [0x78])]) }
    }

    @Test func `a value may be any bytes but NUL`() throws {
        let environment = try make(policy(), [.init(name: "A_1", value: [0xFF, 0x3D, 0x0A])])
        #expect(environment.entries.first == Array("A_1=".utf8) + [0xFF, 0x3D, 0x0A])
        #expect(throws: RunError.self) { try make(policy(), [.init(name: "A", value: [1, 0])]) }
    }
}
