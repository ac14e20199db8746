/// The kernel of the redaction matcher: what it reads without a bounds check for each byte.
///
/// Each function checks its whole range once at entry, so that no argument can make it read outside its spans.
extension Span<UInt8> {
    /// The four bytes that start at `position`, as one number.
    @inlinable @inline(__always)
    public func gram(at position: Int) -> UInt32 {
        precondition(position >= 0 && position <= count - 4, "a gram lies outside the bytes")
        return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt32.self)
    }

    /// The place of a gram in tables of `2^(32 - shift)` places: Fibonacci hashing, one multiplication.
    @inlinable @inline(__always)
    public static func gramHash(_ gram: UInt32, shift: UInt32) -> Int {
        Int(truncatingIfNeeded: (gram &* 0x9E37_79B1) &>> shift)
    }

    /// The first of the positions `start`, `start + stride`, … whose gram has its bit set in `bitmap`; `nil` where none.
    ///
    /// The bitmap has `2^(32 - shift)` bits. No probe depends on the one before it, so the processor overlaps them.
    public func firstGramHit(from start: Int, stride: Int, bitmap: Span<UInt8>, shift: UInt32) -> Int? {
        precondition(start >= 0 && stride > 0, "probes go forward from inside the bytes")
        precondition(shift > 0 && shift <= 29 && bitmap.count == 1 << (29 - Int(shift)), "bitmap and shift disagree")
        let last = count - 4
        guard start <= last else { return nil }
        let text = unsafe bytes
        let bits = unsafe bitmap.bytes
        var position = start
        // Four probes a round, one branch; all positions of the round are at most `last`.
        let lastRound = last - 3 * stride
        while position <= lastRound {
            let found =
                unsafe Self.isSet(text, position, bits, shift) | Self.isSet(text, position + stride, bits, shift)
                | Self.isSet(text, position + 2 * stride, bits, shift)
                | Self.isSet(text, position + 3 * stride, bits, shift)
            if found & 1 != 0 { break }
            position += 4 * stride
        }
        while position <= last {
            if unsafe Self.isSet(text, position, bits, shift) & 1 != 0 { return position }
            position += stride
        }
        return nil
    }

    /// A hash of eight bytes, the best of whose bits are the upper ones.
    @inlinable @inline(__always)
    public static func blockProduct(_ block: UInt64) -> UInt64 { block &* 0x9E37_79B9_7F4A_7C15 }

    /// Where eight bytes have their two bits in a filter of `2^(64 - shift)` words: the word and the bits.
    @inlinable @inline(__always)
    public static func blockHash(_ block: UInt64, shift: UInt64) -> (word: Int, first: UInt64, second: UInt64) {
        let hash = blockProduct(block)
        return (Int(truncatingIfNeeded: hash &>> shift), (hash &>> 24) & 63, (hash &>> 30) & 63)
    }

    /// The first position from `start` on whose eight bytes have both bits set in `filter`; `nil` where none.
    public func firstBlockHit(from start: Int, filter: Span<UInt64>, shift: UInt64) -> Int? {
        precondition(start >= 0, "a search goes forward from inside the bytes")
        precondition(shift > 36 && shift < 64 && filter.count == 1 << (64 - Int(shift)), "filter and shift disagree")
        let text = unsafe bytes
        let words = unsafe filter.bytes
        var position = start
        // Four probes a round, one branch.
        while position <= count - 11 {
            let found =
                unsafe Self.isBlockSet(text, position, words, shift) | Self.isBlockSet(text, position + 1, words, shift)
                | Self.isBlockSet(text, position + 2, words, shift) | Self.isBlockSet(text, position + 3, words, shift)
            if found & 1 != 0 { break }
            position += 4
        }
        while position <= count - 8 {
            if unsafe Self.isBlockSet(text, position, words, shift) & 1 != 0 { return position }
            position += 1
        }
        return nil
    }

    /// A number whose lowest bit says whether both bits of the eight bytes at `position` are set; the caller has checked
    /// the range.
    @unsafe @inline(__always)
    private static func isBlockSet(_ text: RawSpan, _ position: Int, _ words: RawSpan, _ shift: UInt64) -> UInt64 {
        let block = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self)
        let place = blockHash(block, shift: shift)
        let word = unsafe words.unsafeLoad(fromUncheckedByteOffset: place.word &* 8, as: UInt64.self)
        return (word &>> place.first) & (word &>> place.second)
    }

    /// A number whose lowest bit is the bitmap's bit of the gram at `position`; the caller has checked the range.
    @unsafe @inline(__always)
    private static func isSet(_ text: RawSpan, _ position: Int, _ bits: RawSpan, _ shift: UInt32) -> UInt8 {
        let gram = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt32.self)
        let hash = gramHash(gram, shift: shift)
        let byte = unsafe bits.unsafeLoad(fromUncheckedByteOffset: hash &>> 3, as: UInt8.self)
        return byte &>> UInt8(truncatingIfNeeded: hash & 7)
    }

    /// How many of the `length` bytes from `position` equal those of `other` from `otherPosition`, from the first on.
    ///
    /// Stops at the first difference: whoever could time it wrote the text himself.
    @inlinable @inline(__always)
    public func agreement(at position: Int, with other: Span<UInt8>, at otherPosition: Int, length: Int) -> Int {
        precondition(position >= 0 && length >= 0 && position <= count - length, "a comparison outside the bytes")
        precondition(otherPosition >= 0 && otherPosition <= other.count - length, "a comparison outside the bytes")
        let mine = unsafe bytes
        let theirs = unsafe other.bytes
        var index = 0
        while index <= length - 8 {
            let left = unsafe mine.unsafeLoadUnaligned(
                fromUncheckedByteOffset: position + index, as: UInt64.self)
            let right = unsafe theirs.unsafeLoadUnaligned(
                fromUncheckedByteOffset: otherPosition + index, as: UInt64.self)
            if left != right { return index + (left ^ right).trailingZeroBitCount / 8 }
            index += 8
        }
        while index < length {
            let left = unsafe mine.unsafeLoad(fromUncheckedByteOffset: position + index, as: UInt8.self)
            let right = unsafe theirs.unsafeLoad(fromUncheckedByteOffset: otherPosition + index, as: UInt8.self)
            if left != right { return index }
            index += 1
        }
        return length
    }
}
