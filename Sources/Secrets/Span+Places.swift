extension Span<UInt8> {
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
        while position <= count - 16 {
            if let place = unsafe Self.first(Self.rare(text, position)) { return position + place }
            position += 16
        }
        while position < count {
            if Self.isRare(unsafe text.unsafeLoad(fromUncheckedByteOffset: position, as: UInt8.self)) {
                return position
            }
            position += 1
        }
        return nil
    }

    /// The first of sixteen bytes that a comparison marked.
    @inline(__always)
    internal static func first(_ marks: SIMD2<UInt64>) -> Int? {
        if marks[0] != 0 { return marks[0].trailingZeroBitCount / 8 }
        return marks[1] != 0 ? 8 + marks[1].trailingZeroBitCount / 8 : nil
    }

    /// The first position from `start` on at which a line begins whose first bytes may be those of a dump's row: digits
    /// of hexadecimal numbers, spaces and what follows them; `nil` where none does. At `start` no line begins.
    ///
    /// - Parameters:
    ///   - lines: where the newlines are.
    ///   - near: a number of a newline near `start`; the number of the first one behind it afterwards.
    public func firstRowStart(from start: Int, lines: borrowing NewlineIndex, near: inout Int) -> Int? {
        precondition(start >= 0, "a search goes forward from inside the bytes")
        var number = lines.first(from: start, near: near)
        near = number
        while number < lines.count {
            let behind = lines[number] + 1
            if mayBeginRow(at: behind) || (mayHoldRow(at: behind) && holdsPlaces(behind)) { return behind }
            number += 1
        }
        return nil
    }

    /// A bit for each of sixteen bytes that a comparison marked.
    @inline(__always)
    internal static func bits(_ marks: SIMD2<UInt64>) -> UInt64 { bits(marks[0]) | bits(marks[1]) << 8 }

    /// A bit for each of eight bytes, which are all ones or zero: the product moves the lowest of each into the top byte.
    @inline(__always)
    private static func bits(_ marks: UInt64) -> UInt64 {
        ((marks & 0x0101_0101_0101_0101) &* 0x0102_0408_1020_4080) &>> 56
    }

    /// Whether what stands at `position`, as far as there is anything, may begin a dump's row.
    @inline(__always)
    public func mayBeginRow(at position: Int) -> Bool {
        var start: UInt32 = 0x2020_2020
        if position <= count - 4 {
            start = UInt32(littleEndian: gram(at: position))
        } else {
            guard position < count else { return false }
            for place in position..<count {
                let shift = UInt32(8 * (place - position))
                start = start & ~(0xFF << shift) | UInt32(self[place]) << shift
            }
        }
        // Without a branch for each byte: what lines begin with cannot be foreseen.
        let second = RowBytes.contains(start >> 8 & 0xFF) | (start >> 8 & 0xDF == 0x58 ? 1 : 0)
        let third = RowBytes.contains(start >> 16 & 0xFF) | RowBytes.endsNumber(start >> 16 & 0xFF)
        // No row begins with a number of one digit but behind spaces.
        let isNumber: UInt64 = start >> 8 & 0xFF == 0x20 && start & 0xFF != 0x20 ? 0 : 1
        guard RowBytes.contains(start & 0xFF) & second & third & isNumber != 0 else { return false }
        return start & 0xFF == 0x20 || mayBeNumber(at: position)
    }

    /// Whether the digits at `position` end as a number of a row does: before a space, a comma, the line's end or the `x` behind
    /// a zero; before a colon where they are an offset, that is, at least four; or with the bytes.
    private func mayBeNumber(at position: Int) -> Bool {
        let end = endOfDigits(from: position, limit: position + Self.plainRow + 5)
        guard end < count else { return true }
        return switch self[end] {
        case 0x20, 0x2C, 0x0A, 0x0D, 0x58, 0x78: true
        case 0x3A: end - position >= 4
        default: false
        }
    }

    /// Whether a dump's row may begin in the first 34 bytes of the line at `position`, behind a prefix.
    ///
    /// Such a row has 41 bytes or more of which any eight that stand together pass `mayBePartOfRow`, so that one sample
    /// tells.
    @inline(__always)
    public func mayHoldRow(at position: Int) -> Bool {
        guard position <= count - 41 else { return position < count }
        let text = unsafe bytes
        return RowBytes.foreign(
            UInt64(
                littleEndian: unsafe text.unsafeLoadUnaligned(
                    fromUncheckedByteOffset: position + 33, as: UInt64.self))) == 0
    }

    /// The positions from `start` on, among the first 34 of the line at `line`, where a dump's row may begin behind a
    /// prefix: such as `mayHoldRow` describes it.
    public func placesOfRow(from start: Int, line: Int) -> Range<Int> {
        precondition(line <= start, "a row begins within its line")
        guard line >= 0, line <= count - 41 else { return start..<Swift.max(start, Swift.min(line + 34, count)) }
        let sample = line + 33
        // Of a row that covers the sample at least sixteen bytes more lie on one side.
        guard sample >= start, mayBePartOfRow(at: sample),
            (mayBePartOfRow(at: sample - 8) && mayBePartOfRow(at: sample - 16))
                || (mayBePartOfRow(at: sample + 8) && mayBePartOfRow(at: sample + 16)),
            isWithinLongNumber(sample, of: line, isLast: false) != true
        else { return start..<start }
        // Blocks tell enough: a row begins at most seven bytes before those that pass.
        var first = sample
        while first - 8 >= start, mayBePartOfRow(at: first - 8) { first -= 8 }
        first = Swift.max(start, first - 7)
        var end = sample + 8
        while end < Swift.min(first + 41, count), mayBePartOfRow(at: end) { end += 8 }
        return end + 7 - first >= Swift.min(41, count - first) ? first..<(sample + 1) : start..<start
    }

    /// Whether what `placesOfRow` takes a sample of in the line at `line`, which has 41 bytes or more, lies within a longer
    /// number than any row has; `nil` where these bytes end before it is clear.
    public func hasLongNumber(line: Int, isLast: Bool) -> Bool? {
        precondition(line >= 0 && line + 33 <= count, "a line lies outside the bytes")
        return isWithinLongNumber(line + 33, of: line, isLast: isLast)
    }

    /// Whether `position` lies within more digits than any number of a row has, and others than a row of plain ones and
    /// than what stands behind a colon, where all bytes may be one number; `nil` where the bytes end before it is clear.
    private func isWithinLongNumber(_ position: Int, of line: Int, isLast: Bool) -> Bool? {
        let end = endOfDigits(from: position, limit: position + Self.plainRow + 1)
        guard end < count || isLast else { return nil }
        var first = position
        while first > line, isDigit(self[first - 1]) { first -= 1 }
        guard end - first > Self.longestNumber && end - first != Self.plainRow else { return false }
        return first < line + 2 || self[first - 1] != 0x20 || self[first - 2] != 0x3A
    }

    private func isDigit(_ byte: UInt8) -> Bool { byte &- 0x30 <= 9 || (byte | 0x20) &- 0x61 <= 5 }

    /// The most digits of a number in a row, as eight bytes have in octal, and how many a row of plain digits has.
    private static let longestNumber = 22
    private static let plainRow = 60

    @inline(never)
    private func holdsPlaces(_ line: Int) -> Bool { !placesOfRow(from: line, line: line).isEmpty }

    /// Whether the eight bytes at `position`, as far as they are there, may be part of a dump's row: digits, spaces, and
    /// no letter but those of hexadecimal numbers; or at most three letters and signs of any kind.
    public func mayBePartOfRow(at position: Int) -> Bool {
        if position >= 0, position <= count - 8 {
            return RowBytes.foreign(
                UInt64(
                    littleEndian: unsafe bytes.unsafeLoadUnaligned(
                        fromUncheckedByteOffset: position, as: UInt64.self))) == 0
        }
        var sample: UInt64 = 0x2020_2020_2020_2020
        for place in position..<Swift.max(position, Swift.min(position + 8, count)) {
            let shift = UInt64(8 * (place - position))
            sample = sample & ~(0xFF << shift) | UInt64(self[place]) << shift
        }
        return RowBytes.foreign(sample) == 0
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
}

