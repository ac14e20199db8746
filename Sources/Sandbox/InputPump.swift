internal import Linux

/// Carries the caller's standard input to the program where the program must not have the caller's own descriptor.
internal struct InputPump: ~Copyable {
    private var target: FileDescriptor?
    private var waiting: [UInt8] = []
    private var hasEnded = false

    private static let readSize = 64 * 1024

    /// Takes over the writing end of the program's standard input.
    init(_ target: consuming FileDescriptor?) { self.target = target }

    /// What to wait for at the caller's end.
    var sourceEntry: PollEntry {
        isOpen && waiting.isEmpty && !hasEnded ? PollEntry(.standardInput, .readable) : PollEntry(nil, [])
    }

    /// What to wait for at the program's end.
    var targetEntry: PollEntry {
        switch target {
        case .some(let target): PollEntry(BorrowedDescriptor(target), waiting.isEmpty ? [] : .writable)
        case .none: PollEntry(nil, [])
        }
    }

    private var isOpen: Bool {
        switch target {
        case .some: true
        case .none: false
        }
    }

    /// Acts on what poll(2) said.
    mutating func advance(source: PollEntry.Events, target targetEvents: PollEntry.Events) {
        if targetEvents.contains(.failed) { target = nil }
        if !source.isEmpty { read() }
        if !waiting.isEmpty { write() }
        // The program sees the end of its input once all before it is written.
        if hasEnded, waiting.isEmpty { target = nil }
    }

    private mutating func read() {
        var buffer = [UInt8](repeating: 0, count: Self.readSize)
        var span = buffer.mutableSpan
        do throws(SystemCallError) {
            let count = try BorrowedDescriptor.standardInput.read(into: &span)
            if count == 0 { hasEnded = true } else { waiting = Array(buffer[0..<count]) }
        } catch {
            hasEnded = error.errno != .wouldBlock
        }
    }

    private mutating func write() {
        do throws(SystemCallError) {
            switch target {
            case .some(let target):
                waiting.removeFirst(try BorrowedDescriptor(target).write(waiting.span))
            case .none: waiting = []
            }
        } catch {
            if error.errno != .wouldBlock { target = nil }
        }
    }
}
