public import Diagnostics
internal import WrittenFiles

extension RunResult {
    /// What went wrong with a run whose program started: a limit that ended it.
    ///
    /// - Parameter timeoutHint: How the caller raises the time limit.
    public func trouble(timeoutHint: String) -> ErrorReport? {
        if timedOut {
            return ErrorReport(
                .commandTimeout, "the command did not end within \(timeout.components.seconds) s", hint: timeoutHint)
        }
        if let exceededProcessorTime {
            return ErrorReport(
                .limitExceeded,
                "the run used more than \(exceededProcessorTime.components.seconds) s of processor time, and was ended",
                hint: "raise [limits] cpu in a policy of yours, or look at the command")
        }
        if endedByDecoy {
            return ErrorReport(
                .decoyTouched,
                "the command let \(decoys.keys.sorted().joined(separator: ", ")) out, which opens nothing",
                hint: "somebody collects what looks like a secret: look at the command and at what it depends on")
        }
        let left = written.secrets.filter { $0.action == .failed }
        if let first = left.first {
            let more = left.count - 1 + written.omittedFailures
            return ErrorReport(
                .redactionFailed,
                "\(ShownBounds.shown(first.path)) holds \(first.secret) and could not be moved away: \(first.reason ?? "unknown")"
                    + (more > 0 ? " (and \(more) more)" : ""),
                hint: "remove it yourself, or look at the command")
        }
        if let first = keptTraps.first {
            return ErrorReport(
                .redactionFailed,
                "the command made \(ShownBounds.shown(first.path)), which could not be moved away: \(first.reason)"
                    + (keptTraps.count > 1 ? " (and \(keptTraps.count - 1) more)" : ""),
                hint: "remove it yourself before you use git or an editor there")
        }
        return exceededMemory.map(ErrorReport.memoryExceeded)
    }
}

extension ErrorReport {
    /// The processes of a run had more memory than this many bytes.
    internal static func memoryExceeded(_ limit: UInt64) -> ErrorReport {
        ErrorReport(
            .limitExceeded, "the run needed more than \(limit >> 20) MiB of memory, and was ended for it",
            hint: "raise [limits] memory in a policy of yours, or look at the command")
    }
}
