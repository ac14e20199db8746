/// Where lists of single characters or small numbers may be: what the matcher asks of every few bytes of a text.
extension Span<UInt8> {
    /// The longest separator of a list, in bytes.
    public static let longestListSeparator = 16

    /// The first of the samples of sixteen bytes at `start`, `start + stride`, … that may lie within a list: of characters
    /// with one separator of two bytes or more between each two, or of numbers; `nil` where none may.
    ///
    /// In a list of characters most of a sample is neither letter nor digit and stands once more a period behind; in one
    /// of numbers all of it are digits and what parts them.
    ///
    /// - Returns: the sample, and a bit for each length that a separator may have there; all bits where that cannot be told.
    public func firstListSample(from start: Int, stride: Int) -> (position: Int, lengths: UInt32)? {
        precondition(start >= 0 && stride > 0, "samples go forward from inside the bytes")
        let last = count - 16
        var position = start
        while position <= last {
            let lengths = unsafe listLengths(at: position)
            if lengths != 0 { return (position, lengths) }
            position += stride
        }
        return nil
    }

    /// Whether a byte may part the numbers of a list.
    @inline(__always)
    public static func partsNumbers(_ byte: UInt8) -> Bool {
        byte == 0x20 || byte == 0x2C || byte == 0x0A || byte == 0x09 || byte == 0x3B || byte == 0x0D
    }

    /// The lengths that separators may have if the sixteen bytes at `position`, which are there, lie within a list.
    @unsafe @inline(__always)
    private func listLengths(at position: Int) -> UInt32 {
        // With every type written out: operators found through inference are not the inlined ones.
        let sample = unsafe bytes.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
        let digit: SIMD16<UInt8> = sample &- SIMD16<UInt8>(repeating: 0x30)
        let digits: SIMDMask<SIMD16<Int8>> = digit .< SIMD16<UInt8>(repeating: 10)
        let lower: SIMD16<UInt8> = sample | SIMD16<UInt8>(repeating: 0x20)
        let letter: SIMD16<UInt8> = lower &- SIMD16<UInt8>(repeating: 0x61)
        let letters: SIMDMask<SIMD16<Int8>> = letter .< SIMD16<UInt8>(repeating: 26)
        let words = unsafe Self.count(digits .| letters)
        // Between a fourteenth and three eighths are characters.
        if words <= 6 {
            let lengths = unsafe lengths(sample, at: position)
            if lengths != 0 { return lengths }
        }
        let blank: SIMDMask<SIMD16<Int8>> = sample .== SIMD16<UInt8>(repeating: 0x20)
        let comma: SIMDMask<SIMD16<Int8>> = sample .== SIMD16<UInt8>(repeating: 0x2C)
        let semicolon: SIMDMask<SIMD16<Int8>> = sample .== SIMD16<UInt8>(repeating: 0x3B)
        let end: SIMDMask<SIMD16<Int8>> = sample .== SIMD16<UInt8>(repeating: 0x0A)
        let carriage: SIMDMask<SIMD16<Int8>> = sample .== SIMD16<UInt8>(repeating: 0x0D)
        let tab: SIMDMask<SIMD16<Int8>> = sample .== SIMD16<UInt8>(repeating: 0x09)
        let parts: SIMDMask<SIMD16<Int8>> = blank .| comma .| semicolon .| end .| carriage .| tab
        // Every few digits something parts them.
        return unsafe Self.count(digits .| parts) == 16 && words >= 4 && words <= 13 ? .max : 0
    }

    /// The lengths with which the sample stands once more a separator and a character behind, as far as separators go; none
    /// for a run of one byte.
    @unsafe @inline(never)
    private func lengths(_ sample: SIMD16<UInt8>, at position: Int) -> UInt32 {
        let text = unsafe bytes
        guard position <= count - 17 else { return 0 }
        let next = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position + 1, as: SIMD16<UInt8>.self)
        let runs: SIMDMask<SIMD16<Int8>> = sample .== next
        guard unsafe Self.count(runs) < 15 else { return 0 }
        var lengths: UInt32 = 0
        for period in 3...(Self.longestListSeparator + 1) {
            // Where that is not there as a whole, the places tell.
            guard position + period <= count - 16 else { return .max }
            let other = unsafe text.unsafeLoadUnaligned(
                fromUncheckedByteOffset: position + period, as: SIMD16<UInt8>.self)
            let equal: SIMDMask<SIMD16<Int8>> = sample .== other
            if unsafe Self.count(equal) >= 16 - (15 + period) / period { lengths |= 1 << UInt32(period - 1) }
        }
        return lengths
    }

    /// How many of sixteen bytes a comparison marked.
    @unsafe @inline(__always)
    private static func count(_ mask: SIMDMask<SIMD16<Int8>>) -> UInt64 {
        let words = unsafe unsafeBitCast(mask, to: SIMD2<UInt64>.self)
        // One for each; the product adds them up in the top byte.
        let ones: UInt64 = 0x0101_0101_0101_0101
        return (((words[0] & ones) &+ (words[1] & ones)) &* ones) &>> 56
    }
}
