public import Linux
internal import Synchronization

/// Finds what a run changes in large trees beside the run, so that little is left to do at its end.
///
/// A thread of its own watches each directory and then looks at the times of change in it: what was changed before is
/// seen by its time, what is changed later is told by the kernel. A directory that had a change is looked at again when
/// everything inside has ended, and so is what the thread did not come to. Whatever does not work here, such as a limit
/// of watches that is reached, costs time at the end, and no change is missed.
///
/// The kernel tells a change for the name that a file was opened by: what was written through a name that the run made
/// and removed again is found where the file is looked at for another reason. What is written through a mapping counts
/// when the last descriptor of the file is closed, which one that outlives the run never is.
public final class ChangeWatch: Sendable {
    private let trees: [WrittenTree]
    private let excluded: Set<TreePlace.Key>
    private let clock: ChangeClock
    /// Wakes the thread.
    private let wake: EventDescriptor
    private let state = Mutex(State())

    /// So long a run must last, in milliseconds, before its trees are watched.
    private static let patience: Int32 = 20
    /// With fewer entries a look at all of them costs less than the watches.
    private static let leastEntries = 4096

    /// Makes a watch of trees, which does nothing yet.
    ///
    /// - Parameters:
    ///   - excluding: Paths in them that the run does not see.
    ///   - clock: Taken before the program starts.
    public init(trees: [WrittenTree], excluding: [String], since clock: ChangeClock) throws(SystemCallError) {
        self.trees = trees
        excluded = Set(excluding.map { TreePlace.Key(Array($0.utf8)) })
        self.clock = clock
        wake = try EventDescriptor()
    }

    /// Starts the thread, which lasts until the watch is ended; short runs and small trees are not watched.
    public func start() throws(SystemCallError) {
        try Threads.start { [self] in
            guard !waitsLong(for: nil, milliseconds: Self.patience) else { return }
            Threads.yieldToOthers()
            watchEach()
            let watches = state.withLock { state in
                if !state.isAsked, state.entries < Self.leastEntries { state.giveUp() }
                return state.watches
            }
            while let watches, !waitsLong(for: watches, milliseconds: -1) {
                state.withLock { state in state.takeEvents() }
            }
        }
    }

    /// Waits for an event or the end of the watch, and says whether it was the end.
    private func waitsLong(for watches: Watches?, milliseconds: Int32) -> Bool {
        let entries = [
            PollEntry(BorrowedDescriptor(wake.descriptor), .readable),
            PollEntry(watches.map { BorrowedDescriptor($0.set.descriptor) }, .readable),
        ]
        guard let events = try? Polling.wait(entries, milliseconds: milliseconds) else { return true }
        return !events[0].isEmpty
    }

    /// Watches every directory, and looks at what is in it.
    internal func watchEach() {
        guard let watches = try? Watches() else { return }
        state.withLock { state in state.begin(trees, watches) }
        while let next = state.withLock({ state in state.next() }) {
            guard let directory = try? next.base.directory(next.path),
                let identity = try? directory.status([0x2E]).identity
            else {
                state.withLock { state in state.leave(next) }
                continue
            }
            guard let watch = state.withLock({ state in state.watch(next, directory, identity) }) else { continue }
            let isChanged = clock.test()
            var entries = 0
            var inner: [WalkedDirectory] = []
            var hasChange = false
            do {
                try next.forEachEntry(
                    of: directory,
                    where: { status in
                        entries += 1
                        return isChanged(status)
                    },
                    { entry in
                        guard !excluded.contains(entry.key) else { return }
                        if isChanged(entry.status) { hasChange = true }
                        if entry.status.kind == .directory { inner.append(WalkedDirectory(entry)) }
                    })
            } catch {
                hasChange = true
            }
            state.withLock { state in state.add(inner, of: watch, entries: entries, hasChange: hasChange) }
        }
    }

    /// Gives what is still to be looked at, `nil` where that is everything; what changed since where it was asked before.
    ///
    /// Everything inside must have ended; a watch that has ended gives `nil`.
    internal func remainder() -> Remainder? { state.withLock { state in state.remainder() } }

