internal import Linux

/// A started program; it and its process group are killed when its owner lets go without `finish`.
public struct RunningProgram: ~Copyable {
    /// The process id.
    public let process: Int32
    private let pidfd: FileDescriptor
    private var input: FileDescriptor?
    private let output: FileDescriptor
    private let error: FileDescriptor
    private let request: ProgramRun
    private var isReaped = false

    internal init(
        process: Int32, pidfd: consuming FileDescriptor, input: consuming FileDescriptor,
        output: consuming FileDescriptor, error: consuming FileDescriptor, request: ProgramRun
    ) {
        self.process = process
        self.pidfd = pidfd
        self.input = consume input
        self.output = output
        self.error = error
        self.request = request
    }

    /// Sends the program, and it alone, a signal.
    public borrowing func send(_ signal: Int32) throws { try Processes.send(signal, to: pidfd) }

    /// Writes to the program's standard input at once.
    public borrowing func write(_ text: String) throws {
        try inputNumber?.writeAll(text)
    }

    /// Reads what standard output has next, waiting for it; empty at its end.
    public borrowing func readOutput() throws -> [UInt8] {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        var span = buffer.mutableSpan
        let count = try BorrowedDescriptor(output).read(into: &span)
        return Array(buffer[0..<count])
    }

    /// Reads standard output to the end of a line, waiting for it; what is left at the end of all otherwise.
    ///
    /// A redactor may give a line in pieces: what could begin a value waits until more comes or nothing does.
    public borrowing func readLine() throws -> String {
        var line: [UInt8] = []
        while line.last != UInt8(ascii: "\n") {
            let more = try readOutput()
            guard !more.isEmpty else { break }
            line += more
        }
        return String(decoding: line, as: UTF8.self)
    }

    /// Feeds the rest of the request's input, drains both streams to their end, and waits for the program's end.
    public mutating func finish() throws -> ProgramRun.Outcome {
        var pending = request.input[...]
        try inputNumber?.setNonBlocking(true)
        var streams = [Stream(BorrowedDescriptor(output)), Stream(BorrowedDescriptor(error))]
        let clock = ContinuousClock()
        let deadline = clock.now + request.timeLimit
        var timedOut = false
        while streams.contains(where: { !$0.isAtEnd }) {
            if !pending.isEmpty { try feed(&pending) }
            if pending.isEmpty { input = nil }
            let left = deadline - clock.now
            if left <= .zero, !timedOut {
                timedOut = true
                try? Processes.send(Signals.kill, to: -process)
            } else if left <= .seconds(-5) {
                // Something left the group and holds the streams open; what was read so far is what there is.
                break
            }
            try wait(for: streams, atMost: timedOut ? .seconds(5) : left)
            for index in streams.indices { try streams[index].drain(limit: request.outputLimit) }
        }
        isReaped = true
        guard let status = try Processes.end(of: pidfd) else { throw ProgramRun.Failure.lost }
        return ProgramRun.Outcome(
            status: status, output: streams[0].bytes, error: streams[1].bytes, timedOut: timedOut)
    }

    /// Writes as much input as fits; a program that reads no more gets no more.
    private mutating func feed(_ pending: inout ArraySlice<UInt8>) throws {
        guard let inputNumber else { return }
        let events = try Polling.wait([PollEntry(inputNumber, .writable)], milliseconds: 0)[0]
        if events.contains(.failed) {
            pending = []
        } else if events.contains(.writable) {
            // A reader that goes away in this moment is seen at the next look.
            pending = pending.dropFirst((try? inputNumber.write(pending.span)) ?? 0)
        }
    }

    /// The pipe to standard input, while it is open.
    private var inputNumber: BorrowedDescriptor? {
        switch input {
        case .some(let pipe): BorrowedDescriptor(pipe)
        case .none: nil
        }
    }

    deinit {
        guard !isReaped else { return }
        try? Processes.send(Signals.kill, to: -process)
        _ = try? Processes.end(of: pidfd)
    }

    private borrowing func wait(for streams: [Stream], atMost: Duration) throws {
        var entries = streams.map { PollEntry($0.isAtEnd ? nil : $0.descriptor, .readable) }
        if let inputNumber { entries.append(PollEntry(inputNumber, .writable)) }
        let milliseconds = min(max(atMost / .milliseconds(1), 0), 60_000)
        _ = try Polling.wait(entries, milliseconds: Int32(milliseconds.rounded(.up)))
    }

    /// One stream of the program's and what came out of it so far.
    private struct Stream {
        let descriptor: BorrowedDescriptor
        private(set) var bytes: [UInt8] = []
        private(set) var isAtEnd = false

        init(_ descriptor: BorrowedDescriptor) { self.descriptor = descriptor }

        /// Takes what is there, without waiting.
        mutating func drain(limit: Int) throws {
            let events = isAtEnd ? [] : try Polling.wait([PollEntry(descriptor, .readable)], milliseconds: 0)[0]
            guard !events.isEmpty else { return }
            var buffer = [UInt8](repeating: 0, count: 256 << 10)
            var span = buffer.mutableSpan
            let count = try descriptor.read(into: &span)
            bytes.append(contentsOf: buffer[0..<count])
            isAtEnd = count == 0
            guard bytes.count <= limit else { throw ProgramRun.Failure.tooMuchOutput }
        }
    }
}
