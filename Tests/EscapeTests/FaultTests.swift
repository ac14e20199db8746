internal import Linux
internal import TestSupport
internal import Testing

/// Launches that are killed, stopped, starved and disturbed: nothing is left of one, and each failure has its code.
///
/// What is tried stands in `Harness/faults.py`; `make faults` tries a thousand of each kind. The tests take their turns,
/// since each looks at every process and control group of the machine.
@Suite(.serialized, .requires(.binary, .root, .userNamespaces, .command("python3"))) struct FaultTests {
    /// How a launch is disturbed, and how often where nothing else is asked for.
    static let kinds = [
        ("kills", 60), ("continued", 20), ("descriptors", 38), ("memory", 40), ("full", 3), ("filled", 12),
        ("storms", 5),
    ]

    @Test(arguments: kinds) func `a launch that is disturbed leaves nothing and says why it failed`(
        kind: String, runs: Int
    ) throws {
        let home = try TestHome()
        try home.directory.write(try SourceTree.file("Tests/EscapeTests/Harness/faults.py").text, to: "faults.py")
        try home.directory.makeDirectory("place")
        let asked = environmentVariable("VAULT_SANDBOX_FAULTS").flatMap { Int($0) } ?? runs
        let seed = UInt32.random(in: 1...1_000_000)
        var request = try home.request([])
        request.arguments = [
            home.path("faults.py"), request.program, home.path("place"), "\(asked)", "\(seed)", kind,
        ]
        request.program = "/usr/bin/python3"
        request.timeLimit = .seconds(60 + 10 * asked)
        let outcome = try request.run()
        #expect(outcome.status == .exited(0), "seed \(seed): \(outcome.outputText) \(outcome.errorText)")
    }
}
