/// Eight bytes in which four characters may have one separator between them, each or in pairs.
public struct SpacedBytes: BitwiseCopyable {
    @usableFromInline internal var word: UInt64

    /// Four characters, as they would stand without separators.
    public struct Reading: BitwiseCopyable {
        /// Where in the eight bytes the first character lies.
        public var start: Int
        /// The characters as one number.
        public var gram: UInt32
        /// Whether two characters lie beside each other.
        public var isPaired: Bool

        @inlinable @inline(__always)
        internal init(start: Int, gram: UInt32, isPaired: Bool) {
            (self.start, self.gram, self.isPaired) = (start, gram, isPaired)
        }
    }

    /// Whether any separator is repeated; a filter before `reading`.
    @inlinable @inline(__always)
    internal var isCandidate: Bool {
        let two = word ^ (word &>> 16)
        let three = word ^ (word &>> 24)
        // The third place of a pair's separator shows once only: there it must be none of the letters, too.
        let third = (three &>> 16 & 0xFF) | (Self.letters &>> (word &>> 20 & 0xF)) & 1
        return two & 0xFF00_FF00 == 0 || two & 0xFF_00FF_0000 == 0 || three & 0xFF00_00FF == 0
            || three & 0xFF_0000_FF00 == 0 || third == 0
    }

    /// A bit for each high half of a byte that letters have.
    @usableFromInline internal static let letters: UInt64 = 0b0000_0000_1111_0000

    /// How many readings there may be.
    public static let readings = 5

    /// The characters, where the separator lies in the `number`th of the possible places; no letter or digit is one.
    @inlinable @inline(__always)
    public func reading(_ number: Int) -> Reading? {
        // A zero byte where a byte equals the one two, or three, places on.
        let two = word ^ (word &>> 16)
        let three = word ^ (word &>> 24)
        switch number {
        case 0 where two & 0xFF00_FF00 == 0 && isSeparator(1):
            return Reading(start: 0, gram: gram(0, 2, 4, 6), isPaired: false)
        case 1 where two & 0xFF_00FF_0000 == 0 && isSeparator(2):
            return Reading(start: 1, gram: gram(1, 3, 5, 7), isPaired: false)
        case 2 where three & 0xFF_0000 == 0 && isPairSeparator(2):
            return Reading(start: 0, gram: gram(0, 1, 3, 4), isPaired: true)
        case 3 where three & 0xFF00_00FF == 0 && isPairSeparator(0):
            return Reading(start: 1, gram: gram(1, 2, 4, 5), isPaired: true)
        case 4 where three & 0xFF_0000_FF00 == 0 && isPairSeparator(1):
            return Reading(start: 2, gram: gram(2, 3, 5, 6), isPaired: true)
        default: return nil
        }
    }

    @inlinable @inline(__always)
    internal func byte(_ index: UInt64) -> UInt32 {
        UInt32(truncatingIfNeeded: word &>> (8 * index)) & 0xFF
    }

    @inlinable @inline(__always)
    internal func gram(_ first: UInt64, _ second: UInt64, _ third: UInt64, _ fourth: UInt64) -> UInt32 {
        byte(first) | byte(second) &<< 8 | byte(third) &<< 16 | byte(fourth) &<< 24
    }

    /// Between pairs stand spaces and what ASCII has before its letters, digits excepted.
    @inlinable @inline(__always)
    internal func isPairSeparator(_ index: UInt64) -> Bool {
        isSeparator(index) && Self.letters &>> (word &>> (8 * index + 4) & 0xF) & 1 == 0
    }

    @inlinable @inline(__always)
    internal func isSeparator(_ index: UInt64) -> Bool {
        let letter = byte(index) | 0x20
        return !(letter >= 0x61 && letter <= 0x7A) && !(byte(index) >= 0x30 && byte(index) <= 0x39)
    }
}

extension Span<UInt8> {
    /// The first of the positions `start`, `start + stride`, … at which four characters lie apart and have their bit set
    /// in `bitmap`; `nil` where none. The bitmap has `2^(32 - shift)` bits.
    ///
    /// Only probes near a separator are looked at that is there four times between characters or three times between
    /// pairs. Some of these must begin in a sample of sixteen bytes; samples lie `apart` from each other.
    public func firstSpacedBytes(
        from start: Int, stride: Int, apart: Int, bitmap: Span<UInt8>, shift: UInt32
    ) -> (position: Int, bytes: SpacedBytes)? {
        precondition(start >= 0 && stride > 0 && apart >= 16, "probes go forward from inside the bytes")
        precondition(shift > 0 && shift <= 29 && bitmap.count == 1 << (29 - Int(shift)), "bitmap and shift disagree")
        let text = unsafe bytes
        let last = count - 8
        var position = start
        // What a probe finds began a stride before it at most, and its separators thereafter.
        var sample = Swift.max(0, start - stride)
        var end = start
        while position <= last {
            guard position < end else {
                let near = firstSeparators(from: sample, apart: apart)
                let first = near.position - apart - 8
                if first > position { position += (first - position + stride - 1) / stride * stride }
                sample = near.position + apart
                end = near.isThere ? near.position + 16 + stride : count
                continue
            }
            let word = SpacedBytes(
                word: unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self))
            if word.isCandidate {
                for number in 0..<SpacedBytes.readings {
                    guard let reading = word.reading(number) else { continue }
                    let hash = Self.gramHash(reading.gram, shift: shift)
                    if bitmap[hash &>> 3] &>> UInt8(truncatingIfNeeded: hash & 7) & 1 != 0 { return (position, word) }
                }
            }
            position += stride
        }
        return nil
    }

    /// The first of the samples at `start`, `start + apart`, … in which bytes begin that are there four times two places
    /// apart or three times three places apart; or the first position at which there is no whole sample.
    private func firstSeparators(from start: Int, apart: Int) -> (position: Int, isThere: Bool) {
        let text = unsafe bytes
        let last = count - 22
        var position = start
        while position <= last {
            if unsafe Self.hasSeparators(text, position) { return (position, true) }
            position += apart
        }
        return (position, false)
    }

    /// Whether such bytes begin in the sixteen at `position`; the caller has checked that twenty-two are there.
    @unsafe @inline(__always)
    private static func hasSeparators(_ text: RawSpan, _ position: Int) -> Bool {
        let first = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
        let second = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position + 2, as: SIMD16<UInt8>.self)
        let third = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position + 3, as: SIMD16<UInt8>.self)
        let fourth = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position + 4, as: SIMD16<UInt8>.self)
        let sixth = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position + 6, as: SIMD16<UInt8>.self)
        // With every type written out: operators found through inference are not the inlined ones.
        let single: SIMDMask<SIMD16<Int8>> = first .== second
        let singleAgain: SIMDMask<SIMD16<Int8>> = second .== fourth
        // Addresses and versions have three dots two places apart.
        let singleOnceMore: SIMDMask<SIMD16<Int8>> = fourth .== sixth
        let paired: SIMDMask<SIMD16<Int8>> = first .== third
        let pairedAgain: SIMDMask<SIMD16<Int8>> = third .== sixth
        let mask: SIMDMask<SIMD16<Int8>> = (single .& singleAgain .& singleOnceMore) .| (paired .& pairedAgain)
        let words = unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
        return words[0] | words[1] != 0
    }
}
