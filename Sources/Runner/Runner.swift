internal import Diagnostics
internal import Interceptor
public import Linux
internal import Policy
internal import Redaction
public import Sandbox
internal import SandboxPlan
internal import WrittenFiles

/// The use case of the project: runs one program with its secrets in a sandbox and gives back what came of it.
public enum Runner {
    /// Where a program's output goes.
    public enum Output: Sendable {
        /// To this process's own standard output and error, as it comes.
        case streamed
        /// To this process's own standard output, by way of a terminal of the sandbox's.
        case terminal
        /// Into the result, bounded by the policy.
        case captured
        /// Into the result, bounded by what the policy has for assistants.
        case capturedBriefly
    }

    /// What must be learnt of the process before anything opens a file or starts a thread.
    public struct Beginning: Sendable {
        /// The standard streams.
        public let streams: StandardStreams
        /// The signals that the caller had blocked; those for the program are blocked since.
        public let blockedSignals: SignalSet

        /// Whether each of the standard streams is a terminal, so that the command is likely meant for a person.
        public static var areTerminals: Bool { StandardStreams.areTerminals }

        /// Says what was learnt elsewhere.
        public init(streams: StandardStreams, blockedSignals: SignalSet) {
            self.streams = streams
            self.blockedSignals = blockedSignals
        }

        /// Looks at the standard streams and blocks the signals that are passed on.
        public init() throws(RunError) {
            streams = try part { () throws(SandboxError) in try StandardStreams.inspect() }
            do throws(SystemCallError) {
                // A caller that ignores SIGCHLD would have the kernel throw the end of PID 1 away.
                Signals.restoreDefault(Signals.child)
                // A limit on the size of files must be an error of the write that passes it, in this process.
                blockedSignals = try SignalSet(
                    Supervisor.passedSignals + [Signals.brokenPipe, Signals.fileSize]
                ).block()
            } catch {
                throw .part(SandboxError.system(error, during: "block signals").report)
            }
        }
    }

