internal import Linux
public import Redaction

/// The look at what a run wrote, once everything inside has ended: nothing can be written after it.
public struct WrittenScan {
    private let matcher: Matcher
    private let workDirectory: [UInt8]
    private let quarantine: Quarantine?
    private let budget: ScanBudget
    private var report = WrittenReport()
    private var moved: [(secrets: [WrittenSecret], item: String)] = []
    /// Files that hold a secret and have several names, each with those that were met.
    private var shared: [FileIdentity: Set<TreePlace.Key>] = [:]
    /// What was found in files with several names, so that each is read once, however many lead to it.
    private var known: [FileIdentity: FileFindings] = [:]
    /// What a file is read to, once there is one: most runs write none, and clearing it takes longer than their look.
    private var buffer: [UInt8] = []
    private static let bufferSize = 256 << 10

    /// Holes of files read as zeros, of which so many tell as much as all.
    private static let hole = [UInt8](repeating: 0, count: 512)
    /// How much of each end of a path is shown at most, in bytes.
    private static let longestEnd = 4096
    private static let stopped = "a request to stop ended the look at it"
    private static let gone = "it was gone before it could be moved away"
    private static let restless =
        "something else changed it again and again during the look, which may have passed over what was moved"

    /// What a file holds, whichever name it is met by.
    private struct FileFindings {
        var content: [String: Set<String>] = [:]
        var attributes: [[String: [String: Int]]] = []
        /// Why parts of it were not looked at.
        var gaps: Set<String> = []
    }

    /// Looks for secrets in what was made or changed in writable trees.
    ///
    /// - Parameters:
    ///   - trees: Canonical paths of the trees, or of single files.
    ///   - excluding: Paths in them that the run did not see.
    ///   - clock: Taken before the program started.
    ///   - quarantine: Where what holds a secret is moved to; `nil` reports it only.
    ///   - watch: What watched the same trees beside the run, if anything did; it ends here.
    ///   - isUnwanted: Whether somebody asked for the end of the look, which then ends soon; asked often.
    public static func scan(
        trees: [WrittenTree], excluding: [String], since clock: ChangeClock, matcher: Matcher, workDirectory: String,
        quarantine: Quarantine?, watch: ChangeWatch? = nil, isUnwanted: @escaping () -> Bool = { false }
    ) -> WrittenReport {
        let budget = ScanBudget(isUnwanted: isUnwanted)
        return scan(
            trees: trees, excluding: excluding, since: clock, matcher: matcher, workDirectory: workDirectory,
            quarantine: quarantine, watch: watch, budget: budget)
    }

    /// The same within a budget.
    internal static func scan(
        trees: [WrittenTree], excluding: [String], since clock: ChangeClock, matcher: Matcher, workDirectory: String,
        quarantine: Quarantine?, watch: ChangeWatch?, budget: ScanBudget
    ) -> WrittenReport {
        var work = WrittenScan(
            matcher: matcher, workDirectory: workDirectory, quarantine: quarantine, budget: budget)
        var walk = ChangeWalk(since: clock, excluding: excluding, goesOn: budget.goesOn)
        defer { watch?.end() }
        var missed: [(place: TreePlace, error: SystemCallError)] = []
        // A tree that lies in another one is met there.
        let outermost = trees.filter { tree in !trees.contains { tree.path.hasPrefix($0.path + "/") } }
        let remainder = watch?.remainder()
        if let remainder {
            walk.walk(remainder, found: { work.look(at: $0) }, missed: { missed.append(($0, $1)) })
            // A write through one name of a file is told for that name alone.
            let shared = work.shared
            var again = ChangeWalk(since: clock, excluding: excluding, goesOn: budget.goesOn)
            for tree in outermost where !shared.isEmpty {
                again.walk(
                    tree,
                    found: { entry in
                        guard let met = shared[entry.status.identity], !met.contains(entry.key) else { return true }
                        return work.look(at: entry)
                    }, missed: { _, _ in })
            }
        } else {
            // It is not to begin now.
            watch?.end()
            for tree in outermost {
                walk.walk(tree, found: { work.look(at: $0) }, missed: { missed.append(($0, $1)) })
            }
        }
        var isBlind = false
        var unsettled = walk.settle(
            later: {
                // Without what the watch sees, what lies where it was quiet is not known.
                guard remainder != nil else { return [] }
                let later = watch?.remainder()
                if later == nil { isBlind = true }
                return later?.directories ?? []
            }, found: { work.look(at: $0) }, missed: { missed.append(($0, $1)) })
        if isBlind { unsettled += outermost.map { TreePlace(root: Array($0.path.utf8)) } }
        for place in unsettled { work.report.miss(work.shown(place.path()), Self.restless) }
        for (place, error) in missed { work.report.miss(work.shown(place.path()), error.errno.message) }
        work.checkOtherNames()
        if budget.isStopped {
            for tree in outermost { work.report.missRest(of: work.shown(Array(tree.path.utf8)), Self.stopped) }
        }
        return work.report
    }