/// What may stand at the start of a dump's row, as bits of numbers.
private enum RowBytes {
    /// One for a digit of a hexadecimal number and a space.
    @inline(__always)
    static func contains(_ byte: UInt32) -> UInt64 {
        (byte < 0x40 ? 0x03FF_0001_0000_0000 : byte < 0x80 ? 0x0000_007E_0000_007E : 0) &>> UInt64(byte & 63) & 1
    }

    /// Zero where no byte is a letter from `h` on but for `x` and at most two are signs, or at most three are letters or
    /// signs such as a point, and none is a control character.
    @inline(__always)
    static func foreign(_ bytes: UInt64) -> UInt64 {
        // Only bytes from 0x40 on have bit six, and of these only letters from `h` on have bit three or four.
        let letters = bytes & 0x4040_4040_4040_4040
        let wrong = letters & (bytes &<< 2 | bytes &<< 3)
        // A byte of the difference is zero for an `x`; see "Bit Twiddling Hacks", Determine if a word has a zero byte.
        let other = (bytes | 0x2020_2020_2020_2020) ^ 0x7878_7878_7878_7878
        let isX = (other &- 0x0101_0101_0101_0101) & ~other & 0x8080_8080_8080_8080
        // Signs from `!` to `/` have neither bit four nor six, and one of the lower ones.
        let low = (bytes & 0x0F0F_0F0F_0F0F_0F0F) &+ 0x0F0F_0F0F_0F0F_0F0F
        let signs = low & ~(bytes | bytes &>> 2) & 0x1010_1010_1010_1010
        // Each step takes the lowest bit away.
        var more = letters | signs &<< 2
        for _ in 0..<3 { more &= more &- 1 }
        let two = signs & (signs &- 1)
        // Bytes below a space have neither bit five nor bit six.
        let controls = ~(bytes | bytes &<< 1) & 0x4040_4040_4040_4040
        return controls | Swift.min(wrong & ~(isX &>> 1) | two & (two &- 1), more)
    }

    /// One for a colon, a backslash and a line's end.
    @inline(__always)
    static func endsNumber(_ byte: UInt32) -> UInt64 {
        (byte < 0x40 ? 0x0400_0000_0000_2400 : byte == 0x5C ? UInt64.max : 0) &>> UInt64(byte & 63) & 1
    }
}
