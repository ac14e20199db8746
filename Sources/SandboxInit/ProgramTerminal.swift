internal import Linux
internal import SandboxPlan

/// The program's terminal, of the sandbox's own devpts: init owns it as the leader of the session, the program is its
/// foreground, and the supervisor has the other end.
internal struct ProgramTerminal: ~Copyable {
    /// Kept to the end, so that a program that closes its terminal may open it again.
    private let terminal: FileDescriptor

    /// Makes the terminal, takes control of it, and sends the other end away; goes before the limits and before the
    /// program, while nobody else is there to open it.
    init(_ plan: TerminalPlan, control: BorrowedDescriptor) throws(LaunchFailure) {
        terminal = try during(.makeTerminal) { () throws(SystemCallError) in
            // Whoever starts in the background may otherwise not put itself in the foreground.
            try SignalSet([Signals.backgroundOutput]).block()
            let pair = try PseudoTerminal(multiplexer: "/dev/pts/ptmx")
            let terminal = BorrowedDescriptor(pair.terminal)
            try terminal.takeControl()
            if let modes = plan.modes { try terminal.setTerminalModes(modes) }
            try terminal.setWindowSize(plan.size)
            try ControlChannel.send(InitReport.madeTerminal.message, with: BorrowedDescriptor(pair.master), on: control)
            return try pair.terminal.duplicate()
        }
    }

    /// What becomes the program's descriptors 0, 1 and 2, each numbered at least `first`.
    borrowing func streams(atLeast first: Int32) throws(LaunchFailure) -> [BorrowedDescriptor?] {
        var streams: [BorrowedDescriptor?] = []
        for _ in 0..<3 {
            let copy = try during(.makeTerminal) { () throws(SystemCallError) in
                try terminal.duplicate(atLeast: first).release()
            }
            streams.append(BorrowedDescriptor(rawValue: copy))
        }
        return streams
    }

    /// Lends the terminal's descriptor.
    var descriptor: BorrowedDescriptor { BorrowedDescriptor(terminal) }

    /// Gives the terminal up at the end of the run: with its leader the kernel would throw away what was shown last.
    borrowing func giveUp() { try? descriptor.giveUpControl() }
}
