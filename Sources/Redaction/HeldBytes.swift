internal import Secrets

/// The bytes that a stream holds back, in guarded memory of a fixed size.
internal struct HeldBytes: ~Copyable {
    private var storage: SecretBytes
    private var start = 0
    private var end = 0

    /// Makes room for `capacity` bytes: twice what is ever held, so that bytes seldom have to move.
    init(capacity: Int) {
        storage = SecretBytes(count: capacity) { _ in }
    }

    /// How many bytes are held.
    var count: Int { end - start }

    /// Adds `bytes` at the end.
    mutating func append(_ bytes: Span<UInt8>) {
        guard !bytes.isEmpty else { return }
        let (from, to) = (start, end)
        let moves = end + bytes.count > storage.count
        storage.withMutableSpan { storage in
            if moves {
                for index in from..<to { storage[index - from] = storage[index] }
            }
            let place = moves ? to - from : to
            for index in 0..<bytes.count { storage[place + index] = bytes[index] }
        }
        if moves { (start, end) = (0, to - from) }
        end += bytes.count
    }

    /// Forgets the first `number` bytes.
    mutating func drop(_ number: Int) {
        start += number
        if start == end { (start, end) = (0, 0) }
    }

    /// Gives the sink some of the bytes, and keeps them.
    borrowing func give<E: Error>(_ range: Range<Int>, to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        let first = start + range.lowerBound
        let last = start + range.upperBound
        try storage.withSpan { bytes throws(E) in try sink(bytes.extracting(first..<last)) }
    }

    /// Gives the sink all bytes, and forgets them.
    mutating func giveAll<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        let count = count
        try give(0..<count, to: sink)
        drop(count)
    }
}
