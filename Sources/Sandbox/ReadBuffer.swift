internal import Linux
internal import Secrets

/// What was read last of a program's output: it holds secrets until it is redacted, and so is guarded memory.
///
/// One buffer serves all streams of a run, one after the other, and is made when the first of them has something to
/// say: locking its pages takes longer than many a program runs.
internal struct ReadBuffer: ~Copyable {
    private var bytes: SecretBytes?
    private var count = 0

    /// How much is read at once, in bytes.
    private static let size = 128 * 1024

    /// Reads once and says how many bytes there were; 0 at the end.
    mutating func fill(from descriptor: BorrowedDescriptor) throws(SystemCallError) -> Int {
        var buffer = bytes.take() ?? SecretBytes(count: Self.size) { _ in }
        do {
            count = try buffer.withMutableSpan { span throws(SystemCallError) in try descriptor.read(into: &span) }
        } catch {
            bytes = consume buffer
            throw error
        }
        bytes = consume buffer
        return count
    }

    /// Lends what was read last.
    func withContent<E: Error>(_ body: (Span<UInt8>) throws(E) -> Void) throws(E) {
        switch bytes {
        case .some(let bytes): try bytes.withSpan { span throws(E) in try body(span.extracting(0..<count)) }
        case .none: return
        }
    }
}
