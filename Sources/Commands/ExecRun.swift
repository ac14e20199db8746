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
            if options.dryRun {
                Console.print(try DryRun.describe(request, beginning: beginning))
                return 0
            }
            let result = try Runner.run(request, beginning: beginning, output: options.json ? .captured : .streamed)
            if options.json {
                Console.print(json: ResultRecord(result))
            } else {
                if !options.quiet { warn(of: result) }
                if result.timedOut { Console.fail(timeoutReport(result), json: false) }
            }
            return result.exitStatus
        } catch {
            if error == .interrupted { return 130 }
            let report = error.report
            Console.fail(report, json: options.json)
            return status(for: report.code)
        }
    }

    /// What a person is told when the run left something that other programs may carry out.
    /// Says what a person should look at, and what was let through.
    private static func warn(of result: RunResult) {
        if !result.writtenTraps.isEmpty { Console.note(trapWarning(result.writtenTraps)) }
        if let warning = result.warnings.warning { Console.note("vault-sandbox: warning: \(warning)") }
    }

    private static func trapWarning(_ paths: [String]) -> String {
        "vault-sandbox: warning: the command made \(printable(paths.joined(separator: ", "))); look at it "
            + "before you use git or an editor there: they may carry out what it says"
    }

    /// What a person is told when the time limit ended the run.
    static func timeoutReport(_ result: RunResult) -> ErrorReport {
        ErrorReport(
            .commandTimeout, "the command did not end within \(result.timeout.components.seconds) s",
            hint: "raise the limit with --timeout, or look at the command")
    }

    private static func status(for code: ErrorCode) -> Int32 {
        switch code {
        case .commandNotFound: 127
        case .commandNotExecutable: 126
        default: 125
        }
    }
}

/// The result of a run as `--json` prints it.
internal struct ResultRecord: Encodable {
    let exitCode: Int32
    let stdout: String
    let stderr: String
    let secretsInjected: [String]
    let timedOut: Bool
    let runID: String
    let durationMilliseconds: UInt64
    let signal: Int32?
    let truncated: Bool
    let policy: String
    let isolation: Isolation
    let redactions: [String: Int]
    let notRedacted: [String]
    let writtenTraps: [String]
    let warnings: [FindingRecord]
    let error: ErrorRecord?

    /// What confined the program.
    struct Isolation: Encodable {
        let kind = "namespaces"
        let memory: String
        let processes: String
    }

    private enum CodingKeys: String, CodingKey {
        case exitCode = "exit_code"
        case stdout, stderr
        case secretsInjected = "secrets_injected"
        case timedOut = "timed_out"
        case runID = "run_id"
        case durationMilliseconds = "duration_ms"
        case signal, truncated, policy, isolation, redactions, warnings
        case notRedacted = "not_redacted"
        case writtenTraps = "written_traps"
        case error
    }

    /// Copies a result.
    init(_ result: RunResult) {
        exitCode = result.exitStatus
        stdout = Self.text(result.captured?.output)
        stderr = Self.text(result.captured?.error)
        secretsInjected = result.secretsInjected
        timedOut = result.timedOut
        runID = result.runID.description
        durationMilliseconds = result.milliseconds
        signal = result.signal
        truncated = (result.captured?.output.missing ?? 0) + (result.captured?.error.missing ?? 0) > 0
        policy = result.policy
        isolation = Isolation(memory: result.isolation.memory, processes: result.isolation.processes)
        redactions = result.redactions
        notRedacted = result.notRedacted
        writtenTraps = result.writtenTraps
        warnings = result.warnings.findings.map(FindingRecord.init)
        error = result.timedOut ? ErrorRecord(ExecRun.timeoutReport(result)) : nil
    }

    /// A stream as text: bytes that are not UTF-8 become U+FFFD, and a line says what was left out.
    private static func text(_ stream: RunResult.CapturedStream?) -> String {
        guard let stream else { return "" }
        guard stream.missing > 0 else { return String(decoding: stream.start + stream.end, as: UTF8.self) }
        let line =
            "\n[\(stream.missing) bytes are left out here; write the output to a file and read parts of it]\n"
        return String(decoding: stream.start, as: UTF8.self) + line + String(decoding: stream.end, as: UTF8.self)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(exitCode, forKey: .exitCode)
        try container.encode(stdout, forKey: .stdout)
        try container.encode(stderr, forKey: .stderr)
        try container.encode(secretsInjected, forKey: .secretsInjected)
        try container.encode(timedOut, forKey: .timedOut)
        try container.encode(runID, forKey: .runID)
        try container.encode(durationMilliseconds, forKey: .durationMilliseconds)
        // Present even where there is none: readers need not tell a missing field from an old version.
        try container.encode(signal, forKey: .signal)
        try container.encode(truncated, forKey: .truncated)
        try container.encode(policy, forKey: .policy)
        try container.encode(isolation, forKey: .isolation)
        try container.encode(redactions, forKey: .redactions)
        try container.encode(notRedacted, forKey: .notRedacted)
        try container.encode(writtenTraps, forKey: .writtenTraps)
        if !warnings.isEmpty { try container.encode(warnings, forKey: .warnings) }
        try container.encodeIfPresent(error, forKey: .error)
    }
}
