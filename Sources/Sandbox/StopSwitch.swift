internal import Linux
internal import Synchronization

/// Ends a run from another thread than the one that supervises it.
public final class StopSwitch: Sendable {
    /// How a run is ended.
    public enum Wish: Int, Sendable {
        /// The program's process group is asked to end, and after a second everything is killed.
        case gently
        /// Everything is killed.
        case atOnce
    }

    /// How long a program that was asked to end has.
    internal static let grace = Duration.seconds(1)

    private let event: EventDescriptor
    private let wish = Mutex<Wish?>(nil)

    /// Makes a switch for one run.
    public init() throws(SandboxError) {
        do {
            event = try EventDescriptor()
        } catch {
            throw .system(error, during: "prepare the end of the run")
        }
    }

    /// Asks for the end. A run that has not started yet never starts its program; what was asked for is not taken back.
    public func turn(_ wish: Wish) {
        self.wish.withLock { known in
            known = known == .atOnce ? .atOnce : wish
        }
        event.signal()
    }

    /// Whether the end was asked for.
    public var isTurned: Bool { wish.withLock { $0 != nil } }

    /// What the supervisor waits for.
    internal var entry: PollEntry { PollEntry(BorrowedDescriptor(event.descriptor), .readable) }

    /// What is wished, so that the next wait waits for the next wish.
    internal func take() -> Wish? {
        event.clear()
        return wish.withLock { $0 }
    }
}