    /// Ends the watch.
    public func end() {
        state.withLock { state in state.giveUp() }
        wake.signal()
    }

    /// What a watch leaves to be looked at.
    internal struct Remainder {
        /// Single files.
        var trees: [WrittenTree] = []
        /// Directories, each before those in it.
        var directories: [WalkedDirectory] = []
        /// Where each directory was seen; it has no change unless it is one of those.
        var quiet: [FileIdentity: TreePlace.Key] = [:]
    }

    /// Watches that two threads hold.
    private final class Watches: Sendable {
        let set: DirectoryWatches

        init() throws(SystemCallError) { set = try DirectoryWatches() }
    }

    private struct State {
        /// The watches while there is something to learn from them.
        private(set) var watches: Watches?
        /// How many entries there are, directories left out.
        private(set) var entries = 0
        private var hasBegun = false
        /// Whether somebody looks at the rest by now: what is watched already goes on to be.
        private(set) var isAsked = false
        private var pending: [WalkedDirectory] = []
        /// The one that is looked at.
        private var current: WalkedDirectory?
        private var watched: [Int32: (directory: WalkedDirectory, identity: FileIdentity)] = [:]
        private var rest = Remainder()

        mutating func begin(_ trees: [WrittenTree], _ watches: Watches) {
            guard !hasBegun else { return }
            hasBegun = true
            self.watches = watches
            rest.trees = trees.filter { !$0.isDirectory }
            pending = trees.filter(\.isDirectory).map { .root($0) }
        }

        mutating func next() -> WalkedDirectory? {
            takeEvents()
            guard watches != nil, !isAsked else { return nil }
            current = pending.popLast()
            return current
        }

        /// Leaves a directory for the end.
        mutating func leave(_ directory: WalkedDirectory) {
            current = nil
            rest.directories.append(directory)
        }

        /// Watches a directory and gives the watch, unless it was seen before or there can be none.
        mutating func watch(
            _ directory: WalkedDirectory, _ opened: TreeDirectory, _ identity: FileIdentity
        ) -> Int32? {
            guard let watches, !isAsked else { return nil }
            guard rest.quiet[identity] == nil else {
                current = nil
                return nil
            }
            guard let watch = try? watches.set.add(opened) else {
                // There are as many as there may be.
                rest.directories += pending
                pending = []
                leave(directory)
                return nil
            }
            watched[watch] = (directory, identity)
            rest.quiet[identity] = directory.place.key
            return watch
        }

        /// Notes what a look at a directory gave.
        mutating func add(_ inner: [WalkedDirectory], of watch: Int32, entries: Int, hasChange: Bool) {
            guard watches != nil, !isAsked else { return }
            self.entries += entries
            current = nil
            pending += inner
            if hasChange { settle(watch) }
        }

        /// A directory that is looked at again needs no watch.
        private mutating func settle(_ watch: Int32) {
            guard let (directory, _) = watched.removeValue(forKey: watch) else { return }
            rest.directories.append(directory)
            watches?.set.remove(watch)
        }

        mutating func takeEvents() {
            guard let watches else { return }
            var hasOverflown = false
            do {
                try watches.set.take { event in
                    switch event {
                    case .changed(let watch): settle(watch)
                    case .ended(let watch):
                        // Another one may get its number.
                        if let (_, identity) = watched.removeValue(forKey: watch) { rest.quiet[identity] = nil }
                    case .overflow: hasOverflown = true
                    }
                }
            } catch {
                hasOverflown = true
            }
            if hasOverflown { giveUp() }
        }

        /// Leaves everything for the end.
        mutating func giveUp() {
            hasBegun = true
            watches = nil
            pending = []
            current = nil
            watched = [:]
            rest = Remainder()
        }

        mutating func remainder() -> Remainder? {
            takeEvents()
            guard watches != nil else { return nil }
            rest.directories += pending
            if let current { rest.directories.append(current) }
            rest.directories.sort { $0.place.key < $1.place.key }
            isAsked = true
            pending = []
            current = nil
            defer {
                rest.directories = []
                rest.trees = []
            }
            return rest
        }
    }
}
