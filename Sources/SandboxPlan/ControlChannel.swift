public import Linux

/// Whole messages over the socket between supervisor and init: four bytes of length, then the message.
public enum ControlChannel {
    /// No message is longer: the kernel takes at most 2 MiB of arguments and environment, the rest is small.
    public static let longestMessage = 16 << 20

    /// Sends one message, however long it takes the other side to read it.
    public static func send(_ message: [UInt8], on socket: BorrowedDescriptor) throws(SystemCallError) {
        let frame = frame(message)
        try socket.writeAll(frame.span)
    }

    /// Sends one message and with it a descriptor.
    public static func send(
        _ message: [UInt8], with descriptor: BorrowedDescriptor, on socket: BorrowedDescriptor
    ) throws(SystemCallError) {
        let frame = frame(message)
        let sent = try socket.send(frame.span, with: descriptor)
        try socket.writeAll(frame.span.extracting(sent..<frame.count))
    }

    private static func frame(_ message: [UInt8]) -> [UInt8] {
        precondition(message.count <= longestMessage, "a message must fit the channel")
        let length = UInt32(message.count)
        return (0..<4).map { UInt8(truncatingIfNeeded: length >> ($0 * 8)) } + message
    }

    /// Waits for one message, as `receive` does, and takes the descriptor that may come with it.
    public static func receive(
        on socket: BorrowedDescriptor, descriptor: inout FileDescriptor?
    ) throws(SystemCallError) -> [UInt8] {
        let size = 4
        var header = [UInt8](repeating: 0, count: size)
        var span = header.mutableSpan
        var done = 0
        while done < size {
            let count = try socket.receive(into: &span, from: done, descriptor: &descriptor)
            guard count > 0 else { throw SystemCallError(call: "recvmsg", errno: .brokenPipe) }
            done += count
        }
        return try receiveBody(try length(of: header), on: socket)
    }

    /// Waits for one message. An end of the stream, or a length that no sender writes, is `EPIPE`: the peer is gone.
    public static func receive(on socket: BorrowedDescriptor) throws(SystemCallError) -> [UInt8] {
        try receiveBody(try receiveLength(on: socket), on: socket)
    }

    private static func receiveBody(_ length: Int, on socket: BorrowedDescriptor) throws(SystemCallError) -> [UInt8] {
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
        return try length(of: header)
    }

    private static func length(of header: [UInt8]) throws(SystemCallError) -> Int {
        let length = header.reversed().reduce(0) { $0 << 8 | Int($1) }
        guard length <= longestMessage else { throw SystemCallError(call: "read", errno: .brokenPipe) }
        return length
    }
}
