internal import Linux
internal import Policy
internal import Redaction
internal import WrittenFiles

/// What a run left behind: secrets in files, and what other programs would carry out.
internal struct Aftermath {
    /// The files.
    var written = WrittenReport()
    /// What was made where other programs carry out what they find, redacted, sorted.
    var traps: [String] = []
    /// What of it should have been moved away and is still there, and why.
    var keptTraps: [RunResult.KeptTrap] = []
}

extension Preparation {
    /// Looks at what the run left, and moves it away where the policy says so.
    internal borrowing func lookBehind(since clock: ChangeClock, matcher: Matcher, run: RunID) -> Aftermath {
        // Before the look at files, which may move one of them.
        let traps = traps.written(in: workDirectory)
        var aftermath = Aftermath()
        // The program chose the names.
        aftermath.traps = traps.map { String(decoding: matcher.redact(Array($0.utf8).span), as: UTF8.self) }
        aftermath.written = scanWritten(since: clock, matcher: matcher, run: run)
        guard policy.redaction.writtenFiles == .block, !traps.isEmpty else { return aftermath }
        let journal = try? RunJournal(in: places.data, run: "\(run)")
        let quarantine = Quarantine(in: places.data, run: "\(run)")
        for (index, trap) in traps.enumerated() {
            let path = trap.hasPrefix("/") ? trap : workDirectory + "/" + trap
            let redacted = String(decoding: matcher.redact(Array(path.utf8).span), as: UTF8.self)
            if let reason = quarantine.takeTrap(path, redacted: redacted, number: index + 1) {
                aftermath.keptTraps.append(RunResult.KeptTrap(path: aftermath.traps[index], reason: reason))
            }
        }
        _ = consume journal
        return aftermath
    }

    /// Looks for the run's secrets in what it wrote; where it had none, there is nothing to look for.
    private borrowing func scanWritten(since clock: ChangeClock, matcher: Matcher, run: RunID) -> WrittenReport {
        guard policy.redaction.writtenFiles != .off, matcher.patternCount > 0 else { return WrittenReport() }
        var trees: [String] = []
        let written =
            policy.filesystem.write.map { rule in
                rule.expanded(home: places.home, workDirectory: workDirectory, runtimeDirectory: places.runtime)
            } + request.writes
        for path in written {
            guard let tree = try? Files.canonicalPath(path), !trees.contains(tree) else { continue }
            trees.append(tree)
        }
        // Without one, what a kill leaves here stays; what holds a secret is moved all the same.
        let journal = policy.redaction.writtenFiles == .block ? try? RunJournal(in: places.data, run: "\(run)") : nil
        let report = WrittenScan.scan(
            trees: trees, excluding: places.hidden, since: clock, matcher: matcher, workDirectory: workDirectory,
            quarantine: policy.redaction.writtenFiles == .block ? Quarantine(in: places.data, run: "\(run)") : nil)
        _ = consume journal
        return report
    }
}

extension RunResult {
    /// Tells decoys from secrets.
    internal mutating func countDecoys(_ names: [String], endsRun: Bool) {
        for name in names {
            let files = Set(written.secrets.filter { $0.secret == name }.map(\.path)).count
            let count = (redactions[name] ?? 0) + files
            if count > 0 { decoys[name] = count }
        }
        endedByDecoy = endsRun && !decoys.isEmpty
    }
}
