/// A bitmap of four-byte sequences that answers where in a text one of them may be.
///
/// It errs only towards "may be": a sequence that was inserted is never missed. No probe depends on the one before it,
/// so the processor overlaps them. The bitmap tells of the secrets it was made from, and lies in guarded memory.
@safe
public struct GramFilter: ~Copyable, Sendable {
    /// How many bytes one sequence has.
    public static let width = 4

    private let bitmap: SecretWords
    private let shift: UInt32

    /// How many bytes the bitmap takes.
    public var byteCount: Int { bitmap.count * MemoryLayout<UInt32>.stride }

    /// Makes the filter of `grams`, each four bytes in little-endian order; the caller clears them.
    ///
    /// The bitmap has about 64 bits for each sequence, within 512 bytes and 32 KiB so that it stays in the first cache.
    public init(grams: Span<UInt32>) {
        var bits: UInt32 = 12
        while bits < 18, 1 << bits < grams.count * 64 { bits += 1 }
        let shift = 32 - bits
        self.shift = shift
        bitmap = SecretWords(count: (1 << Int(bits)) / 32) { words in
            for index in 0..<grams.count {
                let slot = Self.slot(of: grams[index], shift: shift)
                words[Int(slot >> 5)] |= 1 << (slot & 31)
            }
        }
    }

    /// The position of the first sequence that may be one of the filter's, looking at `start`, `start + stride` and so
    /// on; where there is none, the first position in that row whose sequence does not end within `text`.
    public borrowing func firstHit(in text: Span<UInt8>, from start: Int, stride: Int) -> Int {
        precondition(start >= 0 && stride > 0, "a scan goes forwards from within the text")
        let shift = shift
        let textCount = text.count
        return bitmap.withSpan { words in
            unsafe text.withUnsafeBytes { bytes in
                unsafe words.withUnsafeBufferPointer { words in
                    // Every read is within bounds: of the text because position + 4 <= textCount was tested just
                    // before, of the bitmap because a slot has as many bits as the bitmap was made with.
                    var position = start
                    while position <= textCount - (3 * stride + Self.width) {
                        let first = unsafe Self.isSet(bytes, position, words, shift)
                        let second = unsafe Self.isSet(bytes, position + stride, words, shift)
                        let third = unsafe Self.isSet(bytes, position + 2 * stride, words, shift)
                        let fourth = unsafe Self.isSet(bytes, position + 3 * stride, words, shift)
                        if (first | second | third | fourth) & 1 != 0 { break }
                        position += 4 * stride
                    }
                    while position <= textCount - Self.width {
                        if unsafe Self.isSet(bytes, position, words, shift) & 1 != 0 { break }
                        position += stride
                    }
                    return position
                }
            }
        }
    }

    /// The bit of the sequence at `position`, in the lowest place; the other bits mean nothing.
    @unsafe @inline(__always)
    private static func isSet(
        _ bytes: UnsafeRawBufferPointer, _ position: Int, _ words: UnsafeBufferPointer<UInt32>, _ shift: UInt32
    ) -> UInt32 {
        guard let start = bytes.baseAddress, let table = words.baseAddress else { return 1 }
        let gram = unsafe UInt32(littleEndian: start.loadUnaligned(fromByteOffset: position, as: UInt32.self))
        let slot = slot(of: gram, shift: shift)
        return unsafe table[Int(slot >> 5)] &>> (slot & 31)
    }

    /// Multiplicative hashing after Knuth: the highest bits of the product are the best mixed.
    @inline(__always)
    private static func slot(of gram: UInt32, shift: UInt32) -> UInt32 {
        (gram &* 0x9E37_79B1) &>> shift
    }
}
