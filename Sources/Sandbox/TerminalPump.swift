internal import Linux

/// Carries what is typed to the program's terminal, and keeps that terminal as the caller's is.
///
/// At most one read waits for a program that does not read. The end of an input that is no terminal becomes the
/// character that ends the input.
internal struct TerminalPump: ~Copyable {
    private var caller: CallerTerminal
    /// The other end of the program's terminal, once there is one.
    private var master: FileDescriptor?
    /// What was typed and is not handed over yet.
    private var waiting: [UInt8] = []
    private var hasEnded = false
    /// Whether the last that was handed over ended a line.
    private var endsLine = true
    /// Whether what is typed is for others.
    private(set) var isInBackground = false
    /// Whether the caller's terminal is gone, of which the program must hear as it would outside.
    private(set) var hasHungUp = false

    /// How much is read at once, in bytes.
    private static let readSize = 4096

    /// Looks at the caller's terminal.
    init(_ caller: consuming CallerTerminal) { self.caller = caller }

    /// Takes over the other end of the program's terminal, and gives a second descriptor of it to read from.
    mutating func begin(_ master: consuming FileDescriptor) throws(SystemCallError) -> FileDescriptor {
        try BorrowedDescriptor(master).setNonBlocking(true)
        let reading = try master.duplicate()
        self.master = consume master
        resize()
        takeKeyboard()
        return reading
    }

    /// Whether the program has a terminal.
    var isConnected: Bool { number != nil }

    /// Whether a person sits at the caller's terminal and the program has one.
    var isAttended: Bool { isConnected && caller.hasKeyboard }

    /// What to wait for at the caller's end.
    var sourceEntry: PollEntry {
        let isWanted = number != nil && waiting.isEmpty && !hasEnded && !isInBackground
        return isWanted ? PollEntry(.standardInput, .readable) : PollEntry(nil, [])
    }

    /// What to wait for at the program's end.
    var targetEntry: PollEntry { waiting.isEmpty ? PollEntry(nil, []) : PollEntry(number, .writable) }

    private var number: BorrowedDescriptor? {
        switch master {
        case .some(let master): BorrowedDescriptor(master)
        case .none: nil
        }
    }

    /// Acts on what poll(2) said.
    mutating func advance(source: PollEntry.Events, target: PollEntry.Events) {
        guard let number else { return }
        if !source.isEmpty { read(for: number) }
        if !target.isEmpty || !source.isEmpty { write(to: number) }
    }

    /// Reads keys, in raw mode, while this process is in the foreground, and looks whether it is.
    mutating func takeKeyboard() {
        guard isAttended else { return }
        isInBackground = !caller.isForeground
        if !isInBackground { caller.makeRaw() }
    }

    /// Gives the caller's terminal back as it was, as long as this process is stopped.
    mutating func giveKeyboardBack() { caller.restore() }

    /// Gives the program's terminal the size of the caller's, of which the program hears.
    func resize() {
        guard let number, let size = caller.windowSize else { return }
        try? number.setWindowSize(size)
    }

    /// Lets go of the program's terminal, in which nothing can be read or written any more.
    mutating func hangUp() {
        master = nil
        waiting = []
        caller.restore()
    }

    private mutating func read(for number: BorrowedDescriptor) {
        // Between two looks the shell may have taken the terminal back.
        takeKeyboard()
        guard !isInBackground else { return }
        var buffer = [UInt8](repeating: 0, count: Self.readSize)
        var span = buffer.mutableSpan
        let count: Int
        do throws(SystemCallError) {
            count = try BorrowedDescriptor.standardInput.read(into: &span)
        } catch {
            if error.errno != .wouldBlock { end(number) }
            return
        }
        guard count > 0 else { return end(number) }
        buffer.removeLast(Self.readSize - count)
        endsLine = buffer.last == UInt8(ascii: "\n")
        waiting = buffer
    }

    /// Says to a program that reads lines that there are no more; once more behind a line that was not ended.
    private mutating func end(_ number: BorrowedDescriptor) {
        hasEnded = true
        hasHungUp = caller.hasKeyboard
        guard !hasHungUp, let character = try? number.terminalModes().endOfInput else { return }
        waiting = [UInt8](repeating: character, count: endsLine ? 1 : 2)
    }

    private mutating func write(to number: BorrowedDescriptor) {
        guard !waiting.isEmpty else { return }
        do throws(SystemCallError) {
            waiting.removeFirst(try number.write(waiting.span))
        } catch {
            if error.errno != .wouldBlock { waiting = [] }
        }
    }
}
