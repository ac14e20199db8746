import Diagnostics
import JSON
import Linux
import TestSupport
import Testing

@testable import MCPServer

/// Says that a server has ended; shared by its thread and whoever waits for it.
private final class End: Sendable {
    let event: EventDescriptor

    init(_ event: consuming EventDescriptor) { self.event = event }
}

/// A server on a thread of the test process, with a fake backend, at the other end of two pipes.
struct ServerFixture: ~Copyable {
    private let toServer: FileDescriptor
    private let fromServer: FileDescriptor
    private let ended: End
    let backend: FakeBackend

    init(_ backend: FakeBackend = FakeBackend()) throws {
        let requests = try Pipe()
        let answers = try Pipe()
        let ended = End(try EventDescriptor())
        ignoreBrokenPipes()
        let input = requests.reading
        let into = requests.writing
        let out = answers.reading
        let output = answers.writing
        let (inputNumber, outputNumber) = (input.release(), output.release())
        try Threads.start {
            _ = try? Server.serve(
                backend, input: BorrowedDescriptor(rawValue: inputNumber),
                output: BorrowedDescriptor(rawValue: outputNumber))
            ended.event.signal()
        }
        toServer = into
        fromServer = out
        self.ended = ended
        self.backend = backend
    }

    /// Sends one line as it is.
    func send(_ line: String) throws { try BorrowedDescriptor(toServer).writeAll(line + "\n") }

    /// Sends a request and returns the next message.
    func ask(_ method: String, _ parameters: JSONValue = [:], id: JSONValue = 1) throws -> JSONValue {
        try send(
            JSONText.encode(["jsonrpc": "2.0", "id": id, "method": .string(method), "params": parameters] as JSONValue))
        return try next()
    }

    /// Agrees on a revision.
    @discardableResult
    func initialize(_ revision: String = "2025-11-25", capabilities: JSONValue = [:]) throws -> JSONValue {
        try ask("initialize", ["protocolVersion": .string(revision), "capabilities": capabilities])
    }

    /// The next message of the server's, waiting at most ten seconds.
    func next() throws -> JSONValue {
        var line: [UInt8] = []
        while true {
            let events = try Polling.wait([PollEntry(BorrowedDescriptor(fromServer), .readable)], milliseconds: 10_000)
            try #require(events[0].contains(.readable), "the server says nothing")
            var byte: [UInt8] = [0]
            var span = byte.mutableSpan
            guard try BorrowedDescriptor(fromServer).read(into: &span) == 1 else {
                throw SystemCallError(call: "read", errno: .brokenPipe)
            }
            if byte[0] == UInt8(ascii: "\n") { return try JSONParser.parse(line.span) }
            line.append(byte[0])
        }
    }

    /// Whether anything comes within this time.
    func isSilent(milliseconds: Int32) throws -> Bool {
        try Polling.wait([PollEntry(BorrowedDescriptor(fromServer), .readable)], milliseconds: milliseconds)[0].isEmpty
    }

    /// Ends the input and waits for the server's end.
    consuming func finish() throws -> Bool {
        let input = toServer
        try input.close()
        let entry = PollEntry(BorrowedDescriptor(ended.event.descriptor), .readable)
        return try Polling.wait([entry], milliseconds: 3_000)[0].contains(.readable)
    }
}
