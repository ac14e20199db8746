import ArgumentParser
import Testing

@testable import Commands

/// The short path of `exec` reads a line as the argument parser does, or leaves it alone.
struct ExecLineTests {
    /// What the argument parser makes of a line; `nil` where it refuses it or shows something else.
    private func slow(_ line: [String]) -> ExecOptions? {
        (try? RootCommand.parseAsRoot(["exec"] + line) as? ExecCommand)?.options
    }

    /// The lines that the short path takes and reads otherwise than the argument parser.
    ///
    /// The one known difference is none of reading: the parser refuses a command with a word that begins with `-=`.
    private func differences(_ lines: [[String]]) -> [[String]] {
        lines.filter { line in
            guard let fast = ExecLine.parse(line) else { return false }
            let slow = slow(line)
            let isRefused = slow == nil && line.suffix(fast.commandCount).contains { $0.hasPrefix("-=") }
            return fast != slow && !isRefused
        }
    }

    @Test func `a command with a word that the argument parser cannot split runs all the same`() {
        #expect(slow(["a", "-="]) == nil)
        #expect(ExecLine.parse(["a", "-="])?.commandCount == 2)
    }

    @Test func `every option, value and command is read as the argument parser reads it, or left to it`() {
        let lines = ExecLineCorpus.lines
        #expect(lines.count > 1500)
        #expect(differences(lines) == [])
    }

    @Test(arguments: [UInt64(1), 2, 3])
    func `words in any order are read as the argument parser reads them, or left to it`(seed: UInt64) {
        #expect(differences(ExecLineCorpus.randomLines(count: 400, seed: seed)) == [])
    }

    @Test(arguments: [UInt64(4), 5])
    func `a plain line takes the short path and is read alike`(seed: UInt64) {
        let lines = ExecLineCorpus.plainLines(count: 150, seed: seed)
        #expect(lines.filter { ExecLine.parse($0) == nil } == [])
        #expect(differences(lines) == [])
    }

    @Test func `a line with everything gives every field`() {
        let line = [
            "--policy", "p", "--policy=q", "--read", "r", "--write=w", "--app", "a", "--secret=S", "--secret", "T",
            "--no-secrets", "--secret-from", "N=env:V", "--work-dir=/d", "--timeout", "5m", "--env=A=b=c", "--json",
            "--dry-run", "--allow-empty", "--quiet", "--tty", "--no-tty", "--key-file", "k", "--passphrase-fd=3", "--",
            "sh", "-c", "--app",
        ]
        var wanted = ExecOptions()
        wanted.policies = ["p", "q"]
        wanted.reads = ["r"]
        wanted.writes = ["w"]
        wanted.app = "a"
        wanted.secrets = ["S", "T"]
        wanted.noSecrets = true
        wanted.origins = ["N=env:V"]
        wanted.workDirectory = "/d"
        wanted.timeout = "5m"
        wanted.variables = ["A=b=c"]
        wanted.json = true
        wanted.dryRun = true
        wanted.allowEmpty = true
        wanted.quiet = true
        wanted.tty = true
        wanted.noTTY = true
        wanted.keyFile = "k"
        wanted.passphraseDescriptor = "3"
        wanted.commandCount = 3
        #expect(ExecLine.parse(line) == wanted)
        #expect(slow(line) == wanted)
    }

    @Test(arguments: [
        [], ["--"], ["--json"], ["--app"], ["--app", "a"], ["--app=", "x"], ["--app", "", "x"], ["--app", "-a", "x"],
        ["--app", "--", "x"], ["--app", "a", "--app", "b", "x"], ["--json", "--json", "x"], ["--json=true", "x"],
        ["--polict", "p", "x"], ["-x"], ["-h"], ["--help"], ["-"],
    ])
    func `what is not plain is left to the argument parser`(line: [String]) {
        #expect(ExecLine.parse(line) == nil)
    }

    @Test func `a slice that does not start at zero is read alike`() {
        let arguments = ["vault-sandbox", "exec", "--json", "true"]
        #expect(ExecLine.parse(arguments[2...]) == ExecLine.parse(["--json", "true"]))
        #expect(ExecLine.parse(arguments[2...])?.commandCount == 1)
    }

    @Test func `a mistyped option is refused with the nearest one`() {
        let error = #expect(throws: (any Error).self) { try RootCommand.parseAsRoot(["exec", "--jsonn", "true"]) }
        let message = error.map { RootCommand.message(for: $0) }
        #expect(message?.contains("unknown option --jsonn; did you mean --json?") == true)
    }
}
