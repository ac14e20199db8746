internal import CSodium

/// Bytes of a secret in guarded memory, owned by one place and zeroed when that place lets go.
///
/// The storage lies between two inaccessible pages, is locked against swapping where the limit allows, is left out of
/// core dumps, and is zeroed before it is returned (libsodium's `sodium_malloc` and `sodium_free`). The bytes are
/// reached only inside a closure, never as a `String`.
@safe
public struct SecretBytes: ~Copyable, @unchecked Sendable {
    /// `nil` where there are no bytes, for which no pages are taken.
    private let storage: UnsafeMutableRawPointer?
    /// How many bytes there are.
    public let count: Int

    /// Makes `count` bytes and lets `fill` write them; they start as zeroes.
    ///
    /// Traps where the machine has no memory left: there is no way to go on without leaving secrets half-made.
    public init<E: Error>(count: Int, filling fill: (inout MutableSpan<UInt8>) throws(E) -> Void) throws(E) {
        precondition(count >= 0, "a secret cannot have a negative length")
        guard count > 0 else {
            var nothing = MutableSpan<UInt8>()
            try fill(&nothing)
            unsafe storage = nil
            self.count = 0
            return
        }
        guard sodium_init() >= 0, let memory = unsafe sodium_malloc(count) else {
            fatalError("no guarded memory left for a secret")
        }
        unsafe sodium_memzero(memory, count)
        let buffer = unsafe UnsafeMutableBufferPointer(
            start: memory.assumingMemoryBound(to: UInt8.self), count: count)
        do {
            var span = unsafe MutableSpan(_unsafeElements: buffer)
            try fill(&span)
        } catch {
            unsafe sodium_free(memory)
            throw error
        }
        unsafe self.storage = memory
        self.count = count
    }

    /// Copies `bytes` into guarded memory; the source stays the caller's to clear.
    public init(copying bytes: Span<UInt8>) {
        self.init(count: bytes.count) { span in
            for index in 0..<bytes.count { span[index] = bytes[index] }
        }
    }

    /// Lends the bytes for reading.
    public borrowing func withSpan<R: ~Copyable, E: Error>(_ body: (Span<UInt8>) throws(E) -> R) throws(E) -> R {
        let buffer = unsafe UnsafeBufferPointer(start: storage?.assumingMemoryBound(to: UInt8.self), count: count)
        return try body(unsafe Span(_unsafeElements: buffer))
    }

    /// Lends the bytes for writing.
    public mutating func withMutableSpan<R: ~Copyable, E: Error>(
        _ body: (inout MutableSpan<UInt8>) throws(E) -> R
    ) throws(E) -> R {
        let buffer = unsafe UnsafeMutableBufferPointer(
            start: storage?.assumingMemoryBound(to: UInt8.self), count: count)
        var span = unsafe MutableSpan(_unsafeElements: buffer)
        return try body(&span)
    }

    deinit { unsafe sodium_free(storage) }
}
