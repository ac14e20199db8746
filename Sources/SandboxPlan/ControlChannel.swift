public import Linux

/// Whole messages over the socket between supervisor and init: four bytes of length, then the message.
public enum ControlChannel {
    /// No message is longer: the kernel takes at most 2 MiB of arguments and environment, the rest is small.
    public static let longestMessage = 16 << 20

    /// Sends one message, however long it takes the other side to read it.
    public static func send(_ message: [UInt8], on socket: BorrowedDescriptor) throws(SystemCallError) {
        precondition(message.count <= longestMessage, "a message must fit the channel")
        let length = UInt32(message.count)
        let frame = (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + message
        try socket.writeAll(frame.span)
    }

    /// Waits for one message. An end of the stream, or a length that no sender writes, is `EPIPE`: the peer is gone.
    public static func receive(on socket: BorrowedDescriptor) throws(SystemCallError) -> [UInt8] {
        let length = try receiveLength(on: socket)
        var message = [UInt8](repeating: 0, count: length)
        var span = message.mutableSpan
        try socket.readExactly(into: &span)
        return message
    }

    /// Waits for the four bytes in front of a message.
    public static func receiveLength(on socket: BorrowedDescriptor) throws(SystemCallError) -> Int {
        var header = [UInt8](repeating: 0, count: 4)
        var span = header.mutableSpan
        try socket.readExactly(into: &span)
        let length = header.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= longestMessage else { throw SystemCallError(call: "read", errno: .brokenPipe) }
        return length
    }
}
