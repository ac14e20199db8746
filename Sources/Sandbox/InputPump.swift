internal import Linux

/// Carries the caller's standard input to the program, which must never have the caller's own descriptor: whoever holds
/// one end of a pipe or an open file reaches the other end, or the file, through /proc/self/fd.
///
/// What the program leaves unread stays the caller's, so that a shell's loop over lines goes on behind it. A regular file
/// is stepped back at the end. A pipe is copied a page at a time, and each page is taken out of it once the program has
/// read it, until the program has shown that it reads on; then everything is moved at full speed.
internal struct InputPump: ~Copyable {
    /// How the bytes get across.
    private enum Way {
        /// The caller's pipe keeps each page until the program has read it.
        case lending
        /// The kernel moves them: from a pipe, a file or a socket.
        case moving
        /// They are read and written: from anything else.
        case copying
    }

    private var target: FileDescriptor?
    private var way: Way
    private let isSeekable: Bool
    /// The reading end of the program's pipe, once a file is at its end: it tells how much the program leaves unread.
    private var remainder: FileDescriptor?
    /// How many bytes the program has, or may have, that are in the caller's pipe still.
    private var lent = 0
    /// How many bytes were lent and taken out since.
    private var consumed = 0
    /// How many bytes were moved: more cannot be left unread, whatever the program writes into its own pipe.
    private var moved = 0
    /// What was read and not written yet.
    private var waiting: [UInt8] = []
    /// Whether the program's pipe had no room.
    private var isFull = false
    private var hasEnded = false
    /// Why the caller's input cannot be read on: the program must not take its end for the end of the input.
    private(set) var failure: SystemCallError?

    /// How much is read at once, in bytes.
    private static let readSize = 64 << 10
    /// The size of the program's pipe while pages are lent: the least there is, one page, so that room in it means that
    /// all of it was read.
    private static let lendingCapacity = 4096
    /// A program that has read this much of a pipe reads on, and the pages are not worth the care any more.
    private static let lendingLimit = 64 << 10
    /// How much is moved at once, and the size of the program's pipe then, in bytes.
    private static let movingCapacity = 1 << 20

    /// Takes over the writing end of the program's standard input.
    init(_ target: consuming FileDescriptor?) {
        let kind = (try? Files.status(of: .standardInput))?.kind
        switch kind {
        case .pipe: way = .lending
        case .socket, .regular: way = .moving
        default: way = .copying
        }
        isSeekable = kind == .regular
        switch target {
        case .some(let target):
            let capacity = way == .lending ? Self.lendingCapacity : Self.movingCapacity
            BorrowedDescriptor(target).setPipeCapacity(capacity)
        case .none: break
        }
        self.target = target
    }

    /// What to wait for at the caller's end.
    var sourceEntry: PollEntry {
        let isWanted = number != nil && waiting.isEmpty && lent == 0 && !isFull && !hasEnded
        return isWanted ? PollEntry(.standardInput, .readable) : PollEntry(nil, [])
    }

    /// What to wait for at the program's end.
    var targetEntry: PollEntry {
        PollEntry(number, waiting.isEmpty && lent == 0 && !isFull ? [] : .writable)
    }

    private var number: BorrowedDescriptor? {
        switch target {
        case .some(let target): BorrowedDescriptor(target)
        case .none: nil
        }
    }

    /// Acts on what poll(2) said.
    mutating func advance(source: PollEntry.Events, target targetEvents: PollEntry.Events) {
        guard let number else { return }
        if targetEvents.contains(.failed) { return letGo() }
        if targetEvents.contains(.writable) {
            isFull = false
            if lent > 0 { consumeAll(of: number) }
        }
        if !source.isEmpty { take(to: number) }
        if !waiting.isEmpty { write(to: number) }
        // The program sees the end of its input once all before it is written.
        guard hasEnded, waiting.isEmpty else { return }
        if isSeekable { remainder = try? Files.open("/proc/self/fd/\(number.rawValue)", [.readOnly, .nonBlocking]) }
        target = nil
    }

    /// Ends the carrying: what the program has not read is the caller's again.
    mutating func finish() {
        let unread = (number?.unreadBytes ?? unreadRemainder) + waiting.count
        if lent > unread { takeOut(lent - unread) }
        if isSeekable, unread > 0 { try? BorrowedDescriptor.standardInput.stepBack(min(unread, moved)) }
        target = nil
        remainder = nil
        lent = 0
    }

    private var unreadRemainder: Int {
        switch remainder {
        case .some(let remainder): BorrowedDescriptor(remainder).unreadBytes
        case .none: 0
        }
    }

    /// The program has closed its input: whoever writes to it from outside finds its pipe broken, too.
    private mutating func letGo() {
        let hasWriter = way != .copying && !isSeekable
        finish()
        guard hasWriter else { return }
        BorrowedDescriptor.standardInput.closeUnowned()
        // The lowest free number is 0, which no file opened later may take.
        _ = try? Files.open("/dev/null", .readOnly).release()
    }

    private mutating func take(to number: BorrowedDescriptor) {
        do throws(SystemCallError) {
            switch way {
            case .lending:
                lent = try BorrowedDescriptor.standardInput.copy(toPipe: number, atMost: Self.lendingCapacity)
                hasEnded = lent == 0
            case .moving:
                let count = try BorrowedDescriptor.standardInput.move(to: number, atMost: Self.movingCapacity)
                hasEnded = count == 0
                moved += count
            case .copying: try read()
            }
        } catch {
            if error.errno == .wouldBlock {
                isFull = way != .copying
            } else if error.errno == .invalidArgument, way != .copying {
                way = .copying
            } else if error.errno == .brokenPipe {
                // The program has closed its input since poll(2) looked.
                letGo()
            } else if error.errno == .badDescriptor || BorrowedDescriptor.standardInput.isTerminal {
                // Opened for writing only, which a program can do nothing with either; or the terminal has hung up.
                hasEnded = true
            } else {
                failure = error
            }
        }
    }

    private mutating func read() throws(SystemCallError) {
        var buffer = [UInt8](repeating: 0, count: Self.readSize)
        var span = buffer.mutableSpan
        let count = try BorrowedDescriptor.standardInput.read(into: &span)
        hasEnded = count == 0
        moved += count
        buffer.removeLast(buffer.count - count)
        waiting = buffer
    }

    private mutating func write(to number: BorrowedDescriptor) {
        do throws(SystemCallError) {
            waiting.removeFirst(try number.write(waiting.span))
        } catch {
            if error.errno != .wouldBlock { letGo() }
        }
    }

    /// The program has read all that was lent.
    private mutating func consumeAll(of number: BorrowedDescriptor) {
        takeOut(lent)
        consumed += lent
        lent = 0
        guard consumed >= Self.lendingLimit else { return }
        way = .moving
        number.setPipeCapacity(Self.movingCapacity)
    }

    /// Takes bytes that the program has read out of the caller's pipe, without waiting where somebody else did so.
    private func takeOut(_ count: Int) {
        guard let nowhere = try? Files.open("/dev/null", .writeOnly) else { return }
        var rest = count
        while rest > 0 {
            guard let taken = try? BorrowedDescriptor.standardInput.move(to: BorrowedDescriptor(nowhere), atMost: rest),
                taken > 0
            else { return }
            rest -= taken
        }
    }
}
