internal import JSON
internal import Linux
internal import Synchronization

/// Everything that goes to the client, written by one thread, so that no message is mixed into another and nobody who
/// has something to say waits for a slow reader.
internal final class Outbox: Sendable {
    private struct State {
        var lines: [[UInt8]] = []
        var waitingBytes = 0
        var isWriting = false
        var isClosed = false
    }

    private let state = Mutex(State())
    private let target: BorrowedDescriptor
    private let news: EventDescriptor
    private let end: EventDescriptor

    /// How much may wait for a client that does not read, in bytes; beyond that it is taken to be gone.
    private static let limit = 64 << 20

    /// Starts to write to a descriptor that stays open as long as this process.
    init(_ target: BorrowedDescriptor) throws(SystemCallError) {
        self.target = target
        news = try EventDescriptor()
        end = try EventDescriptor()
        try Threads.start { [self] in write() }
    }

    /// Readable once the client does not take what is written.
    var clientGone: PollEntry { PollEntry(BorrowedDescriptor(end.descriptor), .readable) }

    /// Sends one message.
    func send(_ message: JSONValue) {
        let line = Array(JSONText.encode(message).utf8) + [UInt8(ascii: "\n")]
        let isTooMuch = state.withLock { state in
            guard !state.isClosed else { return false }
            state.lines.append(line)
            state.waitingBytes += line.count
            return state.waitingBytes > Self.limit
        }
        if isTooMuch { close() } else { news.signal() }
    }

    /// Waits until all is written, at most this long.
    func flush(milliseconds: UInt64) {
        let deadline = Clocks.monotonicMilliseconds + milliseconds
        while Clocks.monotonicMilliseconds < deadline {
            let isDone = state.withLock { ($0.lines.isEmpty && !$0.isWriting) || $0.isClosed }
            guard !isDone else { return }
            _ = try? Polling.wait([], milliseconds: 2)
        }
    }

    private func close() {
        state.withLock { state in
            state.isClosed = true
            state.lines = []
        }
        end.signal()
    }

    private func write() {
        while true {
            _ = try? Polling.wait([PollEntry(BorrowedDescriptor(news.descriptor), .readable)])
            news.clear()
            while let lines = next() {
                for line in lines {
                    guard write(line) else { return close() }
                    state.withLock { $0.waitingBytes -= line.count }
                }
            }
        }
    }

    /// Everything that waits: taken one by one from the front, lines would be moved again and again.
    private func next() -> [[UInt8]]? {
        state.withLock { state in
            state.isWriting = !state.lines.isEmpty
            guard !state.lines.isEmpty else { return nil }
            var lines: [[UInt8]] = []
            swap(&lines, &state.lines)
            return lines
        }
    }

    private func write(_ line: [UInt8]) -> Bool {
        var done = 0
        while done < line.count {
            do throws(SystemCallError) {
                done += try target.write(line.span.extracting(done..<line.count))
            } catch {
                // The client may have made the descriptor, which it shares, non-blocking.
                guard error.errno == .wouldBlock, (try? Polling.wait([PollEntry(target, .writable)])) != nil else {
                    return false
                }
            }
        }
        return true
    }
}
