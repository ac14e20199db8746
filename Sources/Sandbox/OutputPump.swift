internal import Linux
internal import Redaction

/// Carries one stream from the program through the redactor to its sink, never waiting and never holding more than one
/// read's worth.
internal struct OutputPump: ~Copyable {
    private var source: FileDescriptor?
    private var stream: OutputStream
    private let sink: any OutputSink
    /// Redacted bytes that the sink has not taken yet.
    private var backlog: [UInt8] = []
    private var isFinished = false
    /// Why the sink refused the stream, where it was not for want of a reader.
    private(set) var failure: SystemCallError?
    /// Whether something was read since the last time that the source was idle.
    private var hasNews = false

    /// Takes over the reading end of a pipe; without one, the stream is at its end from the start.
    ///
    /// - Parameter isTerminal: Whether what comes is meant for a terminal, which `begin` gives later.
    init(_ source: consuming FileDescriptor?, matcher: Matcher, sink: any OutputSink, isTerminal: Bool = false) {
        self.source = source
        self.sink = sink
        stream = OutputStream(matcher: matcher, isTerminal: isTerminal, releasesIdlePrefix: sink.isReadAlong)
    }

    /// Takes over a source that was not there at the start.
    mutating func begin(_ source: consuming FileDescriptor) {
        guard !isFinished else { return }
        self.source = consume source
    }

    /// What to wait for: the sink where something waits for it, else the source.
    var sourceEntry: PollEntry {
        guard backlog.isEmpty else { return PollEntry(nil, []) }
        switch source {
        case .some(let source): return PollEntry(BorrowedDescriptor(source), .readable)
        case .none: return PollEntry(nil, [])
        }
    }

    /// What to wait for at the sink: room where something waits for it, else only that its reader goes away.
    var sinkEntry: PollEntry {
        guard let number = sink.pollNumber, hasSource || !backlog.isEmpty else { return PollEntry(nil, []) }
        return PollEntry(BorrowedDescriptor(rawValue: number), backlog.isEmpty ? [] : .writable)
    }

    /// Whether nothing more will come and all was taken.
    var isDone: Bool { isFinished && backlog.isEmpty }

    /// Whether redacted bytes wait for a slow sink.
    var isBlocked: Bool { !backlog.isEmpty }

    /// Whether a short pause of the source is of interest: somebody reads along, and the stream holds something back.
    var awaitsIdle: Bool { hasNews && backlog.isEmpty && sink.isReadAlong && stream.isHolding }

    /// Lets a prompt's last bytes out after a pause; what is held beyond them stays held.
    mutating func idle() {
        guard awaitsIdle else { return }
        hasNews = false
        var waiting: [UInt8] = []
        let sink = sink
        do throws(OutputGone) {
            try stream.idle { piece throws(OutputGone) in try Self.pass(piece, to: sink, behind: &waiting) }
            backlog = waiting
        } catch {
            abandon(error)
        }
    }

    /// How often each secret was replaced.
    var counts: [String: Int] { stream.counts }

    /// The same by the forms in which they stood.
    var formCounts: [String: [String: Int]] { stream.formCounts }

    private var hasSource: Bool {
        switch source {
        case .some: true
        case .none: false
        }
    }

    /// Acts on what poll(2) said.
    mutating func advance(
        source sourceEvents: PollEntry.Events, sink sinkEvents: PollEntry.Events, through buffer: inout ReadBuffer
    ) {
        if sinkEvents.contains(.failed) { return abandon() }
        if !sinkEvents.isEmpty { flush() }
        guard !sourceEvents.isEmpty, backlog.isEmpty else { return }
        // Closed by all writers and empty: to see that by reading would take guarded memory first.
        if sourceEvents == .hungUp, isEmpty { finish() } else { _ = readOnce(through: &buffer) }
    }

    /// Whether nothing is left in a pipe whose writers are gone. It is looked at again: poll(2) sees the content before it
    /// sees the writers, and between the two the last of them may have written and left.
    private var isEmpty: Bool {
        let events = try? Polling.wait([sourceEntry], milliseconds: 0)
        return events?[0] == .hungUp
    }