    /// Runs a request to its end.
    ///
    /// - Parameters:
    ///   - stop: By which another thread ends the run; signals to this process then end no run.
    ///   - known: What is taken out of everything beside the run's own secrets.
    public static func run(
        _ request: RunRequest, beginning: Beginning, output: Output, places: Places? = nil,
        stop: StopSwitch? = nil, known: KnownSecrets? = nil
    ) throws(RunError) -> RunResult {
        let began = Clocks.monotonicMilliseconds
        var generator = SystemRandomNumberGenerator()
        let runID = RunID(
            milliseconds: Clocks.wallMilliseconds, random: (generator.next(), generator.next()))
        // PID 1 lays the ground while this process finds out what the run may do, and mounts while it decrypts. What is
        // wrong with the request is told before what is wrong with the machine.
        let streams = output == .captured ? beginning.streams.separated : beginning.streams
        var begun: RunningSandbox?
        var refusal: SandboxError?
        do throws(SandboxError) {
            begun = try .start(streams, hasTerminal: output == .terminal, isolation: request.isolation)
        } catch {
            refusal = error
        }
        var preparation = try Preparation(request, places: places ?? .ofCaller())
        if let refusal { throw .part(refusal.report) }
        RunJournal.cleanUp(in: preparation.places.data)
        guard let sandbox = begun.take() else { preconditionFailure("a start succeeds or says why not") }
        let machine = MachineFacts.ofMachine
        let isPlain = request.isolation == .landlock
        try machine.check(preparation.policy, isPlain: isPlain)
        if isPlain { try machine.checkPlain() }
        let network: NetworkChoice = preparation.policy.network == .host ? .host : .own
        try part { () throws(SandboxError) in try sandbox.choose(network) }
        let memory = MemoryBound(preparation.policy.limits.memory, of: sandbox)
        let processor = ProcessorBound(preparation.policy.limits.processorTime, of: sandbox, memory: memory)
        try MachineFacts.checkGroups(preparation.policy, memory: memory.version, processor: processor.version)
        let root = try preparation.makeRoot()
        let host = isPlain ? try part { () throws(SandboxError) in try HostPlan(root) } : nil
        try part { () throws(SandboxError) in try sandbox.send(host?.root ?? root) }
        let plan = try preparation.makePlan(
            in: root, streams: streams, blockedSignals: beginning.blockedSignals, countsMemory: memory.version != nil,
            countsProcessorTime: processor.version != nil,
            terminal: output == .terminal ? CallerTerminal.plan() : nil)
        try part { () throws(SandboxError) in try sandbox.send(plan) }
        // The rules need no value: a command that they refuse costs no passphrase.
        let shape = try preparation.intercept()
        let secrets = try preparation.collect()
        let warnings = try preparation.intercept(values: secrets, after: shape)
        var redaction = try RunRedaction(secrets, of: &preparation, known: known)
        let matcher = redaction.matcher
        let trees = preparation.writtenTrees(matcher: matcher)
        let clock = ChangeClock()
        try redacted(by: matcher) { () throws(SandboxError) in
            try sandbox.send(secrets.manifest, values: secrets.values)
        }
        let sinks = Sinks(output, limits: preparation.policy.limits)
        let supervision = Supervisor.Options(
            timeout: preparation.timeout, forwardedSignals: stop == nil ? Supervisor.passedSignals : [], stop: stop,
            fullness: memory.fullness, processorTime: processor.bound, hasTerminal: output == .terminal,
            endingSecrets: preparation.policy.redaction.onDecoy == .end ? Set(preparation.decoys.map(\.name)) : [])
        let watch = preparation.watchWritten(trees, since: clock)
        defer { watch?.end() }
        // What is moved away is moved for whoever comes later, and nobody who cancels a call may prevent it.
        let blocks = preparation.policy.redaction.writtenFiles == .block
        let lookEnd = { LookEnd(stop: stop, heedsStop: !blocks) }
        let outcome: Supervisor.Outcome
        do throws(RunError) {
            outcome = try supervise(consume sandbox, plan, matcher, sinks, supervision)
        } catch {
            // Nobody gets a report now; what must be moved away is moved even so.
            if blocks {
                _ = try? redaction.catchUp(&preparation)
                _ = preparation.lookBehind(
                    trees, since: clock, watch, matcher: redaction.matcher, run: runID, end: lookEnd())
            }
            // With nothing else left to end, the kernel ends PID 1.
            guard let limit = memory.exceeded else { throw error }
            throw .part(.memoryExceeded(limit))
        }
        let end = lookEnd()
        let latest = Result { () throws(RunError) in try redaction.catchUp(&preparation) }
        let aftermath = preparation.lookBehind(
            trees, since: clock, watch, matcher: redaction.matcher, run: runID, end: end)
        // Where that failed, what became known meanwhile is not; the output is withheld.
        let knowsMore = try latest.get()
        var result = RunResult(
            exitStatus: outcome.timedOut ? 124 : outcome.exitStatus ?? 128 + (outcome.signal ?? 0),
            signal: outcome.signal, timedOut: outcome.timedOut, timeout: preparation.timeout,
            exceededMemory: outcome.exceededMemory ? memory.limit : memory.exceeded,
            exceededProcessorTime: outcome.exceededProcessorTime ? preparation.policy.limits.processorTime : nil,
            secretsInjected: preparation.selected.map(\.name), redactions: outcome.redactions,
            notRedacted: redaction.notRedacted,
            writtenTraps: aftermath.traps, warnings: warnings, runID: runID,
            milliseconds: Clocks.monotonicMilliseconds - began, policy: preparation.policy.name,
            isolation: preparation.policy.limits.isolation(
                memory: memory.version, processor: processor.version, boundsProcesses: outcome.boundsProcesses,
                isPlain: isPlain),
            hasNetwork: network == .host,
            captured: sinks.captured)
        result.isolation.missing = machine.missing
        var changed: [String] = []
        if let host {
            result.isolation.kind = .landlock
            result.isolation.missing = machine.missingPlain(protects: host.unprotected.isEmpty)
            changed = WrittenScan.changed(host.unprotected, since: clock)
            result.writtenTraps = (result.writtenTraps + preparation.shown(changed, matcher: redaction.matcher))
                .sorted()
        }
        if let signal = end.signal { result.end(by: signal) }
        result.written = aftermath.written
        result.keptTraps = aftermath.keptTraps
        result.movesTraps = blocks && changed.isEmpty
        result.leftFolder = preparation.removeFolder()
        if known != nil { result.warnings = result.warnings.showing { redaction.matcher.redacted($0) } }
        result.redactionForms = outcome.redactionForms
        if knowsMore { result.redactAgain(by: redaction.matcher) }
        result.countDecoys(preparation.decoys.map(\.name), endsRun: preparation.policy.redaction.onDecoy == .end)
        return result
    }

    private static func supervise(
        _ sandbox: consuming RunningSandbox, _ plan: LaunchPlan, _ matcher: Matcher, _ sinks: Sinks,
        _ options: Supervisor.Options
    ) throws(RunError) -> Supervisor.Outcome {
        // Not through `redacted`: what is consumed cannot be captured.
        do {
            return try Supervisor.supervise(
                sandbox, plan: plan, matcher: matcher, output: sinks.output, error: sinks.error, options: options)
        } catch {
            throw .part(error.report.redacted(by: matcher))
        }
    }

    /// Runs a part of the work that knows the values: a message may name a command or path that holds one.
    private static func redacted(
        by matcher: Matcher, _ body: () throws(SandboxError) -> Void
    ) throws(RunError) {
        do {
            try body()
        } catch {
            throw .part(error.report.redacted(by: matcher))
        }
    }

    /// Where the two streams go.
    private struct Sinks {
        let output: any OutputSink
        let error: any OutputSink

        init(_ kind: Output, limits: Policy.Limits) {
            switch kind {
            case .streamed, .terminal:
                output = DescriptorSink(descriptor: 1)
                error = DescriptorSink(descriptor: 2)
            case .captured, .capturedBriefly:
                let limit = kind == .captured ? limits.output : limits.mcpOutput
                output = CaptureSink(limit: limit)
                error = CaptureSink(limit: limit)
            }
        }

        /// What was captured, or `nil` where it was streamed.
        var captured: RunResult.CapturedOutput? {
            guard let output = output as? CaptureSink, let error = error as? CaptureSink else { return nil }
            func stream(_ sink: CaptureSink) -> RunResult.CapturedStream {
                let (start, end, missing) = sink.kept
                return RunResult.CapturedStream(start: start, end: end, missing: missing)
            }
            return RunResult.CapturedOutput(output: stream(output), error: stream(error))
        }
    }
}
