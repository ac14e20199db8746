internal import Secrets

/// The bytes as text behind the numbers of a row.
extension DumpRow {
    /// The most bytes behind a number that are looked through for the end of its row: xxd prints 256 bytes in one.
    private static let mostColumn = 2048

    /// How a row ends, kept for the next place in the same row.
    struct Ending {
        /// The places that this holds for.
        fileprivate var places = 0..<0
        /// Where the row ends, or where it was given up.
        fileprivate var end = 0
        /// Behind the last byte that is neither a digit nor a space.
        fileprivate var column = 0
        /// Whether the text ends before that is clear.
        fileprivate var isCut = false
        /// How many bytes were looked through, for the tests of linearity.
        fileprivate(set) var work = 0
    }

    /// Behind the bytes as text that follow the numbers of a row, of which the unit from `start` to `position` is one, or
    /// that position where none do; and whether the text ends before that is clear.
    static func endOfColumn(
        _ text: Span<UInt8>, from position: Int, unitAt start: Int, isLast: Bool, _ ending: inout Ending
    ) -> (end: Int, isCut: Bool) {
        // Columns of single characters and lists stand alone.
        guard start + 1 < text.count, text[start] != 0x20, text[start + 1] | 0x20 != 0x78 else {
            return (position, false)
        }
        if !ending.places.contains(position) {
            let work = ending.work
            ending = Self.ending(text, from: position, isLast: isLast)
            ending.work = work + min(mostColumn, text.count - position)
        }
        return (ending.column > position ? ending.end : position, ending.isCut)
    }

    private static func ending(_ text: Span<UInt8>, from position: Int, isLast: Bool) -> Ending {
        let limit = min(position + mostColumn, text.count)
        guard let newline = text.extracting(..<limit).firstNewline(from: position) else {
            // What has no end in sight is no row that a tool prints: nothing waits for the end, and what lies a while
            // before it needs no other look.
            let isCut = limit == text.count && !isLast
            let isWhole = limit == text.count && isLast
            return Ending(
                places: position..<(isCut ? position + 1 : max(limit - mostColumn / 2, position + 1)), end: limit,
                column: isWhole ? column(text, position..<limit) : position, isCut: isCut)
        }
        let end = newline > position && text[newline - 1] == 0x0D ? newline - 1 : newline
        return Ending(places: position..<(newline + 1), end: end, column: column(text, position..<end))
    }

    /// Behind the last byte that is neither a digit nor a space, or behind all where digits are the bytes as text.
    private static func column(_ text: Span<UInt8>, _ places: Range<Int>) -> Int {
        var end = places.upperBound
        while end > places.lowerBound, text[end - 1] == 0x20 || ByteClass.hexValue(text[end - 1]) != nil { end -= 1 }
        return end == places.lowerBound && endsInOwnText(text, places) ? places.upperBound : end
    }

    /// Whether what stands last, behind two spaces or more, ends in the byte that the number before ends or begins with.
    private static func endsInOwnText(_ text: Span<UInt8>, _ places: Range<Int>) -> Bool {
        guard !places.isEmpty else { return false }
        var start = places.upperBound
        while start > places.lowerBound + 1, text[start - 1] != 0x20 || text[start - 2] != 0x20 { start -= 1 }
        var gap = start
        while gap > places.lowerBound, text[gap - 1] == 0x20 { gap -= 1 }
        guard start < places.upperBound, start - gap >= 2, gap >= 2 else { return false }
        var first = gap
        while first > max(0, gap - 16), text[first - 1] != 0x20 { first -= 1 }
        let last = UInt64(text[places.upperBound - 1])
        return number(text, at: gap - 2, digits: 2, base: 16) == last
            || number(text, at: first, digits: 2, base: 16) == last
    }

    /// Whether the bytes as text behind the numbers from `start` on are those of the numbers from back to front, as they
    /// are of words of `size` bytes in little-endian order; `nil` where the text ends before.
    static func isReversed(_ text: Span<UInt8>, from start: Int, size: Int, isLast: Bool) -> Bool? {
        let limit = min(start + mostColumn, text.count)
        let newline = text.extracting(..<limit).firstNewline(from: start)
        guard let end = newline ?? (isLast || limit < text.count ? limit : nil) else { return nil }
        var gap = firstGap(text, start..<end)
        let word = (gap..<end).prefix { text[$0] == 0x20 }.endIndex
        // A word that is not full stands behind a gap of its own, and the text behind the next one.
        let digits = countDigits(text, from: word)
        if isShortWord(digits, behind: word - gap, size: size), word + digits < end, text[word + digits] == 0x20 {
            gap = firstGap(text, (word + digits)..<end)
        }
        var column = gap + 2
        // Only a row that is not full has more than two spaces there, and one for what begins with a space.
        if column + 1 < end, text[column] == 0x20, text[column + 1] == 0x20 {
            while column < end, text[column] == 0x20 { column += 1 }
        }
        // The first word whose bytes are not the same from either end tells.
        var number = start
        while number + 2 * size <= gap, countDigits(text, from: number) == 2 * size {
            var isForward = true
            var isBackward = true
            for index in 0..<min(size, max(0, end - column)) {
                let shown = text[column + index]
                isForward = isForward && shown == printable(text, at: number + 2 * index)
                isBackward = isBackward && shown == printable(text, at: number + 2 * (size - 1 - index))
            }
            guard isForward, isBackward else { return isBackward }
            number += 2 * size + 1
            column += size
        }
        return false
    }

    /// Where two spaces stand.
    private static func firstGap(_ text: Span<UInt8>, _ places: Range<Int>) -> Int {
        var gap = places.lowerBound
        while gap + 1 < places.upperBound, text[gap] != 0x20 || text[gap + 1] != 0x20 { gap += 1 }
        return gap
    }

    /// What stands for the byte of two digits among the bytes as text.
    private static func printable(_ text: Span<UInt8>, at position: Int) -> UInt8? {
        guard let value = number(text, at: position, digits: 2, base: 16) else { return nil }
        return (0x20..<0x7F).contains(value) ? UInt8(value) : UInt8(ascii: ".")
    }
}