    /// Reads what is left in the pipe once everything inside has ended, as far as the sink takes it.
    mutating func drain(through buffer: inout ReadBuffer) {
        flush()
        while backlog.isEmpty, !isFinished {
            if !readOnce(through: &buffer) { finish() }
        }
    }

    /// Reads what is there now, as far as the sink takes it, before whoever wrote it is stopped or killed: with the leader
    /// of a terminal's session the kernel throws away what was not read.
    mutating func absorb(through buffer: inout ReadBuffer) {
        flush()
        // A pseudo-terminal holds less than this many reads; somebody inside may write on and on.
        for _ in 0..<32 where backlog.isEmpty && !isFinished { if !readOnce(through: &buffer) { return } }
    }

    /// Undoes the modes of the terminal that the program left behind; goes after the end of the stream.
    mutating func undoModes() {
        let bytes = stream.undoing
        guard !bytes.isEmpty, failure == nil else { return }
        var waiting: [UInt8] = []
        swap(&waiting, &backlog)
        try? Self.pass(bytes.span, to: sink, behind: &waiting)
        swap(&waiting, &backlog)
    }

    /// Whether nobody reads any more and nothing more is read.
    var isAbandoned: Bool { isFinished && !hasSource }

    /// Gives up on a stream that nobody reads; the program finds its pipe broken.
    mutating func abandon(_ reason: OutputGone = OutputGone(cause: nil)) {
        failure = failure ?? reason.cause
        source = nil
        backlog = []
        isFinished = true
    }

    /// Reads and passes on one buffer; `false` where nothing is there now.
    private mutating func readOnce(through buffer: inout ReadBuffer) -> Bool {
        let count: Int
        do throws(SystemCallError) {
            switch source {
            case .some(let source):
                let descriptor = BorrowedDescriptor(source)
                count = try buffer.fill(from: descriptor)
            case .none: return false
            }
        } catch {
            if error.errno != .wouldBlock { finish() }
            return false
        }
        guard count > 0 else {
            finish()
            return true
        }
        hasNews = true
        do throws(OutputGone) {
            try forward(buffer)
        } catch {
            abandon(error)
        }
        return true
    }

    private mutating func forward(_ buffer: borrowing ReadBuffer) throws(OutputGone) {
        // Moved out and back in, so that the closures below may change each on its own.
        var waiting: [UInt8] = []
        swap(&waiting, &backlog)
        let sink = sink
        do throws(OutputGone) {
            try buffer.withContent { content throws(OutputGone) in
                try stream.write(content) { piece throws(OutputGone) in
                    try Self.pass(piece, to: sink, behind: &waiting)
                }
            }
        } catch {
            throw error
        }
        swap(&waiting, &backlog)
    }

    /// Ends the stream: what the matcher held back is decided now.
    private mutating func finish() {
        guard !isFinished else { return }
        isFinished = true
        source = nil
        var waiting: [UInt8] = []
        swap(&waiting, &backlog)
        let sink = sink
        do throws(OutputGone) {
            try stream.finish { piece throws(OutputGone) in try Self.pass(piece, to: sink, behind: &waiting) }
            swap(&waiting, &backlog)
        } catch {
            abandon(error)
        }
    }

    private mutating func flush() {
        guard !backlog.isEmpty else { return }
        do throws(OutputGone) {
            let taken = try sink.accept(backlog.span)
            backlog.removeFirst(taken)
        } catch {
            abandon(error)
        }
    }

    /// Gives a piece to the sink, and what it does not take to the end of the line.
    private static func pass(
        _ piece: Span<UInt8>, to sink: any OutputSink, behind waiting: inout [UInt8]
    ) throws(OutputGone) {
        var taken = 0
        if waiting.isEmpty {
            while taken < piece.count {
                let count = try sink.accept(piece.extracting(taken..<piece.count))
                if count == 0 { break }
                taken += count
            }
        }
        for index in taken..<piece.count { waiting.append(piece[index]) }
    }
}
