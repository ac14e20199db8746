public import Diagnostics
internal import Linux
internal import Runner

/// The server: reads requests from the client until it goes away, and answers them.
public enum Server {
    /// How long the end may take, in milliseconds: clients wait two seconds before they kill.
    private static let lastWait: UInt64 = 700
    /// How often a client that asked for it hears that its call still runs, in milliseconds.
    private static let progressInterval: UInt64 = 5_000

    /// Serves by this process's standard streams and returns its exit status. Must be called before anything else opens
    /// a file or starts a thread.
    public static func serve(_ configuration: ServerConfiguration) throws(ErrorReport) -> Int32 {
        do {
            let streams = try ServiceStreams()
            let backend = try SandboxBackend(configuration, beginning: streams.beginning)
            return try serve(
                backend, input: BorrowedDescriptor(streams.input), output: BorrowedDescriptor(streams.output))
        } catch let error as any ReportableError {
            throw error.report
        } catch {
            throw ErrorReport(.internalError, "the server cannot run: \(error)", hint: "run `vault-sandbox doctor`")
        }
    }

    /// Serves until the client's end or a signal; what is under way then is ended.
    internal static func serve(
        _ backend: any Backend, input: BorrowedDescriptor, output: BorrowedDescriptor
    ) throws(SystemCallError) -> Int32 {
        let signals = try SignalDescriptor(SignalSet(ServiceStreams.endingSignals))
        let outbox = try Outbox(output)
        let calls = CallTable()
        var dispatcher = Dispatcher(outbox: outbox, backend: backend, calls: calls)
        var reader = LineReader()
        var nextProgress = Clocks.monotonicMilliseconds + progressInterval
        var status: Int32 = 0
        serving: while true {
            let now = Clocks.monotonicMilliseconds
            if now >= nextProgress {
                calls.reportProgress()
                nextProgress = now + progressInterval
            }
            let events = try Polling.wait(
                [
                    PollEntry(input, .readable), PollEntry(BorrowedDescriptor(signals.descriptor), .readable),
                    outbox.clientGone, PollEntry(output, []),
                ], milliseconds: calls.isIdle ? -1 : Int32(nextProgress - now))
            // A client that reads no more is gone, even where it keeps the other end open.
            if !events[2].isEmpty || !events[3].isEmpty { break }
            if !events[1].isEmpty, let arrival = (try? signals.next()) ?? nil {
                status = 128 + arrival.signal
                break serving
            }
            guard !events[0].isEmpty else { continue }
            do throws(SystemCallError) {
                if case .end = try reader.read(from: input, { dispatcher.take($0) }) { break serving }
            } catch  where error.errno == .wouldBlock {
                // The client may have made the descriptor, which it shares, non-blocking.
                continue
            } catch {
                break serving
            }
        }
        end(calls, outbox)
        return status
    }

    /// Ends what is under way and lets out what is finished.
    private static func end(_ calls: CallTable, _ outbox: Outbox) {
        let deadline = Clocks.monotonicMilliseconds + lastWait
        calls.endRuns()
        while !calls.isIdle, Clocks.monotonicMilliseconds < deadline {
            _ = try? Polling.wait([], milliseconds: 2)
        }
        outbox.flush(milliseconds: 200)
    }
}
