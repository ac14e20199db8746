internal import Linux

/// What the caller's descriptors 0 to 2 are, and so what the program gets in their place.
public struct StandardStreams: Equatable, Sendable {
    /// What happens to standard input.
    public enum Input: Equatable, Sendable {
        /// The program gets the caller's own: a pipe, a regular file or a harmless device.
        case passed
        /// The supervisor reads it and writes it to a pipe: a socket or terminal, on which the program could act.
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

    /// Makes a description.
    public init(input: Input, isOutputClosed: Bool = false, isErrorClosed: Bool = false) {
        self.input = input
        self.isOutputClosed = isOutputClosed
        self.isErrorClosed = isErrorClosed
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
        return streams
    }

    private static func classifyInput() throws(SandboxError) -> Input {
        guard let status = try? Files.status(of: .standardInput) else { return .closed }
        switch status.kind {
        case .directory: throw .directoryAsInput
        case .pipe, .regular: return .passed
        case .characterDevice: return isHarmless(status.deviceNumber) ? .passed : .pumped
        case .socket, .blockDevice, .symbolicLink, .other: return .pumped
        }
    }

    /// /dev/null, zero, full, random and urandom: major 1, minors 3, 5, 7, 8 and 9.
    private static func isHarmless(_ device: UInt64) -> Bool {
        switch device {
        case 0x103, 0x105, 0x107, 0x108, 0x109: true
        default: false
        }
    }
}
