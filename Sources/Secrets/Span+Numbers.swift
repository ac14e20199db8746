/// How far numbers go on.
extension Span<UInt8> {
    /// The first position from `start` on whose byte is no digit of a hexadecimal number; at most `limit` or the end.
    public func endOfDigits(from start: Int, limit: Int) -> Int {
        precondition(start >= 0 && start <= count, "a number begins outside the bytes")
        let limit = Swift.min(limit, count)
        var position = start
        while position < limit {
            if let place = unsafe Self.first(Self.noDigits(block(at: position))) {
                return Swift.min(position + place, limit)
            }
            position += 16
        }
        return Swift.max(start, limit)
    }

    /// The first position from `start` on whose byte is no part of hexadecimal numbers and what parts them, that is, spaces,
    /// commas, hyphens and `0x`; at most `limit` or the end.
    public func endOfNumbers(from start: Int, limit: Int) -> Int {
        precondition(start >= 0 && start <= count, "a number begins outside the bytes")
        let limit = Swift.min(limit, count)
        var position = start
        while position < limit {
            let block = block(at: position)
            let isX: SIMDMask<SIMD16<Int8>> =
                (block | SIMD16<UInt8>(repeating: 0x20)) .== SIMD16<UInt8>(repeating: 0x78)
            let isSpace: SIMDMask<SIMD16<Int8>> = block .== SIMD16<UInt8>(repeating: 0x20)
            let isSign: SIMDMask<SIMD16<Int8>> =
                (block &- SIMD16<UInt8>(repeating: 0x2C)) .<= SIMD16<UInt8>(repeating: 1)
            let parts = unsafe unsafeBitCast(isX .| isSpace .| isSign, to: SIMD2<UInt64>.self)
            if let place = unsafe Self.first(Self.noDigits(block) & ~parts) {
                return Swift.min(position + place, limit)
            }
            position += 16
        }
        return Swift.max(start, limit)
    }

    /// The sixteen bytes at `position`, with zeros behind the end.
    @inline(__always)
    private func block(at position: Int) -> SIMD16<UInt8> {
        if position >= 0, position <= count - 16 {
            return unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
        }
        var block = SIMD16<UInt8>(repeating: 0)
        for place in position..<count { block[place - position] = self[place] }
        return block
    }

    /// Ones where a byte is no digit of a hexadecimal number.
    @unsafe @inline(__always)
    private static func noDigits(_ block: SIMD16<UInt8>) -> SIMD2<UInt64> {
        let lower = block | SIMD16<UInt8>(repeating: 0x20)
        let isDigit: SIMDMask<SIMD16<Int8>> =
            (block &- SIMD16<UInt8>(repeating: 0x30)) .<= SIMD16<UInt8>(repeating: 9)
        let isLetter: SIMDMask<SIMD16<Int8>> =
            (lower &- SIMD16<UInt8>(repeating: 0x61)) .<= SIMD16<UInt8>(repeating: 5)
        return unsafe ~unsafeBitCast(isDigit .| isLetter, to: SIMD2<UInt64>.self)
    }
}
