internal import Linux

/// The pipes and the socket between supervisor and sandbox, both ends.
internal struct ChildDescriptors: ~Copyable {
    /// The supervisor's end of the socket to init.
    let control: FileDescriptor
    /// Where the program's standard output comes out.
    let output: FileDescriptor?
    /// Where its standard error comes out, unless that is where its output does.
    let error: FileDescriptor?
    /// Where its standard input goes in.
    let input: FileDescriptor?

    // The child's ends, closed here once it has them.
    private let childControl: FileDescriptor
    private let childOutput: FileDescriptor?
    private let childError: FileDescriptor?
    private let childInput: FileDescriptor?
    private let passedInput: FileDescriptor?

    /// What the child finds at 0, 1, 2 and 3.
    let forChild: [BorrowedDescriptor?]

    /// How large the pipes for output are asked to be, in bytes: the largest that an ordinary user may have.
    private static let pipeCapacity = 1 << 20
    /// Every number is at least this, out of the way of the targets in the child.
    private static let firstNumber: Int32 = 16

    /// Makes what these streams need.
    ///
    /// - Parameter hasTerminal: Whether the program gets a terminal in their place; init then starts with /dev/null.
    init(_ streams: StandardStreams, hasTerminal: Bool) throws(SystemCallError) {
        let streams = hasTerminal ? StandardStreams.none : streams
        let socket = try SocketPair(atLeast: Self.firstNumber)
        let outputPipe = !streams.isOutputClosed ? try PossiblePipe(supervisorReads: true) : PossiblePipe()
        let hasOwnError = !streams.isErrorClosed && !streams.isErrorOutput
        let errorPipe = hasOwnError ? try PossiblePipe(supervisorReads: true) : PossiblePipe()
        let inputPipe = streams.input == .pumped ? try PossiblePipe(supervisorReads: false) : PossiblePipe()
        let passedInput: FileDescriptor?
        let passedNumber: BorrowedDescriptor?
        if streams.input == .device || hasTerminal {
            let nothing = hasTerminal ? try Files.open("/dev/null", .readWrite) : nil
            let source = Self.number(nothing) ?? .standardInput
            let own = try source.duplicate(atLeast: Self.firstNumber)
            passedNumber = BorrowedDescriptor(own)
            passedInput = .some(own)
        } else {
            passedNumber = nil
            passedInput = nil
        }
        let error = streams.isErrorOutput ? outputPipe.writingNumber : errorPipe.writingNumber
        forChild = [
            inputPipe.readingNumber ?? passedNumber, hasTerminal ? passedNumber : outputPipe.writingNumber,
            hasTerminal ? passedNumber : error, BorrowedDescriptor(socket.far),
        ]
        control = socket.near
        childControl = socket.far
        output = outputPipe.reading
        childOutput = outputPipe.writing
        self.error = errorPipe.reading
        childError = errorPipe.writing
        input = inputPipe.writing
        childInput = inputPipe.reading
        self.passedInput = passedInput
    }

    private static func number(_ descriptor: borrowing FileDescriptor?) -> BorrowedDescriptor? {
        switch descriptor {
        case .some(let descriptor): BorrowedDescriptor(descriptor)
        case .none: nil
        }
    }

    /// A pipe, or nothing where a stream needs none.
    private struct PossiblePipe: ~Copyable {
        let reading: FileDescriptor?
        let writing: FileDescriptor?
        let readingNumber: BorrowedDescriptor?
        let writingNumber: BorrowedDescriptor?

        /// No pipe.
        init() {
            reading = nil
            writing = nil
            readingNumber = nil
            writingNumber = nil
        }

        /// Both ends of a new pipe; the supervisor's end does not block.
        init(supervisorReads: Bool) throws(SystemCallError) {
            let pipe = try Pipe(atLeast: ChildDescriptors.firstNumber)
            pipe.grow(to: ChildDescriptors.pipeCapacity)
            let (readingNumber, writingNumber) = (BorrowedDescriptor(pipe.reading), BorrowedDescriptor(pipe.writing))
            try (supervisorReads ? readingNumber : writingNumber).setNonBlocking(true)
            self.readingNumber = readingNumber
            self.writingNumber = writingNumber
            let out = pipe.reading
            let into = pipe.writing
            reading = consume out
            writing = consume into
        }
    }
}
