internal import Linux
internal import Policy
internal import Redaction
internal import WrittenFiles

extension Preparation {
    /// Looks for the run's secrets in what it wrote; where it had none, there is nothing to look for.
    internal borrowing func scanWritten(since clock: ChangeClock, matcher: Matcher, run: RunID) -> WrittenReport {
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
