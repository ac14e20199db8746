internal import Diagnostics
public import Linux
internal import Policy
internal import Redaction
public import Sandbox
internal import SandboxPlan

/// The use case of the project: runs one program with its secrets in a sandbox and gives back what came of it.
public enum Runner {
    /// Where a program's output goes.
    public enum Output: Sendable {
        /// To this process's own standard output and error, as it comes.
        case streamed
        /// Into the result, bounded by the policy.
        case captured
    }

    /// What must be learnt of the process before anything opens a file or starts a thread.
    public struct Beginning: Sendable {
        /// The standard streams.
        public let streams: StandardStreams
        /// The signals that the caller had blocked; those for the program are blocked since.
        public let blockedSignals: SignalSet

        /// Looks at the standard streams and blocks the signals that are passed on.
        public init() throws(RunError) {
            streams = try part { () throws(SandboxError) in try StandardStreams.inspect() }
            do throws(SystemCallError) {
                // A caller that ignores SIGCHLD would have the kernel throw the end of PID 1 away.
                Signals.restoreDefault(Signals.child)
                blockedSignals = try SignalSet(Supervisor.passedSignals + [Signals.brokenPipe]).block()
            } catch {
                throw .part(SandboxError.system(error, during: "block signals").report)
            }
        }
    }

    /// Runs a request to its end.
    public static func run(
        _ request: RunRequest, beginning: Beginning, output: Output, places: Places = .ofCaller()
    ) throws(RunError) -> RunResult {
        let began = Clocks.monotonicMilliseconds
        var generator = SystemRandomNumberGenerator()
        let runID = RunID(
            milliseconds: Clocks.wallMilliseconds, random: (generator.next(), generator.next()))
        var preparation = try Preparation(request, places: places)
        // PID 1 starts while this process lays out its root, and mounts while this process decrypts.
        let streams = beginning.streams
        let sharesNetwork = preparation.policy.network == .host
        let sandbox = try part { () throws(SandboxError) in
            try RunningSandbox(sharesNetwork: sharesNetwork, streams: streams)
        }
        let plan = try preparation.makePlan(streams: streams, blockedSignals: beginning.blockedSignals)
        try part { () throws(SandboxError) in try sandbox.send(plan) }
        // The rules need no value: a command that they refuse costs no passphrase.
        let shape = try preparation.intercept()
        let secrets = try preparation.collect()
        let warnings = try preparation.intercept(values: secrets, after: shape)
        var options = RedactionOptions()
        options.minimumLength = preparation.policy.redaction.minimumLength
        let matcher = Matcher(secrets: secrets.redaction, options: options)
        try part { () throws(SandboxError) in try sandbox.send(secrets.manifest, values: secrets.values) }
        let sinks = Sinks(output, limit: preparation.policy.limits.output)
        let supervision = Supervisor.Options(
            timeout: preparation.timeout, forwardedSignals: Supervisor.passedSignals)
        let outcome = try supervise(consume sandbox, plan, matcher, sinks, supervision)
        return RunResult(
            exitStatus: outcome.timedOut ? 124 : outcome.exitStatus ?? 128 + (outcome.signal ?? 0),
            signal: outcome.signal, timedOut: outcome.timedOut, timeout: preparation.timeout,
            secretsInjected: preparation.selected.map(\.name), redactions: outcome.redactions,
            notRedacted: matcher.notRedacted.sorted(), warnings: warnings, runID: runID,
            milliseconds: Clocks.monotonicMilliseconds - began, policy: preparation.policy.name,
            isolation: preparation.policy.limits.isolation, captured: sinks.captured)
    }

    private static func supervise(
        _ sandbox: consuming RunningSandbox, _ plan: LaunchPlan, _ matcher: Matcher, _ sinks: Sinks,
        _ options: Supervisor.Options
    ) throws(RunError) -> Supervisor.Outcome {
        do {
            return try Supervisor.supervise(
                sandbox, plan: plan, matcher: matcher, output: sinks.output, error: sinks.error, options: options)
        } catch {
            throw .part(error.report)
        }
    }

    /// Where the two streams go.
    private struct Sinks {
        let output: any OutputSink
        let error: any OutputSink

        init(_ kind: Output, limit: Int) {
            switch kind {
            case .streamed:
                output = DescriptorSink(descriptor: 1)
                error = DescriptorSink(descriptor: 2)
            case .captured:
                output = CaptureSink(limit: limit)
                error = CaptureSink(limit: limit)
            }
        }

        /// What was captured, or `nil` where it was streamed.
        var captured: RunResult.CapturedOutput? {
            guard let output = output as? CaptureSink, let error = error as? CaptureSink else { return nil }
            func stream(_ sink: CaptureSink) -> RunResult.CapturedStream {
                RunResult.CapturedStream(start: sink.start, end: sink.end, missing: sink.missing)
            }
            return RunResult.CapturedOutput(output: stream(output), error: stream(error))
        }
    }
}
