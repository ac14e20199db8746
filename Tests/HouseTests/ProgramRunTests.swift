import TestSupport
import Testing

/// The helper that runs programs: what it says of them must be true, or no test that uses it means anything.
struct ProgramRunTests {
    private func shell(_ script: String, adjust: (inout ProgramRun) -> Void = { _ in }) throws -> ProgramRun.Outcome {
        var request = ProgramRun("/bin/sh", ["-c", script])
        adjust(&request)
        return try request.run()
    }

    @Test func `streams and status are kept apart`() throws {
        let outcome = try shell("echo out; echo err >&2; exit 7")
        #expect(outcome.outputText == "out\n")
        #expect(outcome.errorText == "err\n")
        #expect(outcome.exitStatus == 7)
        #expect(!outcome.timedOut)
    }

    @Test func `a signal is told as such`() throws {
        let outcome = try shell("kill -TERM $$")
        #expect(outcome.exitStatus == 143)
    }

    @Test(arguments: [0, 1, 65536, 1 << 20])
    func `input of any size comes back through a program that copies it`(count: Int) throws {
        let input = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 31) }
        let outcome = try shell("cat") { $0.input = input }
        #expect(outcome.output == input)
    }

    @Test func `a program that reads no input does not hold the run up`() throws {
        #expect(try shell("exit 3") { $0.input = [UInt8](repeating: 1, count: 1 << 20) }.exitStatus == 3)
    }

    @Test func `a program beyond its time is killed, with what it started`() throws {
        let clock = ContinuousClock()
        let start = clock.now
        let outcome = try shell("echo started; sleep 60 & sleep 60") { $0.timeLimit = .milliseconds(200) }
        #expect(outcome.timedOut)
        #expect(outcome.exitStatus == 137)
        #expect(outcome.outputText == "started\n")
        #expect(clock.now - start < .seconds(30))
    }

    @Test func `folder and environment are those of the request`() throws {
        let folder = try TemporaryDirectory()
        let outcome = try shell("pwd; echo $A; env") {
            $0.directory = folder.path
            $0.environment = ["A": "b c"]
        }
        #expect(outcome.outputText.hasPrefix("\(folder.path)\nb c\n"))
        #expect(!outcome.outputText.contains("HOME="))
    }

    @Test(.requires(.root))
    func `a run as an ordinary user has that user's id, no groups and no capabilities`() throws {
        let outcome = try shell("id -u; id -G; grep -E 'Cap(Inh|Prm|Eff)' /proc/self/status") {
            $0.user = TestHome.ordinaryUser
        }
        let lines = outcome.outputText.split(separator: "\n")
        try #require(lines.count == 5)
        #expect(lines[0] == "\(TestHome.ordinaryUser)")
        #expect(lines[1] == "\(TestHome.ordinaryUser)")
        for line in lines.dropFirst(2) { #expect(line.hasSuffix("\t0000000000000000"), "\(line)") }
    }

    @Test func `a temporary folder is gone with its owner, links are not followed`() throws {
        let outside = try TemporaryDirectory()
        try outside.write("kept", to: "file")
        let path = try makeAndDrop(linkTo: outside.path)
        #expect(try shell("test -e \(path)").exitStatus == 1)
        #expect(try outside.text(of: "file") == "kept")
    }

    private func makeAndDrop(linkTo target: String) throws -> String {
        let folder = try TemporaryDirectory()
        try folder.makeDirectory("a/b")
        try folder.write("x", to: "a/b/c")
        #expect(try shell("ln -s \(target) \(folder.path)/a/link").exitStatus == 0)
        return folder.path
    }

    @Test func `a missing program is an error, not an outcome`() {
        #expect(throws: ProgramRun.Failure.self) { try ProgramRun("/nonexistent", []).run() }
    }
}
