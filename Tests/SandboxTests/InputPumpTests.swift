import Glibc
import Linux
import Testing

@testable import Sandbox

/// The way of input from the caller to the program's pipe.
struct InputPumpTests {
    /// The program may close its input, or end, after poll(2) has looked and before the bytes are passed on.
    @Test(arguments: ["", "unread"]) func `a program that has just closed its input is no failure`(content: String)
        async
    {
        await #expect(processExitsWith: .success) { [content] in
            Signals.ignore(Signals.brokenPipe)
            let caller = try Pipe(atLeast: 64)
            try BorrowedDescriptor(caller.writing).writeAll(content)
            try #require(dup2(caller.reading.rawValue, 0) == 0)
            let program = try Pipe(atLeast: 64)
            let writing = try program.writing.duplicate()
            _ = consume program
            var pump = InputPump(writing)
            pump.advance(source: .readable, target: [])
            let failure = pump.failure
            #expect(failure == nil)
        }
    }
}
