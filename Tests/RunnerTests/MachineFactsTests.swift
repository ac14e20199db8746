internal import Diagnostics
internal import Linux
internal import Policy
internal import Testing

@testable internal import Runner

/// Runs on machines that lack something.
struct MachineFactsTests {
    private static let whole = MachineFacts(landlock: 7, hasTimeNamespace: true, boundsProcesses: true)

    /// A policy whose section for the machine says this.
    private func policy(_ lines: String, limits: String = "") throws -> Policy {
        struct OneText: PolicySource {
            let bytes: [UInt8]
            var names: [String] { ["p"] }
            func text(of name: String) -> PolicyText? { PolicyText(source: "p.toml", bytes: bytes) }
        }
        let text = "version = 1\n[isolation]\n\(lines)\n[limits]\n\(limits)\n"
        return try PolicyResolver(OneText(bytes: Array(text.utf8))).resolve(["p"])
    }

    private func report(_ body: () throws(RunError) -> Void) -> ErrorReport? {
        do {
            try body()
            return nil
        } catch {
            return error.report
        }
    }

    @Test(arguments: ["", "require = [\"landlock>=7\", \"time-namespace\", \"processes\"]"])
    func `a machine that has everything is refused nothing`(lines: String) throws {
        let policy = try policy(lines)
        #expect(report { () throws(RunError) in try Self.whole.check(policy) } == nil)
    }

    @Test(arguments: [
        ("", "the run needs Landlock: this kernel has none, or it is switched off", true),
        ("degrade = [\"landlock\"]", nil, false),
        (
            "degrade = [\"landlock\"]\nrequire = [\"landlock>=3\"]",
            "p.toml:4:12: the run needs Landlock of version 3: this kernel has none, or it is switched off", false
        ),
    ])
    func `without Landlock a run is refused unless the policy goes without`(
        lines: String, message: String?, namesWay: Bool
    ) throws {
        var facts = Self.whole
        facts.landlock = nil
        let policy = try policy(lines)
        let refusal = report { () throws(RunError) in try facts.check(policy) }
        #expect(refusal?.message == message)
        #expect(refusal == nil || refusal?.code == .sandboxUnavailable)
        #expect((refusal?.hint?.contains("degrade = [\"landlock\"]") ?? false) == namesWay)
    }

    @Test func `an older Landlock is enough unless the policy asks for more`() throws {
        var facts = Self.whole
        facts.landlock = 2
        let (less, more) = (try policy(""), try policy("require = [\"landlock>=6\"]"))
        #expect(report { () throws(RunError) in try facts.check(less) } == nil)
        #expect(
            report { () throws(RunError) in try facts.check(more) }?.message
                == "p.toml:3:12: the run needs Landlock of version 6: this kernel has version 2")
    }

    @Test func `time namespaces and ceilings are needed where the policy says so`() throws {
        var facts = Self.whole
        facts.hasTimeNamespace = false
        facts.boundsProcesses = false
        let (usual, without) = (try policy(""), try policy("degrade = [\"time-namespace\"]"))
        let ceiling = try policy("degrade = [\"time-namespace\"]\nrequire = [\"processes\"]")
        #expect(report { () throws(RunError) in try facts.check(usual) }?.message.contains("a time namespace") == true)
        #expect(report { () throws(RunError) in try facts.check(without) } == nil)
        #expect(report { () throws(RunError) in try facts.check(ceiling) }?.message.contains("a ceiling") == true)
    }

    @Test func `control groups are needed where the policy says so and limits something`() throws {
        let need = "require = [\"cgroup.memory\", \"cgroup.cpu\"]"
        func refusal(_ policy: Policy, _ memory: ControlGroup.Version?, _ processor: ControlGroup.Version?) -> String? {
            report { () throws(RunError) in
                try MachineFacts.checkGroups(policy, memory: memory, processor: processor)
            }?.message
        }
        let (limited, unlimited) = (try policy(need, limits: "memory = \"1GiB\"\ncpu = \"9s\""), try policy(need))
        #expect(refusal(limited, .two, .two) == nil)
        #expect(refusal(unlimited, nil, nil) == nil)
        #expect(refusal(limited, nil, .two)?.contains("for its memory") == true)
        #expect(refusal(limited, .two, nil)?.contains("for its processor time") == true)
    }
}
