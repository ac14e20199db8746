internal import CSodium

/// Numbers derived from secrets in guarded memory, kept as `SecretBytes` keeps bytes: between inaccessible pages, and
/// zeroed before they are returned.
@safe
public struct SecretWords: ~Copyable, @unchecked Sendable {
    private let storage: UnsafeMutableRawPointer
    /// How many words there are.
    public let count: Int

    /// Makes `count` words and lets `fill` write them; they start as zeroes.
    ///
    /// Traps where the machine has no memory left, as `SecretBytes` does.
    public init(count: Int, filling fill: (inout MutableSpan<UInt32>) -> Void) {
        precondition(count >= 0, "a table cannot have a negative length")
        let size = max(count, 1) * MemoryLayout<UInt32>.stride
        guard sodium_init() >= 0, let memory = unsafe sodium_malloc(size) else {
            fatalError("no guarded memory left for a table")
        }
        unsafe sodium_memzero(memory, size)
        let buffer = unsafe UnsafeMutableBufferPointer(
            start: memory.bindMemory(to: UInt32.self, capacity: max(count, 1)), count: count)
        var span = unsafe MutableSpan(_unsafeElements: buffer)
        fill(&span)
        unsafe self.storage = memory
        self.count = count
    }

    /// Lends the words for reading.
    @inline(__always)
    public borrowing func withSpan<R: ~Copyable, E: Error>(_ body: (Span<UInt32>) throws(E) -> R) throws(E) -> R {
        let buffer = unsafe UnsafeBufferPointer(start: storage.assumingMemoryBound(to: UInt32.self), count: count)
        return try body(unsafe Span(_unsafeElements: buffer))
    }

    deinit { unsafe sodium_free(storage) }
}
