import Linux
import Synchronization
import Testing

struct ThreadTests {
    /// What threads share with the test.
    private final class Board: Sendable {
        let count = Mutex(0)
        let event: EventDescriptor

        init() throws { event = try EventDescriptor() }
    }

    private func isSignalled(_ board: Board) throws -> Bool {
        let entry = PollEntry(BorrowedDescriptor(board.event.descriptor), .readable)
        return try Polling.wait([entry], milliseconds: 0)[0].contains(.readable)
    }

    @Test func `an event is there from its signal until it is cleared, however often it was signalled`() throws {
        let board = try Board()
        #expect(try !isSignalled(board))
        board.event.signal()
        board.event.signal()
        #expect(try isSignalled(board))
        board.event.clear()
        #expect(try !isSignalled(board))
        board.event.clear()
    }

    @Test func `every thread runs what it was given, once`() throws {
        let board = try Board()
        for _ in 0..<50 {
            try Threads.start {
                if board.count.withLock({
                    $0 += 1; return $0
                }) == 50 {
                    board.event.signal()
                }
            }
        }
        let entry = PollEntry(BorrowedDescriptor(board.event.descriptor), .readable)
        #expect(try Polling.wait([entry], milliseconds: 10_000)[0].contains(.readable))
        #expect(board.count.withLock { $0 } == 50)
    }
}
