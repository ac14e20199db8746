internal import Linux
internal import SandboxPlan

/// Watches over the program: reaps what ends, reports what the program does, and passes signals on.
internal struct ProgramWatch: ~Copyable {
    private let program: Int32
    private let control: BorrowedDescriptor
    private let children: SignalDescriptor
    private let memory: MemoryCeiling?
    private var processor: ProcessorCeiling?
    /// Whether the supervisor is gone, and so must be everything.
    private var isAlone = false
    /// When everything ends although nobody asks for it, in milliseconds of the monotonic clock; `nil` for never.
    private var deadline: UInt64?

    /// Starts to watch; SIGCHLD must be blocked since before the program was started.
    init(
        program: Int32, control: BorrowedDescriptor, memory: MemoryCeiling?, processor: ProcessorCeiling?
    ) throws(LaunchFailure) {
        let children = try during(.supervise) { () throws(SystemCallError) in
            for stream in 0...2 { BorrowedDescriptor(rawValue: Int32(stream)).closeUnowned() }
            return try SignalDescriptor(SignalSet([Signals.child]))
        }
        self.program = program
        self.control = control
        self.children = children
        self.memory = memory
        self.processor = processor
    }

    /// Returns once the program has ended and its end is reported; the process must then end.
    mutating func untilEnd(boundsProcesses: Bool) throws(LaunchFailure) {
        try report(.started(boundsProcesses: boundsProcesses))
        while true {
            if try reapAll() { return }
            if memory?.isExceeded == true { return try report(.exceededMemory) }
            if processor?.isExceeded() == true { return try report(.exceededProcessorTime) }
            let events = try during(.supervise) { () throws(SystemCallError) in
                try Polling.wait(
                    [
                        PollEntry(BorrowedDescriptor(children.descriptor), .readable), PollEntry(control, .readable),
                    ], milliseconds: patience)
            }
            if let deadline, Clocks.monotonicMilliseconds >= deadline { return }
            if !events[0].isEmpty { while try nextSignal() {} }
            if !events[1].isEmpty { obey() }
            if isAlone { return }
        }
    }

    /// How long there may be nothing to do, in milliseconds; -1 for any time.
    private var patience: Int32 {
        var longest = min(memory == nil ? .max : MemoryCeiling.interval, processor?.pause ?? .max)
        if let deadline {
            let now = Clocks.monotonicMilliseconds
            longest = min(longest, Int32(clamping: deadline - min(now, deadline)))
        }
        return longest == .max ? -1 : longest
    }

    /// Takes the ends of all children that have ended; whether the program is among them.
    private func reapAll() throws(LaunchFailure) -> Bool {
        while true {
            let next = try during(.supervise) { () throws(SystemCallError) in try Processes.nextEvent() }
            guard let report = next else { return false }
            guard report.process == program else { continue }
            switch report.event {
            case .exited, .signalled:
                try self.report(.ended(report.event))
                return true
            case .stopped(let signal): try self.report(.stopped(signal: signal))
            case .continued: try self.report(.continued)
            }
        }
    }

    private func nextSignal() throws(LaunchFailure) -> Bool {
        try during(.supervise) { () throws(SystemCallError) in try children.next() } != nil
    }

    /// Reads one request of the supervisor's; its end means that the supervisor is gone, and so must be everything.
    private mutating func obey() {
        guard let message = try? ControlChannel.receive(on: control), let request = try? InitRequest(message: message)
        else {
            isAlone = true
            return
        }
        switch request {
        case .signal(let signal, let toGroup):
            // The program may have ended in this moment: its end is what is reported next.
            try? Processes.send(signal, to: toGroup ? -program : program)
        case .end(let milliseconds):
            deadline = milliseconds.map { Clocks.monotonicMilliseconds + UInt64($0) }
        }
    }

    private func report(_ report: InitReport) throws(LaunchFailure) {
        try during(.supervise) { () throws(SystemCallError) in
            try ControlChannel.send(report.message, on: control)
        }
    }
}
