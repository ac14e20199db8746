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
    internal borrowing func lookBehind(
        _ trees: [WrittenTree], since clock: ChangeClock, _ watch: ChangeWatch?, matcher: Matcher, run: RunID,
        end: LookEnd
    ) -> Aftermath {
        // Before the look at files, which may move one of them.
        let (traps, isCut) = traps.look(since: clock)
        var aftermath = Aftermath()
        // The program chose the names.
        aftermath.traps = shown(traps.map(\.place), matcher: matcher)
        aftermath.written = scanWritten(trees, since: clock, watch, matcher: matcher, run: run, end: end)
        for tree in self.traps.written where !tree.isInPlace {
            aftermath.written.miss(
                shown([tree.path], matcher: matcher)[0],
                "it was moved meanwhile: what is told of it lies where it is now")
        }
        if isCut {
            aftermath.written.miss(".", "too many folders: repositories that were made in some are not told")
        }
        guard policy.redaction.writtenFiles == .block, !traps.isEmpty else { return aftermath }
        let journal = try? RunJournal(in: places.data, run: "\(run)")
        let quarantine = Quarantine(in: places.data, run: "\(run)")
        for (index, trap) in traps.enumerated() {
            let redacted = matcher.redacted(trap.place)
            if let reason = quarantine.takeTrap(in: trap.tree, trap.path, redacted: redacted, number: index + 1) {
                aftermath.keptTraps.append(RunResult.KeptTrap(path: aftermath.traps[index], reason: reason))
            }
        }
        _ = consume journal
        return aftermath
    }

    /// The trees whose files are looked at when everything inside has ended; none where there is nothing to look for.
    internal borrowing func writtenTrees(matcher: Matcher) -> [WrittenTree] {
        policy.redaction.writtenFiles == .off || matcher.patternCount == 0 ? [] : traps.written
    }

    /// Paths as the result names them: what lies in the work directory without it, and no value.
    internal borrowing func shown(_ paths: [String], matcher: Matcher) -> [String] {
        let prefix = workDirectory + "/"
        return paths.map { path in
            matcher.redacted(path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path)
        }
    }

    /// Watches the trees beside the run; without a watch the look at the end takes longer.
    internal borrowing func watchWritten(_ trees: [WrittenTree], since clock: ChangeClock) -> ChangeWatch? {
        guard !trees.isEmpty, let watch = try? ChangeWatch(trees: trees, excluding: places.hidden, since: clock),
            (try? watch.start()) != nil
        else { return nil }
        return watch
    }

    /// Looks for the run's secrets in what it wrote.
    private borrowing func scanWritten(
        _ trees: [WrittenTree], since clock: ChangeClock, _ watch: ChangeWatch?, matcher: Matcher, run: RunID,
        end: LookEnd
    ) -> WrittenReport {
        // Without one, what a kill leaves here stays; what holds a secret is moved all the same.
        let journal = policy.redaction.writtenFiles == .block ? try? RunJournal(in: places.data, run: "\(run)") : nil
        let report = WrittenScan.scan(
            trees: trees, excluding: places.hidden, since: clock, matcher: matcher, workDirectory: workDirectory,
            quarantine: policy.redaction.writtenFiles == .block ? Quarantine(in: places.data, run: "\(run)") : nil,
            watch: watch, isUnwanted: { end.isDue })
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