    /// Those of these paths at which, or below which, something was made or changed.
    public static func changed(_ paths: [String], since clock: ChangeClock) -> [String] {
        let isChanged = clock.test()
        return paths.filter { path in
            guard let status = try? Files.status(path, followingLinks: false) else { return true }
            guard status.kind == .directory, !isChanged(status) else { return isChanged(status) }
            var walk = ChangeWalk(since: clock, excluding: [])
            var isFound = false
            guard let tree = try? WrittenTree(path) else { return true }
            walk.walk(
                tree,
                found: { _ in
                    isFound = true
                    return true
                }, missed: { _, _ in isFound = true })
            return isFound
        }
    }

    private init(matcher: Matcher, workDirectory: String, quarantine: Quarantine?, budget: ScanBudget) {
        self.matcher = matcher
        self.workDirectory = Array((workDirectory + "/").utf8)
        self.quarantine = quarantine
        self.budget = budget
    }

    /// The path as results show it; of one that no system call would take, its two ends.
    private func shown(_ place: [UInt8]) -> String {
        let path = place.starts(with: workDirectory) ? Array(place[workDirectory.count...]) : place
        let text = matcher.redact(path.span)
        let isLong = text.count > 2 * Self.longestEnd
        return isLong
            ? String(decoding: text.prefix(Self.longestEnd), as: UTF8.self) + "\u{2026}"
                + String(decoding: text.suffix(Self.longestEnd), as: UTF8.self)
            : String(decoding: text, as: UTF8.self)
    }

    /// Looks at one entry; says whether it is still there.
    private mutating func look(at entry: TreeEntry) -> Bool {
        guard budget.goesOn() else { return true }
        var holds: [(secret: String, form: String, place: WrittenSecret.Place)] = []
        func add(_ counts: [String: [String: Int]], _ place: WrittenSecret.Place) {
            for (secret, forms) in counts.sorted(by: { $0.key < $1.key }) {
                for form in forms.keys.sorted() { holds.append((secret, form, place)) }
            }
        }
        // The last part alone: those above it are entries of their own.
        add(search(entry.name), .name)
        var gaps: Set<String> = []
        var isGone = false
        switch entry.status.kind {
        case .symbolicLink:
            if let target = try? entry.base.linkTarget(entry.path) { add(search(target), .link) }
        case .regular, .directory:
            do throws(SystemCallError) {
                let findings = try findings(in: entry)
                for counts in findings.attributes { add(counts, .attribute) }
                add(findings.content.mapValues { Dictionary(uniqueKeysWithValues: $0.map { ($0, 1) }) }, .content)
                gaps = findings.gaps
            } catch {
                // What is gone by now is nothing that is left; what is elsewhere is met there.
                isGone = error.errno == .noSuchFile
                if !isGone { gaps.insert(error.errno.message) }
            }
        // A device, a FIFO or a socket holds nothing, and opening one may act.
        case .pipe, .socket, .characterDevice, .blockDevice, .other: break
        }
        guard !holds.isEmpty || !gaps.isEmpty else { return !isGone }
        // A long path takes a while to be put together, and nobody may see it.
        let isTold = quarantine != nil || report.hasRoom(forSecret: !holds.isEmpty, forGap: !gaps.isEmpty)
        let path = isTold ? shown(entry.place) : ""
        for gap in gaps.sorted() { report.miss(path, gap) }
        guard !holds.isEmpty else { return true }
        if entry.status.kind == .regular, entry.status.links > 1 {
            shared[entry.status.identity, default: []].insert(entry.key)
        }
        let (action, reason, item) = act(
            on: entry, holds: holds.map { QuarantineRecord.Holding(secret: $0.secret, form: $0.form, place: $0.place) })
        let found = holds.map { secret, form, place in
            WrittenSecret(path: path, secret: secret, form: form, place: place, action: action, reason: reason)
        }
        for secret in found { report.add(secret) }
        guard let item else { return !isGone }
        moved.append((found, item))
        return false
    }

