internal import Linux
internal import Synchronization

/// Does work on threads, so many at once and the rest in turn.
internal final class WorkQueue: Sendable {
    private struct State {
        var running = 0
        var waiting: [@Sendable () -> Void] = []
    }

    private let state = Mutex(State())
    private let width: Int
    private let depth: Int

    /// Makes a queue that does `width` things at once and lets `depth` more wait.
    init(width: Int, depth: Int) {
        self.width = width
        self.depth = depth
    }

    /// Does the work as soon as a thread is free; `false` where too much waits already, or no thread can be made.
    func submit(_ work: @escaping @Sendable () -> Void) -> Bool {
        let mayStart: Bool? = state.withLock { state in
            if state.running < width {
                state.running += 1
                return true
            }
            guard state.waiting.count < depth else { return nil }
            state.waiting.append(work)
            return false
        }
        guard let mayStart else { return false }
        guard mayStart else { return true }
        do throws(SystemCallError) {
            try Threads.start { [self] in
                var next: (@Sendable () -> Void)? = work
                while let work = next {
                    work()
                    next = takeNext()
                }
            }
            return true
        } catch {
            state.withLock { $0.running -= 1 }
            return false
        }
    }

    private func takeNext() -> (@Sendable () -> Void)? {
        state.withLock { state in
            guard !state.waiting.isEmpty else {
                state.running -= 1
                return nil
            }
            return state.waiting.removeFirst()
        }
    }
}
