import Linux
import Redaction
import Testing

@testable import Sandbox

/// The way of output from a pipe to its sink.
struct OutputPumpTests {
    /// poll(2) looks at a pipe's content before it looks at its writers: what is written in between, and the end behind it,
    /// look like an end alone.
    @Test(arguments: ["", "the last words"]) func `an end that overtakes the last words loses none`(words: String)
        throws
    {
        let pipe = try Pipe(atLeast: 64)
        let reading = try pipe.reading.duplicate()
        try BorrowedDescriptor(reading).setNonBlocking(true)
        try BorrowedDescriptor(pipe.writing).writeAll(words)
        _ = consume pipe
        let sink = CaptureSink(limit: 1 << 10)
        var pump = OutputPump(reading, matcher: Matcher(secrets: []), sink: sink)
        var buffer = ReadBuffer()
        pump.advance(source: .hungUp, sink: [], through: &buffer)
        pump.drain(through: &buffer)
        #expect(String(decoding: sink.start + sink.end, as: UTF8.self) == words)
        let isDone = pump.isDone
        #expect(isDone)
    }
}
