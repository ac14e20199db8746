internal import SandboxPlan
internal import Diagnostics
internal import Interceptor
internal import Linux
internal import Runner

/// Carries `exec` out and says how this process ends.
internal enum ExecRun {
    /// Runs the command of a line; returns the exit status of `exec`.
    static func run(_ options: ExecOptions, arguments: [[UInt8]]) -> Int32 {
        do throws(RunError) {
            let beginning = try Runner.Beginning()
            let request = try options.request(arguments: arguments)
            let output = try options.output { Runner.Beginning.areTerminals }
            if options.dryRun {
                Console.print(try DryRun.describe(request, beginning: beginning))
                return 0
            }
            let result = try Runner.run(request, beginning: beginning, output: output)
            if options.json {
                Console.print(
                    json: ResultRecord(
                        result, error: trouble(result),
                        note: note(result)))
            } else {
                if !options.quiet { warn(of: result) }
                if let trouble = trouble(result) { Console.fail(trouble, json: false) }
            }
            return result.exitStatus
        } catch {
            if error == .interrupted { return 130 }
            let report = error.report
            Console.fail(report, json: options.json)
            return status(for: report.code)
        }
    }

    /// Says what a person should look at, and what was let through.
    private static func warn(of result: RunResult) {
        if result.isolation.kind == .landlock {
            Console.note(
                "vault-sandbox: note: weaker isolation, without \(result.isolation.missing.joined(separator: ", ")); "
                    + "see vault-sandbox-security(7)")
        } else {
            for layer in result.isolation.missing {
                Console.note("vault-sandbox: note: the run went without \(layer), which this machine lacks")
            }
        }
        for line in result.writtenNotes { Console.note("vault-sandbox: note: \(printable(line))") }
        if !result.writtenTraps.isEmpty { Console.note(trapWarning(result)) }
        if let folder = result.leftFolder { Console.note("vault-sandbox: warning: \(printable(folder))") }
        if let warning = result.warnings.warning { Console.note("vault-sandbox: warning: \(warning)") }
    }

    /// What a person is told when the run left something that other programs may carry out.
    private static func trapWarning(_ result: RunResult) -> String {
        let made =
            "vault-sandbox: warning: the command made or changed \(printable(result.trapNames))"
        return switch result.fateOfTraps {
        case .moved: made + ", which git or an editor may carry out; it was moved away: `vault-sandbox quarantine list`"
        case .someMoved:
            made
                + ", which git or an editor may carry out; what could not be moved away is still there, and the rest is in "
                + "`vault-sandbox quarantine list`"
        case .kept: made + "; look at it before you use git or an editor there: they may carry out what it says"
        }
    }

    /// What a person is told when a limit ended the run.
    private static func trouble(_ result: RunResult) -> ErrorReport? {
        result.trouble(timeoutHint: "raise the limit with --timeout, or look at the command")
    }

    /// What a reader of the result is told beside its fields: that something is left, and where the missing network may be
    /// why the program failed.
    private static func note(_ result: RunResult) -> String? {
        let notes = [result.leftFolder, result.isFailureOffline ? offlineNote(result) : nil].compactMap { $0 }
        return notes.isEmpty ? nil : notes.joined(separator: "\n")
    }

    private static func offlineNote(_ result: RunResult) -> String {
        "the network is off in this run, by the policy \(result.policy); where the command needs it, name a policy that "
            + "has it with --policy: `vault-sandbox policy list`"
    }

    private static func status(for code: ErrorCode) -> Int32 {
        switch code {
        case .commandNotFound: 127
        case .commandNotExecutable: 126
        default: 125
        }
    }
}
