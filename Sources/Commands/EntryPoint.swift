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
        // The runtime reads them from /proc, and leaves them out where it cannot open that; the kernel always gives a name.
        guard !arguments.isEmpty else {
            let report = ErrorReport(
                .internalError, "this process's arguments cannot be read from /proc/self/cmdline",
                hint: "raise the limit on open files (ulimit -n), or mount /proc")
            Console.fail(report, json: false)
            return failed
        }
        var words = arguments.dropFirst().map { String(decoding: $0, as: UTF8.self) }
        if words == ["-v"] { words = ["--version"] }
        do throws(SystemCallError) {
            try protectMemory()
            ProcessAttributes.keepOwnersRights()
        } catch {
            let report = ErrorReport(
                .internalError, "this process's memory cannot be kept from others: \(error)",
                hint: "nothing was read; run `vault-sandbox doctor`")
            Console.fail(report, json: wantsJSON(words))
            return failed
        }
        if words.first == "exec", let options = ExecLine.parse(words.dropFirst()) {
            return ExecRun.run(options, arguments: arguments)
        }
        return runParsed(words, arguments: arguments)
    }

    /// Before a key or a value is read: no other process of the same user may read this one's memory, environment or
    /// descriptors, and no dump of it is written.
    private static func protectMemory() throws(SystemCallError) {
        try ProcessAttributes.makeUndumpable()
        // 1 and not 0: with 0 the kernel still pipes a core to the host's handler (core(5)).
        try ResourceLimit(.core, hard: 1).apply()
    }

    private static func runParsed(_ words: [String], arguments: [[UInt8]]) -> Int32 {
        do {
            var command = try RootCommand.parseAsRoot(words)
            switch command {
            case let command as ExecCommand: return ExecRun.run(command.options, arguments: arguments)
            case let command as any AnsweringCommand:
                // A limit on the size of files must be an error of the write, so that the vault keeps what it had.
                Signals.ignore(Signals.fileSize)
                return try command.answer()
            default:
                // What has no answer throws its help: a group of commands its own, `help` that of the command it names.
                try command.run()
                return 0
            }
        } catch let error as any ReportableError {
            if error as? RunError == .interrupted { return 130 }
            Console.fail(error.report, json: wantsJSON(words))
            return failed
        } catch {
            return explain(error, words: words)
        }
    }

    /// Prints help and versions that were asked for, and says what is wrong with a line that cannot be parsed.
    private static func explain(_ error: any Error, words: [String]) -> Int32 {
        if RootCommand.exitCode(for: error).isSuccess {
            Console.print(RootCommand.fullMessage(for: error))
            return 0
        }
        Console.fail(LineProblem(RootCommand.message(for: error), in: words).report, json: wantsJSON(words))
        return failed
    }

    /// Whether errors go out as JSON, as far as a line tells that may not have been parsed.
    private static func wantsJSON(_ words: [String]) -> Bool { words.prefix { $0 != "--" }.contains("--json") }
}

/// A command that answers and gives an exit status.
internal protocol AnsweringCommand: ParsableCommand {
    /// Does the command's work and returns the exit status.
    func answer() throws -> Int32
}
