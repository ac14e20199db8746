public import Diagnostics
internal import SandboxPlan
internal import Interceptor
internal import WrittenFiles

/// The result of a run as `--json` prints it and as an assistant gets it.
public struct ResultRecord: Encodable {
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
    let redactionForms: [String: [String: Int]]
    let notRedacted: [String]
    let decoys: [String: Int]
    let writtenSecrets: [WrittenSecretRecord]
    let notScanned: [UnscannedRecord]
    let writtenOmitted: Int
    let writtenTraps: [String]
    let warnings: [FindingRecord]
    let warningsOmitted: Int
    let note: String?
    let error: ErrorRecord?

    /// What confined the program.
    struct Isolation: Encodable {
        let kind: String
        let landlock: Int32?
        let memory: String
        let processes: String
        let cpu: String
        let missing: [String]
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
        case redactionForms = "redaction_forms"
        case decoys
        case writtenSecrets = "written_secrets"
        case notScanned = "written_not_scanned"
        case writtenOmitted = "written_omitted"
        case writtenTraps = "written_traps"
        case warningsOmitted = "warnings_omitted"
        case note, error
    }

    /// Copies a result.
    ///
    /// - Parameters:
    ///   - error: What went wrong although the program started, such as the time limit.
    ///   - note: A sentence for whoever reads the result, or `nil`.
    public init(_ result: RunResult, error: ErrorReport? = nil, note: String? = nil) {
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
        isolation = Isolation(
            kind: result.isolation.kind.rawValue, landlock: result.isolation.landlock, memory: result.isolation.memory,
            processes: result.isolation.processes,
            cpu: result.isolation.cpu, missing: result.isolation.missing)
        redactions = result.redactions
        redactionForms = result.redactionForms
        notRedacted = result.notRedacted
        decoys = result.decoys
        writtenSecrets = result.written.shownSecrets.map(WrittenSecretRecord.init)
        notScanned = result.written.shownUnscanned.map(UnscannedRecord.init)
        writtenOmitted = result.omittedEntries
        writtenTraps = result.shownTraps
        let findings = result.warnings.findings
        warnings = findings.prefix(ShownBounds.entries).map(FindingRecord.init)
        warningsOmitted = findings.count - warnings.count
        self.error = error.map(ErrorRecord.init)
        self.note = note
    }

    /// A stream as text: bytes that are not UTF-8 become U+FFFD, and a line says what was left out.
    private static func text(_ stream: RunResult.CapturedStream?) -> String {
        guard let stream else { return "" }
        guard stream.missing > 0 else { return String(decoding: stream.start + stream.end, as: UTF8.self) }
        let line =
            "\n[\(stream.missing) bytes are left out here; write the output to a file and read parts of it]\n"
        return String(decoding: stream.start, as: UTF8.self) + line + String(decoding: stream.end, as: UTF8.self)
    }

    /// Writes every field, and those about trouble where there is some.
    public func encode(to encoder: any Encoder) throws {
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
        try container.encode(redactionForms, forKey: .redactionForms)
        try container.encode(decoys, forKey: .decoys)
        try container.encode(writtenSecrets, forKey: .writtenSecrets)
        if !notScanned.isEmpty { try container.encode(notScanned, forKey: .notScanned) }
        if writtenOmitted > 0 { try container.encode(writtenOmitted, forKey: .writtenOmitted) }
        try container.encode(writtenTraps, forKey: .writtenTraps)
        if !warnings.isEmpty { try container.encode(warnings, forKey: .warnings) }
        if warningsOmitted > 0 { try container.encode(warningsOmitted, forKey: .warningsOmitted) }
        try container.encodeIfPresent(note, forKey: .note)
        try container.encodeIfPresent(error, forKey: .error)
    }
}
