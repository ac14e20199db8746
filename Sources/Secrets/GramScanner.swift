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
    public func firstSpacedBytes(
        from start: Int, stride: Int, bitmap: Span<UInt8>, shift: UInt32
    ) -> (position: Int, bytes: SpacedBytes)? {
        precondition(start >= 0 && stride > 0, "probes go forward from inside the bytes")
        precondition(shift > 0 && shift <= 29 && bitmap.count == 1 << (29 - Int(shift)), "bitmap and shift disagree")
        let text = unsafe bytes
        let last = count - 8
        var position = start
        while position <= last {
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

    /// The first position from `start` on whose byte an escape or a control sequence may begin with; `nil` where none.
    ///
    /// These are backslash, percent sign, ampersand, escape, carriage return, and the controls up to backspace.
    public func firstRareByte(from start: Int) -> Int? {
        precondition(start >= 0, "a search goes forward from inside the bytes")
        let text = unsafe bytes
        var position = start
        // Escapes mostly stand close together.
        while position < Swift.min(start + 4, count) {
            if Self.isRare(unsafe text.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)) {
                return position
            }
            position += 1
        }
        while position <= count - 64 {
            let found =
                unsafe Self.rare(text, position) | Self.rare(text, position + 16) | Self.rare(text, position + 32)
                | Self.rare(text, position + 48)
            if found[0] | found[1] != 0 { break }
            position += 64
        }
        while position < count {
            if Self.isRare(unsafe text.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)) {
                return position
            }
            position += 1
        }
        return nil
    }

    @inline(__always)
    private static func isRare(_ byte: UInt8) -> Bool {
        switch byte {
        case 0...8, 0x0D, 0x1B, UInt8(ascii: "%"), UInt8(ascii: "&"), UInt8(ascii: "\\"): true
        default: false
        }
    }

    /// Not zero where one of the sixteen bytes at `position` is rare; the caller has checked the range.
    @unsafe @inline(__always)
    private static func rare(_ text: RawSpan, _ position: Int) -> SIMD2<UInt64> {
        let bytes = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
        // With every type written out: operators found through inference are not the inlined ones.
        let control: SIMDMask<SIMD16<Int8>> = bytes .<= SIMD16<UInt8>(repeating: 8)
        let carriage: SIMDMask<SIMD16<Int8>> = bytes .== SIMD16<UInt8>(repeating: 0x0D)
        let escape: SIMDMask<SIMD16<Int8>> = bytes .== SIMD16<UInt8>(repeating: 0x1B)
        let percent: SIMDMask<SIMD16<Int8>> = bytes .== SIMD16<UInt8>(repeating: 0x25)
        let ampersand: SIMDMask<SIMD16<Int8>> = bytes .== SIMD16<UInt8>(repeating: 0x26)
        let backslash: SIMDMask<SIMD16<Int8>> = bytes .== SIMD16<UInt8>(repeating: 0x5C)
        let mask: SIMDMask<SIMD16<Int8>> = control .| carriage .| escape .| percent .| ampersand .| backslash
        return unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    }

    /// The first position from `start` on where a line ends that may go on in the next one; `nil` where none.
    ///
    /// That is the newline, or the carriage return before it or at the end, behind a run of at least `least` bytes without
    /// white space and punctuation that stands before `+` in ASCII. `before` such bytes lie before these bytes. Every
    /// other sixteen bytes are looked at, so that `least` must be 47 or more.
    public func firstLineJoin(from start: Int, least: Int, before: Int) -> Int? {
        precondition(start >= 0 && least >= 47, "shorter runs may lie between the samples")
        var position = Swift.max(0, start - least)
        if position == 0, before > 0 {
            let end = endOfRun(from: 0)
            if end + before >= least, end >= start, isLineEnd(end) { return end }
        }
        while position <= count - 16 {
            guard isDense(at: position) else {
                position += 32
                continue
            }
            let end = endOfRun(from: position)
            if end >= start, isLineEnd(end) {
                var first = position
                while first > 0, end - first < least, self[first - 1] >= UInt8(ascii: "+") { first -= 1 }
                if end - first >= least || (first == 0 && end + before >= least) { return end }
            }
            position = end + 1
        }
        return nil
    }

    private func isLineEnd(_ position: Int) -> Bool {
        guard position < count else { return false }
        if self[position] == 0x0A { return true }
        return self[position] == 0x0D && (position + 1 == count || self[position + 1] == 0x0A)
    }

    /// The first position from `start` on whose byte ends a run.
    private func endOfRun(from start: Int) -> Int {
        var position = start
        while position <= count - 16, isDense(at: position) { position += 16 }
        while position < count, self[position] >= UInt8(ascii: "+") { position += 1 }
        return position
    }

    /// Whether none of the sixteen bytes at `position` ends a run.
    @inline(__always)
    private func isDense(at position: Int) -> Bool {
        precondition(position >= 0 && position <= count - 16, "a sample lies outside the bytes")
        let text = unsafe self.bytes
        let sample = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
        let isEnd: SIMDMask<SIMD16<Int8>> = sample .< SIMD16<UInt8>(repeating: 0x2B)
        let ends = unsafe unsafeBitCast(isEnd, to: SIMD2<UInt64>.self)
        return ends[0] | ends[1] == 0
    }
}
