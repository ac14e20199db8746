internal import Secrets

/// The byte sequences to look for, one after another in guarded memory.
internal struct PatternSet: ~Copyable {
    /// Where one sequence lies, whose it is, and what follows it.
    internal struct Entry: Sendable {
        /// The first byte's place in the memory.
        var start: Int
        /// How many bytes the sequence has.
        var count: Int
        /// The place of the secret in the matcher's list.
        var secret: Int
        /// Whether the character after it still carries bits of the value, as in base64 that ends within a byte.
        var leavesEdge: Bool
    }

    /// The sequences in the order in which they were made: where two are equal, the first counts.
    private(set) var entries: [Entry] = []
    private var storage = SecretBytes(count: 4096) { _ in }
    private var end = 0
    private var start = 0

    /// The number of bytes of all sequences.
    var byteCount: Int { end }

    /// Adds a byte to the sequence under way.
    mutating func put(_ byte: UInt8) {
        if end == storage.count { grow(to: end * 2) }
        let place = end
        storage.withMutableSpan { $0[place] = byte }
        end += 1
    }

    /// Adds the bytes of an ASCII text to the sequence under way.
    mutating func put(_ text: StaticString) {
        for index in 0..<text.utf8CodeUnitCount { put(text.description.utf8.dropFirst(index).first ?? 0) }
    }

    /// Adds the two hexadecimal digits of a byte.
    mutating func putHex(_ byte: UInt8, upper: Bool) {
        put(Self.digit(byte >> 4, upper: upper))
        put(Self.digit(byte & 15, upper: upper))
    }

    /// Ends the sequence under way; one shorter than `minimum`, or that the secret has already, is forgotten.
    mutating func finish(secret: Int, minimum: Int, leavesEdge: Bool = false) {
        if end - start >= max(minimum, 1), !isKnown(to: secret) {
            entries.append(Entry(start: start, count: end - start, secret: secret, leavesEdge: leavesEdge))
            start = end
        } else {
            end = start
        }
    }

    /// Lends all bytes for reading.
    borrowing func withBytes<R: ~Copyable>(_ body: (Span<UInt8>) -> R) -> R {
        storage.withSpan { body($0) }
    }

    /// Whether the sequence under way is one that the secret has: most families write most values as they are.
    private borrowing func isKnown(to secret: Int) -> Bool {
        let (first, count) = (start, end - start)
        return storage.withSpan { bytes in
            var number = entries.count
            while number > 0, entries[number - 1].secret == secret {
                number -= 1
                let entry = entries[number]
                guard entry.count == count else { continue }
                var index = 0
                while index < count, bytes[entry.start + index] == bytes[first + index] { index += 1 }
                if index == count { return true }
            }
            return false
        }
    }

    /// Moves to a larger memory; the smaller is zeroed as it goes.
    private mutating func grow(to count: Int) {
        let used = end
        let larger = storage.withSpan { old in
            SecretBytes(count: count) { new in
                for index in 0..<used { new[index] = old[index] }
            }
        }
        storage = larger
    }

    private static func digit(_ value: UInt8, upper: Bool) -> UInt8 {
        if value < 10 { return UInt8(ascii: "0") + value }
        return (upper ? UInt8(ascii: "A") : UInt8(ascii: "a")) + value - 10
    }
}
