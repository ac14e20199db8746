internal import Linux
internal import SandboxPlan

/// What the caller's descriptors 0 to 2 are, and so what the program gets in their place.
public struct StandardStreams: Equatable, Sendable {
    /// What happens to standard input.
    public enum Input: Equatable, Sendable {
        /// A harmless device; the program gets the sandbox's own of the same kind.
        case device
        /// The supervisor carries it to a pipe of the program's: a program that held the caller's own pipe or open file
        /// could write to it, or to the file, by opening /proc/self/fd/0 anew.
        case pumped
        /// The caller had closed it, and so finds it the program.
        case closed
    }

    /// What happens to standard input.
    public var input: Input
    /// Whether the caller had closed standard output.
    public var isOutputClosed: Bool
    /// Whether the caller had closed standard error.
    public var isErrorClosed: Bool
    /// Whether standard output and error are one open file, as after `2>&1`: then one pipe keeps their order.
    public var isErrorOutput: Bool

    /// Makes a description.
    public init(
        input: Input, isOutputClosed: Bool = false, isErrorClosed: Bool = false, isErrorOutput: Bool = false
    ) {
        self.input = input
        self.isOutputClosed = isOutputClosed
        self.isErrorClosed = isErrorClosed
        self.isErrorOutput = isErrorOutput
    }

    /// The same streams for a run whose output and error are told apart whatever the caller's are.
    public var separated: StandardStreams {
        var streams = self
        streams.isErrorOutput = false
        return streams
    }

    /// Streams of which the program gets none.
    internal static let none = StandardStreams(input: .closed, isOutputClosed: true, isErrorClosed: true)

    /// Whether each of the three is a terminal, so that a program is likely meant for a person.
    public static var areTerminals: Bool {
        [BorrowedDescriptor.standardInput, .standardOutput, .standardError].allSatisfy(\.isTerminal)
    }

    /// Looks at this process's descriptors 0 to 2, and opens /dev/null where one is closed, so that no file opened later
    /// takes its place. Must run before anything else opens a file.
    public static func inspect() throws(SandboxError) -> StandardStreams {
        var closed = [false, false, false]
        for number in 0...2 where !BorrowedDescriptor(rawValue: Int32(number)).isOpen {
            closed[number] = true
            // The lowest free number is this one: the ones below were just seen to be open.
            _ = try? Files.open("/dev/null", .readWrite).release()
        }
        var streams = StandardStreams(input: .closed, isOutputClosed: closed[1], isErrorClosed: closed[2])
        if !closed[0] { streams.input = try classifyInput() }
        if !closed[1], !closed[2] {
            streams.isErrorOutput = BorrowedDescriptor.standardOutput.isSameOpenFile(as: .standardError)
        }
        return streams
    }

    private static func classifyInput() throws(SandboxError) -> Input {
        guard let status = try? Files.status(of: .standardInput) else { return .closed }
        switch status.kind {
        case .directory: throw .directoryAsInput
        case .characterDevice: return HarmlessDevice(number: status.deviceNumber) == nil ? .pumped : .device
        case .pipe, .regular, .socket, .blockDevice, .symbolicLink, .other: return .pumped
        }
    }
}
