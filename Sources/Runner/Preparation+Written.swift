internal import Linux
internal import Policy
internal import Redaction
internal import WrittenFiles

extension Preparation {
    /// The trees whose files are looked at when everything inside has ended; none where there is nothing to look for.
    internal borrowing func writtenTrees(matcher: Matcher) -> [String] {
        guard policy.redaction.writtenFiles != .off, matcher.patternCount > 0 else { return [] }
        var trees: [String] = []
        let written =
            policy.filesystem.write.map { rule in
                rule.expanded(home: places.home, workDirectory: workDirectory, runtimeDirectory: places.runtime)
            } + request.writes
        for path in written {
            guard let tree = try? Files.canonicalPath(path), !trees.contains(tree) else { continue }
            trees.append(tree)
        }
        return trees
    }

    /// Paths as the result names them: what lies in the work directory without it, and no value.
    internal borrowing func shown(_ paths: [String], matcher: Matcher) -> [String] {
        let prefix = workDirectory + "/"
        return paths.map { path in
            let path = path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : path
            return String(decoding: matcher.redact(Array(path.utf8).span), as: UTF8.self)
        }
    }

    /// Watches the trees beside the run; without a watch the look at the end takes longer.
    internal borrowing func watchWritten(_ trees: [String], since clock: ChangeClock) -> ChangeWatch? {
        guard !trees.isEmpty, let watch = try? ChangeWatch(trees: trees, excluding: places.hidden, since: clock),
            (try? watch.start()) != nil
        else { return nil }
        return watch
    }

    /// Looks for the run's secrets in what it wrote.
    internal borrowing func scanWritten(
        _ trees: [String], since clock: ChangeClock, _ watch: ChangeWatch?, matcher: Matcher, run: RunID
    ) -> WrittenReport {
        WrittenScan.scan(
            trees: trees, excluding: places.hidden, since: clock, matcher: matcher, workDirectory: workDirectory,
            quarantine: policy.redaction.writtenFiles == .block ? Quarantine(in: places.data, run: "\(run)") : nil,
            watch: watch)
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
