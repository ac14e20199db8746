internal import TestSupport
internal import Testing

/// Help of every command, as far as the help itself lists commands.
@Suite(.requires(.binary)) struct HelpTests {
    /// Every command with its help, the program itself first.
    private static func commands(
        below path: [String] = [], in home: borrowing TestHome
    ) throws -> [(path: [String], help: String)] {
        let outcome = try home.request(path + ["--help"]).run()
        try #require(outcome.exitStatus == 0, "\(path): \(outcome.errorText)")
        let lines = outcome.outputText.split(separator: "\n", omittingEmptySubsequences: false)
        let list = lines.drop { $0 != "SUBCOMMANDS:" }.dropFirst().prefix { $0.hasPrefix("  ") }
        var found = [(path, outcome.outputText)]
        for line in list where !line.hasPrefix("   ") {
            let name = String(line.dropFirst(2).prefix { $0 != " " })
            found += try commands(below: path + [name], in: home)
        }
        return found
    }

    @Test func `each way to ask for help shows the help of that command`() throws {
        let home = try TestHome()
        let commands = try Self.commands(in: home)
        #expect(commands.count >= 22, "\(commands.map(\.path))")
        for (path, help) in commands {
            let usage = "USAGE: " + (["vault-sandbox"] + path).joined(separator: " ")
            #expect(help.contains(usage + " ") || help.contains(usage + "\n"), "\(path): \(help)")
            for line in [path + ["-h"], ["help"] + path] {
                let outcome = try home.request(line).run()
                #expect(outcome.exitStatus == 0, "\(line): \(outcome.errorText)")
                #expect(outcome.outputText == help, "\(line)")
            }
        }
    }

    @Test func `help behind other options of exec is help, and behind the command it is the command's`() throws {
        let home = try TestHome()
        let help = try home.request(["exec", "--help"]).run().outputText
        #expect(help.contains("--secret-from"))
        #expect(try home.request(["exec", "--json", "--help"]).run().outputText == help)
        let command = try home.request(["exec", "--dry-run", "--", "sh", "--help"]).run()
        #expect(!command.outputText.contains("USAGE"), "\(command.outputText)")
    }

    @Test(arguments: ["--version", "-v"]) func `the version is one word`(option: String) throws {
        let home = try TestHome()
        let outcome = try home.request([option]).run()
        #expect(outcome.exitStatus == 0)
        #expect(outcome.outputText.split(separator: ".").count == 3, "\(outcome.outputText)")
    }
}
