/// Where lines end that may go on in the next one.
extension Span<UInt8> {
    /// How many bytes without white space and punctuation, that is, before `+` in ASCII, a line ends in that a fixed width
    /// may have broken.
    public static let leastDense = 48
    /// How wide the rows may be that are known by their one width.
    public static let rowWidths = 2...132
    /// The longest beginning that two lines have in common, and the most white space behind it, in bytes.
    public static let longestPrefix = 64
    /// By how many bytes a number in front of such rows may differ in length from the one of the next row.
    public static let mostGrowth = 3

    /// The first position from `start` on where a line ends that may go on in the next one, by what is cheap to see; `nil`
    /// where none.
    ///
    /// That is the newline, or the carriage return before it or at the end. The line ends in a long run without white
    /// space, or it is as wide as the next one or the one before, of which the later ends without white space.
    ///
    /// - Parameters:
    ///   - lines: where the newlines are.
    ///   - near: a number of a newline near `start`; the number of the first one behind it afterwards.
    ///   - isLast: whether nothing follows the last byte.
    public func firstLineJoin(from start: Int, lines: borrowing NewlineIndex, near: inout Int, isLast: Bool) -> Int? {
        precondition(start >= 0, "a search goes forward from inside the bytes")
        var number = lines.first(from: start, near: near)
        near = number
        // The latest newline, and the width of the line that it ends.
        var last = number > 0 ? lines[number - 1] : -1
        var width = number > 0 ? self.width(endingAt: last, behind: number > 1 ? lines[number - 2] : -1) : -1
        while number < lines.count {
            let newline = lines[number]
            let new = self.width(endingAt: newline, behind: last)
            let end = last + 1 + new
            // Without a branch for each of both: few lines are one or the other.
            let isDense = end >= 16 && isDense(at: end - 16)
            if (new == width) || isDense {
                let isEqual = abs(new - width) <= (isDense ? Self.mostGrowth : 0) && mayBeRow((end - new)..<end)
                if isEqual, last >= start { return lineEndStart(last, from: start) }
                if isEqual || endsDense(end) { return lineEndStart(newline, from: start) }
            }
            width = new
            last = newline
            number += 1
        }
        // The last line may yet become as wide as the one before it, or is without a newline at the end.
        let left = count - last - 1
        if last >= start, Self.rowWidths.contains(width),
            isLast ? abs(left - width) <= Self.mostGrowth : left <= width + 1 + Self.mostGrowth
        {
            return lineEndStart(last, from: start)
        }
        return count > start && self[count - 1] == 0x0D && !isLast ? count - 1 : nil
    }

    /// The first position from `start` on of an equals sign or a backslash right before a line's end, or where one may follow.
    ///
    /// - Parameters:
    ///   - lines: where the newlines are.
    ///   - near: a number of a newline near `start`; the number of the first one behind it afterwards.
    public func firstSoftBreak(from start: Int, lines: borrowing NewlineIndex, near: inout Int) -> Int? {
        precondition(start >= 0, "a search goes forward from inside the bytes")
        near = lines.first(from: start, near: near)
        for number in near..<lines.count {
            let end = lineEndStart(lines[number], from: start)
            if end > start, Self.isSoftBreak(self[end - 1]) { return end - 1 }
        }
        let end = count > start && self[count - 1] == 0x0D ? count - 1 : count
        return end > start && Self.isSoftBreak(self[end - 1]) ? end - 1 : nil
    }

    /// Whether a line that ends in `byte` goes on in the next one: by quoted-printable, or as source text does.
    @inline(__always)
    private static func isSoftBreak(_ byte: UInt8) -> Bool { byte == 0x3D || byte == 0x5C }

    /// How many bytes at `position` end a line: one for a newline, two with a carriage return before it, none where the line
    /// goes on; `nil` where the bytes end before it is clear.
    public func lineEnd(at position: Int) -> Int? {
        guard position < count else { return nil }
        if self[position] == 0x0A { return 1 }
        guard self[position] == 0x0D else { return 0 }
        guard position + 1 < count else { return nil }
        return self[position + 1] == 0x0A ? 2 : 0
    }

    /// How many bytes at the end of these end a line.
    public var lineEndLength: Int {
        guard count > 0, self[count - 1] == 0x0A else { return 0 }
        return count > 1 && self[count - 2] == 0x0D ? 2 : 1
    }

    /// Whether a long run without white space and punctuation ends at `position`.
    public func endsDense(_ position: Int) -> Bool {
        guard position >= Self.leastDense else { return false }
        return isDense(at: position - 16) && isDense(at: position - 32) && isDense(at: position - 48)
    }

    /// How wide the line is whose newline lies at `newline` and that of the line before it at `before`.
    @inline(__always)
    private func width(endingAt newline: Int, behind before: Int) -> Int {
        newline - before - (newline > 0 && self[newline - 1] == 0x0D ? 2 : 1)
    }

    /// Where the end of the line starts whose newline lies at `newline`.
    private func lineEndStart(_ newline: Int, from start: Int) -> Int {
        newline > start && self[newline - 1] == 0x0D ? newline - 1 : newline
    }

    /// Whether a line may be a row, by its width and by where its last white space lies: what stands before that is a prefix
    /// and indentation.
    public func mayBeRow(_ line: Range<Int>) -> Bool {
        guard Self.rowWidths.contains(line.count), self[line.upperBound - 1] > 0x20 else { return false }
        let prefix = line.lowerBound + Self.longestPrefix + 1
        var position = line.upperBound
        while position - 16 >= prefix {
            if let place = lastSpace(of: position - 16) { return self[position - 17 + place] <= 0x20 }
            position -= 16
        }
        while position > prefix {
            position -= 1
            if self[position] <= 0x20 { return self[position - 1] <= 0x20 }
        }
        return true
    }

    /// Which of the sixteen bytes at `position` is the last white space.
    private func lastSpace(of position: Int) -> Int? {
        precondition(position >= 0 && position <= count - 16, "a sample lies outside the bytes")
        let text = unsafe bytes
        let sample = unsafe text.unsafeLoadUnaligned(fromUncheckedByteOffset: position, as: SIMD16<UInt8>.self)
        let isSpace: SIMDMask<SIMD16<Int8>> = sample .<= SIMD16<UInt8>(repeating: 0x20)
        let spaces = unsafe unsafeBitCast(isSpace, to: SIMD2<UInt64>.self)
        if spaces[1] != 0 { return 15 - spaces[1].leadingZeroBitCount / 8 }
        return spaces[0] != 0 ? 7 - spaces[0].leadingZeroBitCount / 8 : nil
    }

    /// Whether none of the sixteen bytes at `position` is white space or punctuation.
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
