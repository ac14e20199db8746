internal import ArgumentParser
internal import Diagnostics
internal import Linux
internal import Runner

/// The command line's way in: reads the arguments, carries the command out, and gives the exit status.
public enum EntryPoint {
    /// The status of every refusal and failure of vault-sandbox's own.
    private static let failed: Int32 = 125

    /// Carries out the command that the arguments name; they include the program's own name.
    public static func run(_ arguments: [[UInt8]]) -> Int32 {
        let words = arguments.dropFirst().map { String(decoding: $0, as: UTF8.self) }
        if words.first == "exec", let options = ExecLine.parse(words.dropFirst()) {
            return ExecRun.run(options, arguments: arguments)
        }
        return runParsed(words, arguments: arguments)
    }

    private static func runParsed(_ words: [String], arguments: [[UInt8]]) -> Int32 {
        do {
            let command = try RootCommand.parseAsRoot(words)
            switch command {
            case let command as ExecCommand: return ExecRun.run(command.options, arguments: arguments)
            case let command as any AnsweringCommand:
                // A limit on the size of files must be an error of the write, so that the vault keeps what it had.
                Signals.ignore(Signals.fileSize)
                return try command.answer()
            default: return explain(CleanExit.helpRequest(command), words: words)
            }
        } catch let error as any ReportableError {
            if error as? RunError == .interrupted { return 130 }
            Console.fail(error.report, json: words.contains("--json"))
            return failed
        } catch {
            return explain(error, words: words)
        }
    }

    /// Prints help and versions that were asked for, and says what is wrong with a line that cannot be parsed.
    private static func explain(_ error: any Error, words: [String]) -> Int32 {
        let message = RootCommand.fullMessage(for: error)
        if RootCommand.exitCode(for: error).isSuccess {
            Console.print(message)
            return 0
        }
        let lines = RootCommand.message(for: error).split(separator: "\n")
        let problem = lines.joined(separator: " ")
        Console.fail(
            ErrorReport(.argumentInvalid, problem, hint: nearestCommand(words) ?? "see `\(helpCommand(words))`"),
            json: words.prefix { $0 != "--" }.contains("--json"))
        return failed
    }

    /// The known subcommand that an unknown first word most likely meant.
    private static func nearestCommand(_ words: [String]) -> String? {
        let names = RootCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let word = words.first, !word.hasPrefix("-"), !names.contains(word) else { return nil }
        guard let nearest = nearestWord(to: word, in: names) else {
            return
                "the commands are \(names.joined(separator: ", ")); to run a program: vault-sandbox exec -- \(word) …"
        }
        return "did you mean `vault-sandbox \(nearest)`?"
    }

    private static func helpCommand(_ words: [String]) -> String {
        let names = RootCommand.configuration.subcommands.compactMap { $0.configuration.commandName }
        guard let word = words.first, names.contains(word) else { return "vault-sandbox --help" }
        return "vault-sandbox \(word) --help"
    }
}

/// A command that answers and gives an exit status.
internal protocol AnsweringCommand: ParsableCommand {
    /// Does the command's work and returns the exit status.
    func answer() throws -> Int32
}