    private mutating func act(
        on entry: TreeEntry, holds: [QuarantineRecord.Holding]
    ) -> (WrittenSecret.Action, reason: String?, item: String?) {
        guard let quarantine else { return (.report, nil, nil) }
        do {
            let path = String(decoding: matcher.redact(entry.place.span), as: UTF8.self)
            let item = try quarantine.take(entry, path: path, holds: holds, label: "\(moved.count + 1)")
            return (.quarantined, nil, item)
        } catch  where Self.isGone(entry) {
            // Another run moved or removed it; in these trees it is met where it is now.
            return (.report, Self.gone, nil)
        } catch {
            return (.failed, Quarantine.reason(of: error), nil)
        }
    }

    /// Whether something else, or nothing, has the name of an entry by now.
    private static func isGone(_ entry: TreeEntry) -> Bool {
        do throws(SystemCallError) {
            return try entry.base.status(entry.path).identity != entry.status.identity
        } catch {
            return error.errno == .noSuchFile
        }
    }

    /// Finds what was moved and still has a name elsewhere, once both names of a file in the trees were met.
    private mutating func checkOtherNames() {
        guard let quarantine else { return }
        var kept: [FileIdentity: Int] = [:]
        for (_, item) in moved {
            if let identity = quarantine.identity(of: item) { kept[identity, default: 0] += 1 }
        }
        for (secrets, item) in moved {
            guard let identity = quarantine.identity(of: item),
                quarantine.otherNames(of: item) >= kept[identity, default: 1]
            else { continue }
            report.fail(secrets, "the file has another name outside of what the run may write to")
        }
    }

    private func search(_ bytes: [UInt8]) -> [String: [String: Int]] {
        var stream = RedactionStream(matcher: matcher)
        stream.write(bytes.span) { _ in }
        stream.finish { _ in }
        return stream.formCounts
    }

    /// Finds what a file or directory holds beside its name.
    private mutating func findings(in entry: TreeEntry) throws(SystemCallError) -> FileFindings {
        guard entry.status.kind == .regular else {
            let directory = try entry.base.open(entry.path, [.readOnly, .directory])
            return FileFindings(attributes: BorrowedDescriptor(directory).extendedAttributes.map(search))
        }
        if entry.status.links > 1, let known = known[entry.status.identity] { return known }
        let record = ContentRecord(budget: budget)
        var findings = FileFindings(attributes: try read(entry, into: record).map(search))
        findings.content = record.found
        findings.gaps = record.gaps
        if budget.isStopped { findings.gaps.insert(Self.stopped) }
        if entry.status.links > 1 { known[entry.status.identity] = findings }
        return findings
    }

    /// Reads what a file contains through the record, and gives its extended attributes.
    private mutating func read(_ entry: TreeEntry, into record: ContentRecord) throws(SystemCallError) -> [[UInt8]] {
        let file = try OwnerAccess.file(entry)
        let source = BorrowedDescriptor(file)
        let status = try Files.status(of: source)
        // Somebody outside, or another run, put something else in its place.
        guard status.identity == entry.status.identity else {
            throw SystemCallError(call: "openat2", errno: .stale)
        }
        if buffer.isEmpty { buffer = [UInt8](repeating: 0, count: Self.bufferSize) }
        let scan = ContentScan(matcher: matcher, record: record)
        var position: Int64 = 0
        while position < status.size, budget.goesOn(), let data = try source.nextData(from: position) {
            if data.lowerBound > position { scan.write(Self.hole.span) }
            position = data.lowerBound
            while position < data.upperBound, budget.goesOn() {
                var span = buffer.mutableSpan
                let most = min(data.upperBound - position, Int64(Self.bufferSize))
                let count = try source.read(into: &span, atMost: Int(most))
                if count == 0 { break }
                scan.write(buffer.span.extracting(..<count))
                position += Int64(count)
            }
            position = max(position, data.upperBound)
        }
        scan.finish()
        // One that was moved meanwhile is met where it is now.
        if try Files.status(of: source).changed != status.changed, !Self.isGone(entry) {
            record.miss("it was changed during the look")
        }
        return source.extendedAttributes
    }
}
