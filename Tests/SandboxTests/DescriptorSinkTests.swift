import Linux
import TestSupport
import Testing

@testable import Sandbox

/// Passing output on to a descriptor of the caller's.
struct DescriptorSinkTests {
    private let block = [UInt8](repeating: 7, count: 256 << 10)

    @Test func `a pipe takes what it has room for, and then nothing, without waiting`() throws {
        let pipe = try Pipe(atLeast: 16)
        let sink = DescriptorSink(descriptor: pipe.writing.rawValue)
        var taken = 0
        while true {
            let count = try sink.accept(block.span)
            if count == 0 { break }
            taken += count
            try #require(taken <= 1 << 20, "a pipe nobody reads must fill up")
        }
        #expect(taken >= 4096)
        // The caller's own open file still waits, as it did before: it is shared with others.
        #expect(try BorrowedDescriptor(pipe.reading).read(upTo: 1 << 20).count == taken)
        #expect(try sink.accept(block.span) > 0)
    }

    @Test func `the caller's open file is not made non-blocking`() throws {
        let pipe = try Pipe(atLeast: 16)
        let writing = pipe.writing.rawValue
        let before = try flags(of: writing)
        let sink = DescriptorSink(descriptor: writing)
        _ = try sink.accept(block.span)
        #expect(try flags(of: writing) == before)
    }

    @Test func `a socket takes what it has room for, and then nothing, without waiting`() throws {
        let pair = try SocketPair(atLeast: 16)
        let sink = DescriptorSink(descriptor: pair.near.rawValue)
        var calls = 0
        while try sink.accept(block.span) > 0 {
            calls += 1
            try #require(calls < 10_000, "a socket nobody reads must fill up")
        }
        #expect(calls > 0)
    }

    @Test func `a file takes everything at once`() throws {
        let tree = try TemporaryDirectory()
        let file = try Files.open(tree.path("file"), [.writeOnly, .create], mode: 0o600)
        let sink = DescriptorSink(descriptor: file.rawValue)
        #expect(try sink.accept(block.span) == block.count)
        #expect(try Files.contents(of: tree.path("file"), limit: 1 << 20) == block)
    }

    @Test func `nobody reading is told as such`() throws {
        let writing = try writingEndWithoutReader()
        let sink = DescriptorSink(descriptor: writing.rawValue)
        #expect(throws: OutputGone(cause: nil)) { try sink.accept(block.span) }
    }

    @Test func `a full device is told apart from a reader that has gone`() throws {
        let device = try Files.open("/dev/full", .writeOnly)
        let sink = DescriptorSink(descriptor: device.rawValue)
        let cause = SystemCallError(call: "write", errno: .noSpace)
        #expect(throws: OutputGone(cause: cause)) { try sink.accept(block.span) }
    }

    @Test func `the descriptor to wait for is the caller's`() throws {
        let pipe = try Pipe(atLeast: 16)
        #expect(DescriptorSink(descriptor: pipe.writing.rawValue).pollNumber == pipe.writing.rawValue)
    }

    private func writingEndWithoutReader() throws -> FileDescriptor {
        // A write to such a pipe must fail, not end the test process.
        ignoreBrokenPipes()
        let pipe = try Pipe(atLeast: 16)
        return try pipe.writing.duplicate(atLeast: 16)
    }

    /// The status flags of an open file, as /proc tells them.
    private func flags(of descriptor: Int32) throws -> String {
        let text = String(
            decoding: try Files.contents(of: "/proc/self/fdinfo/\(descriptor)", limit: 4096), as: UTF8.self)
        return try #require(text.split(separator: "\n").first { $0.hasPrefix("flags:") }).description
    }
}

extension BorrowedDescriptor {
    /// Reads once, at most this many bytes, until as many came or nothing is there.
    fileprivate func read(upTo limit: Int) throws -> [UInt8] {
        var result: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: limit)
        while try Polling.wait([PollEntry(self, .readable)], milliseconds: 0)[0].contains(.readable) {
            var span = buffer.mutableSpan
            let count = try read(into: &span)
            guard count > 0 else { break }
            result += buffer[0..<count]
        }
        return result
    }
}
