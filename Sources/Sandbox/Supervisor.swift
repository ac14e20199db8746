public import Linux
public import Redaction
public import SandboxPlan

/// Watches over one sandbox from outside until everything in it has ended.
public struct Supervisor {
    /// What the supervisor keeps to.
    public struct Options: Sendable {
        /// After this long the program is asked to end; `nil` for never.
        public var timeout: Duration?
        /// How long after that everything is killed.
        public var grace: Duration
        /// The blocked signals that are passed on to the program.
        public var forwardedSignals: [Int32]
        /// By which another thread ends the run; `nil` where none does.
        public var stop: StopSwitch?
        /// Readable once the run has more memory than it may; stays open as long as the supervision.
        public var fullness: BorrowedDescriptor?
        /// How much processor time the run may use where a control group counts it; `nil` where none does.
        public var processorTime: ProcessorTimeBound?
        /// Whether the program has a terminal in place of its three streams, as its plan says.
        public var hasTerminal: Bool
        /// The secrets whose coming out ends the run.
        public var endingSecrets: Set<String>

        /// Makes options.
        public init(
            timeout: Duration?, grace: Duration = .seconds(2), forwardedSignals: [Int32] = [], stop: StopSwitch? = nil,
            fullness: BorrowedDescriptor? = nil, processorTime: ProcessorTimeBound? = nil, hasTerminal: Bool = false,
            endingSecrets: Set<String> = []
        ) {
            self.timeout = timeout
            self.grace = grace
            self.forwardedSignals = forwardedSignals
            self.stop = stop
            self.fullness = fullness
            self.processorTime = processorTime
            self.hasTerminal = hasTerminal
            self.endingSecrets = endingSecrets
        }
    }

    /// How a run ended.
    public struct Outcome: Equatable, Sendable {
        /// The status that the program exited with, or `nil` where a signal ended it.
        public var exitStatus: Int32?
        /// The signal that ended the program, or `nil`.
        public var signal: Int32?
        /// Whether the time limit ended it.
        public var timedOut: Bool
        /// Whether init ended it because the processes had too much memory.
        public var exceededMemory: Bool
        /// Whether init ended it because the processes used too much processor time.
        public var exceededProcessorTime: Bool
        /// Whether the kernel held the sandbox to its number of processes.
        public var boundsProcesses: Bool
        /// How often each secret was replaced in the output.
        public var redactions: [String: Int]
        /// The same by the forms in which they stood.
        public var redactionForms: [String: [String: Int]]
    }

    /// The signals that `exec` passes on to its program.
    public static let passedSignals: [Int32] = [
        Signals.hangUp, Signals.interrupt, Signals.quit, Signals.user1, Signals.user2, Signals.terminate,
        Signals.resume, Signals.terminalStop, Signals.windowSize,
    ]

    /// Pumps output and input, keeps the time, passes signals on, and returns when the last process inside is gone.
    ///
    /// - Parameters:
    ///   - plan: The plan that was sent, for messages.
    ///   - matcher: What is taken out of both streams.
    public static func supervise(
        _ sandbox: consuming RunningSandbox, plan: LaunchPlan, matcher: Matcher, output: any OutputSink,
        error: any OutputSink, options: Options
    ) throws(SandboxError) -> Outcome {
        var loop = try Loop(sandbox, matcher: matcher, output: output, error: error, options: options)
        try loop.run()
        return try loop.outcome(plan)
    }
}
