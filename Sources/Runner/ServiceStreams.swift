public import Linux
internal import Sandbox

/// The standard streams of a process that serves by them: it keeps its own, and its runs find harmless ones.
public struct ServiceStreams: ~Copyable {
    /// What requests are read from.
    public let input: FileDescriptor
    /// What answers are written to.
    public let output: FileDescriptor
    /// What a run must know of this process.
    public let beginning: Runner.Beginning
    /// The signals that ask this process to end, blocked since.
    public static let endingSignals = [Signals.hangUp, Signals.interrupt, Signals.quit, Signals.terminate]

    /// Numbers of the kept descriptors, out of the way of everything that counts from 0.
    private static let firstNumber: Int32 = 64

    /// Keeps standard input and output under other numbers; 0 becomes /dev/null and 1 what 2 is, so that nothing that
    /// prints by mistake reaches the client, and no run reads its requests.
    ///
    /// Must run before anything else opens a file or starts a thread.
    public init() throws(RunError) {
        let streams = try part { () throws(SandboxError) in try StandardStreams.inspect() }
        guard streams.input != .closed, !streams.isOutputClosed else {
            throw .argument(
                "standard input and output are closed", hint: "start the server from a client, by its configuration")
        }
        do throws(SystemCallError) {
            let input = try BorrowedDescriptor.standardInput.duplicate(atLeast: Self.firstNumber)
            let output = try BorrowedDescriptor.standardOutput.duplicate(atLeast: Self.firstNumber)
            BorrowedDescriptor.standardInput.closeUnowned()
            // The lowest free number is the one that was just closed.
            _ = try Files.open("/dev/null", .readOnly).release()
            BorrowedDescriptor.standardOutput.closeUnowned()
            _ = try BorrowedDescriptor.standardError.duplicate(atLeast: 1).release()
            Signals.restoreDefault(Signals.child)
            // A client that goes away, or a limit on the size of files, must be an error of the write.
            let blocked = try SignalSet(Self.endingSignals + [Signals.brokenPipe, Signals.fileSize]).block()
            beginning = Runner.Beginning(streams: StandardStreams(input: .device), blockedSignals: blocked)
            self.input = input
            self.output = output
        } catch {
            throw .part(SandboxError.system(error, during: "keep the client's streams").report)
        }
    }
}
