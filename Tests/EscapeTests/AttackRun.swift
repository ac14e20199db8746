internal import FoundationEssentials
internal import Linux
internal import TestSupport
internal import Testing

/// What came of a class's attacks.
struct AttackOutcomes: Sendable {
    /// How each attack ended outside, or its twin inside.
    var controls: [String: String] = [:]
    /// How each attack ended inside.
    var inside: [String: String] = [:]
    /// What the harness itself had to say.
    var complaint = ""
}

/// Carries attacks out by `Harness/host.py`.
enum AttackRun {
    /// What the names of this suite's things on the host hold, so that two suites that run at once do not meet.
    static let name = String(UInt64.random(in: 1 << 60 ... .max), radix: 16)

    private struct Plan: Encodable {
        let binary: String
        let folder: String
        let controls: Bool
        let attacks: [Entry]
    }

    private struct Entry: Encodable {
        let id, payload, script, setup, control, check, cleanup: String
        let alone: Bool
        let arguments: [String]

        init(_ attack: Attack) {
            id = attack.name
            payload = attack.payload.replacing(Attack.runMark, with: AttackRun.name)
            script = attack.script.replacing(Attack.runMark, with: AttackRun.name)
            setup = attack.setup.replacing(Attack.runMark, with: AttackRun.name)
            control = attack.control.replacing(Attack.runMark, with: AttackRun.name)
            check = attack.check.replacing(Attack.runMark, with: AttackRun.name)
            cleanup = attack.cleanup.replacing(Attack.runMark, with: AttackRun.name)
            alone = attack.isAlone
            arguments = attack.arguments
        }
    }

    /// Carries attacks out as a user, root where it is `nil`.
    ///
    /// - Parameters:
    ///   - controls: Whether each one is tried outside too.
    ///   - variables: What the launches find in their environment beside the usual.
    static func outcomes(
        of attacks: [Attack], user: UInt32? = nil, controls: Bool = true, variables: [String: String] = [:]
    ) throws -> AttackOutcomes {
        let home = try TestHome(user: user)
        var request = try home.request([])
        let plan = Plan(
            binary: request.program, folder: home.directory.path, controls: controls, attacks: attacks.map(Entry.init))
        for name in ["host.py", "inside.py"] {
            try home.directory.write(
                try SourceTree.file("Tests/EscapeTests/Harness/\(name)").text, to: name, mode: 0o644)
        }
        request.input = Array(try JSONEncoder().encode(plan))
        request.program = "/usr/bin/python3"
        request.arguments = [home.path("host.py")]
        request.environment.merge(variables) { $1 }
        request.timeLimit = .seconds(120)
        let outcome = try request.run()
        var outcomes = AttackOutcomes()
        for line in outcome.outputText.split(separator: "\n") {
            let fields = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
            guard fields.count == 3 else { continue }
            if fields[0] == "control" {
                outcomes.controls[fields[1]] = fields[2]
            } else {
                outcomes.inside[fields[1]] = fields[2]
            }
        }
        outcomes.complaint = outcome.errorText
        return outcomes
    }
}

/// The run of each class, made once, when its first attack is asked for.
actor AttackRuns {
    static let shared = AttackRuns()
    private var runs: [AttackClass: Task<AttackOutcomes, any Error>] = [:]

    /// What came of a class's attacks.
    func outcomes(of attackClass: AttackClass) async throws -> AttackOutcomes {
        if let run = runs[attackClass] { return try await run.value }
        let run = Task.detached { try AttackRun.outcomes(of: attackClass.attacks) }
        runs[attackClass] = run
        return try await run.value
    }
}
