extension Span<UInt8> {
    /// The first byte from `start` on that ends a line, LF or CR; the end where none does.
    ///
    /// Eight bytes at a time: a byte of `x` is zero where `(x - 0x01…) & ~x & 0x80…` has a bit at or below it, and the
    /// lowest such bit is exact. See "Bit Twiddling Hacks", Determine if a word has a zero byte.
    public func firstLineEnd(from start: Int) -> Int {
        precondition(start >= 0 && start <= count, "the search begins inside the bytes")
        let text = unsafe bytes
        var position = start
        while position <= count - 8 {
            let word = UInt64(
                littleEndian: unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self))
            let found = Self.zeroBytes(word ^ 0x0A0A_0A0A_0A0A_0A0A) | Self.zeroBytes(word ^ 0x0D0D_0D0D_0D0D_0D0D)
            if found != 0 { return position + found.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < count, self[position] != 0x0A, self[position] != 0x0D { position += 1 }
        return position
    }

    /// The first newline from `start` on; `nil` where none is.
    public func firstNewline(from start: Int) -> Int? {
        precondition(start >= 0, "a search goes forward from inside the bytes")
        let text = unsafe bytes
        var position = start
        while position <= count - 64 {
            let found =
                unsafe Self.newlines(text, position) | Self.newlines(text, position + 16)
                | Self.newlines(text, position + 32) | Self.newlines(text, position + 48)
            if found[0] | found[1] != 0 { break }
            position += 64
        }
        while position <= count - 8 {
            let word = UInt64(
                littleEndian: unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: UInt64.self))
            let found = Self.zeroBytes(word ^ 0x0A0A_0A0A_0A0A_0A0A)
            if found != 0 { return position + found.trailingZeroBitCount / 8 }
            position += 8
        }
        while position < count, self[position] != 0x0A { position += 1 }
        return position < count ? position : nil
    }

    /// Adds where in `range` the newlines are.
    internal func appendNewlines(of range: Range<Int>, to places: inout SecretArray<UInt32>) {
        precondition(range.lowerBound >= 0 && range.upperBound <= count, "newlines are looked for outside the bytes")
        let text = unsafe bytes
        places.reserve(range.count + 2)
        guard let room = unsafe places.storage else { return }
        var used = places.used
        var position = range.lowerBound
        while position <= range.upperBound - 64 {
            let first = unsafe Self.newlineBits(text, position)
            let second = first & (first &- 1)
            var rest = second & (second &- 1)
            // Two are written whether they are there or not: how many a line has cannot be foreseen.
            unsafe room[used] = UInt32(truncatingIfNeeded: position &+ first.trailingZeroBitCount)
            unsafe room[used + 1] = UInt32(truncatingIfNeeded: position &+ second.trailingZeroBitCount)
            used += (first != 0 ? 1 : 0) + (second != 0 ? 1 : 0)
            while rest != 0 {
                unsafe room[used] = UInt32(truncatingIfNeeded: position &+ rest.trailingZeroBitCount)
                used += 1
                rest &= rest &- 1
            }
            position += 64
        }
        while position < range.upperBound {
            if self[position] == 0x0A {
                unsafe room[used] = UInt32(truncatingIfNeeded: position)
                used += 1
            }
            position += 1
        }
        places.used = used
    }

    /// Not zero where one of the sixteen bytes at `position` is a newline; the caller has checked the range.
    @unsafe @inline(__always)
    internal static func newlines(_ text: RawSpan, _ position: Int) -> SIMD2<UInt64> {
        let bytes = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
        let mask: SIMDMask<SIMD16<Int8>> = bytes .== SIMD16<UInt8>(repeating: 0x0A)
        return unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
    }

    /// A bit for each newline of the sixty-four bytes at `position`; the caller has checked the range.
    @unsafe @inline(__always)
    internal static func newlineBits(_ text: RawSpan, _ position: Int) -> UInt64 {
        unsafe bits(newlines(text, position)) | bits(newlines(text, position + 16)) << 16
            | bits(newlines(text, position + 32)) << 32 | bits(newlines(text, position + 48)) << 48
    }

    /// The highest bit of the lowest byte that is zero, and none where no byte is.
    private static func zeroBytes(_ word: UInt64) -> UInt64 {
        (word &- 0x0101_0101_0101_0101) & ~word & 0x8080_8080_8080_8080
    }
}
