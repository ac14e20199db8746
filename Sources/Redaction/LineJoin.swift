internal import Secrets

/// Tells where a line goes on in the next one, because a fixed width broke what was one line.
///
/// That is where a line ends in a long run without white space, and where a line is as wide as the next one or the one
/// before it and what follows has no white space. What both lines begin with, such as a sign of quotation, a time or
/// a number, belongs to the break, and so does indentation. Nothing farther than `ViewReader.lookback` bytes back is
/// looked at.
internal struct LineJoin {
    /// Whether the text ends here, so that nothing is incomplete.
    let isLast: Bool

    private static let mostPrefix = Span<UInt8>.longestPrefix

    /// What stands at `position`, the end of a line: nothing where the line goes on, with what the next one begins with.
    ///
    /// - Parameters:
    ///   - lines: where the newlines of `text` are.
    ///   - near: the number of one near `position`.
    func unit(
        _ text: Span<UInt8>, at position: Int, _ lines: borrowing NewlineIndex, near: Int
    ) -> EscapeUnit {
        let plain = EscapeUnit.byte(text[position], length: 1)
        guard let end = text.extracting(position...).lineEnd(at: 0) else { return isLast ? plain : .incomplete }
        guard end > 0 else { return plain }
        let next = position + end
        let (start, before) = lines.line(at: position, near: near, within: ViewReader.lookback)
        let isDense = text.endsDense(position)
        if !isDense {
            guard let start, Span<UInt8>.rowWidths.contains(position - start), text[position - 1] > 0x20 else {
                return plain
            }
        }
        guard let prefix = prefix(of: text, from: next, start, position, before) else { return .incomplete }
        var content = next + prefix.theirs
        let limit = content + Self.mostPrefix
        while content < min(limit, text.count), text[content] == 0x20 || text[content] == 0x09 { content += 1 }
        if !isDense, let start {
            guard let isRow = isRow(text, start..<position, next, content, prefix, before) else { return .incomplete }
            guard isRow else { return plain }
        }
        return content == text.count && content < limit && !isLast ? .incomplete : .noise(content - position)
    }

    /// Whether the line that ends at `position`, where a line's end is written as an escape, ends in a long run without white
    /// space, in which letters of base64 may be written as escapes, too.
    static func isBroken(_ text: Span<UInt8>, escapedAt position: Int) -> Bool {
        var start = position
        // A carriage return that was written as an escape belongs to the line's end.
        if start > 1, text[start - 1] == UInt8(ascii: "r"), text[start - 2] == UInt8(ascii: "\\") { start -= 2 }
        if start > 2, text[start - 1] | 0x20 == UInt8(ascii: "d"), text[start - 3] == UInt8(ascii: "%") { start -= 3 }
        for _ in 0..<Span<UInt8>.leastDense {
            // Escaped again, it has more backslashes.
            while start < position, start > 0, text[start - 1] == UInt8(ascii: "\\") { start -= 1 }
            guard start > 0, let length = characterLength(text, endingAt: start) else { return false }
            start -= length
        }
        return true
    }

    /// How many bytes the character takes that ends at `end`; `nil` where that is white space or punctuation.
    private static func characterLength(_ text: Span<UInt8>, endingAt end: Int) -> Int? {
        for (start, digits) in [(end - 3, 2), (end - 6, 4)] where start >= 0 {
            let isEscape =
                digits == 2
                ? text[start] == UInt8(ascii: "%")
                : text[start] == UInt8(ascii: "\\") && text[start + 1] == UInt8(ascii: "u")
                    && text[start + 2] == UInt8(ascii: "0") && text[start + 3] == UInt8(ascii: "0")
            if isEscape, let high = ByteClass.hexValue(text[end - 2]), let low = ByteClass.hexValue(text[end - 1]) {
                return high << 4 | low >= UInt8(ascii: "+") ? end - start : nil
            }
        }
        guard text[end - 1] >= UInt8(ascii: "+") else { return nil }
        guard end > 1, text[end - 2] == UInt8(ascii: "\\") else { return 1 }
        return text[end - 1] == UInt8(ascii: "/") ? 2 : nil
    }

    /// How many bytes a line begins with that are its prefix, and how many the next one does.
    private typealias Prefix = (mine: Int, theirs: Int)

    /// How many bytes the line at `next` begins with as the one before it does; `nil` where the text ends too early.
    ///
    /// Numbers may be others, as those of times and lines are. It ends where `endsPrefix` says, or is one sign that the line
    /// before both begins with, too.
    private func prefix(
        of text: Span<UInt8>, from next: Int, _ start: Int?, _ end: Int, _ before: Range<Int>?
    ) -> Prefix? {
        guard let start else { return (0, 0) }
        guard let found = common(text, start..<end, next) else { return nil }
        guard found.mine == 0, start < end, let before, Self.signs.contains(text[start]) else { return found }
        // The sign of a quotation or of a difference, if the line before begins with it, or with that of a hunk, too.
        let isSigned = text[before.lowerBound] == text[start] || text[before.lowerBound] == UInt8(ascii: "@")
        guard isSigned else { return found }
        guard next < text.count else { return isLast ? found : nil }
        return text[next] == text[start] ? (1, 1) : found
    }

    /// What `line` and the one at `next` begin with alike.
    private func common(_ text: Span<UInt8>, _ line: Range<Int>, _ next: Int) -> Prefix? {
        let start = line.lowerBound
        // A run that is long enough has no white space.
        let run = text.endsDense(line.upperBound) ? Span<UInt8>.leastDense : 0
        var most = max(start, min(start + Self.mostPrefix, line.upperBound - run))
        while most > start, !Self.endsPrefix(text, most, of: start) { most -= 1 }
        var (mine, theirs) = (start, next)
        var found: Prefix = (0, 0)
        while mine < most {
            guard theirs < text.count else { return isLast ? found : nil }
            let there = min(most - mine, text.count - theirs)
            let length = text.agreement(at: theirs, with: text, at: mine, length: there)
            (mine, theirs) = (mine + length, theirs + length)
            if let back = (0..<length).first(where: { back in
                Self.endsPrefix(text, mine - back, of: start) && Self.endsPrefix(text, theirs - back, of: next)
            }) {
                found = (mine - back - start, theirs - back - next)
            }
            if mine == most || theirs - next >= Self.mostPrefix { break }
            if theirs == text.count { return isLast ? found : nil }
            let isWithin = mine > start && ByteClass.isDigit(text[mine - 1])
            let (isMine, isTheirs) = (ByteClass.isDigit(text[mine]), ByteClass.isDigit(text[theirs]))
            if isMine && isTheirs || isWithin && (isMine || isTheirs) {
                // A number that grows has more digits.
                while mine < most, ByteClass.isDigit(text[mine]) { mine += 1 }
                while theirs < text.count, theirs - next < Self.mostPrefix, ByteClass.isDigit(text[theirs]) {
                    theirs += 1
                }
                continue
            }
            guard Self.shape(text[mine]) == Self.shape(text[theirs]) else { break }
            (mine, theirs) = (mine + 1, theirs + 1)
        }
        return found
    }

    /// Whether what a line begins with at `start` may end at `end`: behind white space, behind a name or number that begins
    /// the line and a colon, behind a number and a hyphen, and behind an escape sequence that sets colours.
    private static func endsPrefix(_ text: Span<UInt8>, _ end: Int, of start: Int) -> Bool {
        switch text[end - 1] {
        case UInt8(ascii: ":"):
            // Behind white space a colon is the first byte of what the line says.
            return end - start > 1 && ByteClass.isAlphanumeric(text[end - 2])
                && !(start..<end).contains { ByteClass.isSpace(text[$0]) }
        case UInt8(ascii: "-"): return end - start > 1 && ByteClass.isDigit(text[end - 2])
        case UInt8(ascii: "m"), UInt8(ascii: "K"):
            var index = end - 2
            while index > start, end - index < mostColour,
                text[index] == UInt8(ascii: ";") || ByteClass.isDigit(text[index])
            {
                index -= 1
            }
            return index > start && text[index] == UInt8(ascii: "[") && text[index - 1] == 0x1B
        default: return ByteClass.isSpace(text[end - 1])
        }
    }

    /// The longest escape sequence that sets colours, in bytes.
    private static let mostColour = 20

    private static let signs: [UInt8] = Array("+->|".utf8)

    private static func shape(_ byte: UInt8) -> UInt8 {
        ByteClass.isDigit(byte) ? 0x20 : byte
    }

    /// Whether `line` and the one at `next`, which has no white space from `content` on, are rows of one width, or the latter
    /// is the rest behind such rows; `nil` where the text ends too early.
    private func isRow(
        _ text: Span<UInt8>, _ line: Range<Int>, _ next: Int, _ content: Int, _ prefix: Prefix, _ before: Range<Int>?
    ) -> Bool? {
        let most = line.count - prefix.mine + prefix.theirs
        var index = content
        while index - next <= most, index < text.count, text[index] > 0x20 { index += 1 }
        // A row that is too wide, or goes on behind white space, is none whatever follows.
        guard index - next <= most else { return false }
        switch text.extracting(index...).lineEnd(at: 0) {
        case nil where !isLast: return nil
        case 0: return false
        default: break
        }
        if index - next == most { return true }
        guard let before else { return false }
        let width = width(text, before)
        if width == line.count { return true }
        // Behind a number that has grown the rows are as wide as before it.
        guard abs(width - line.count) <= Span<UInt8>.mostGrowth,
            let prefix = common(text, before, line.lowerBound)
        else { return false }
        return width - prefix.mine == line.count - prefix.theirs
    }

    /// How wide a line is without a carriage return at its end.
    private func width(_ text: Span<UInt8>, _ line: Range<Int>) -> Int {
        line.count - (!line.isEmpty && text[line.upperBound - 1] == 0x0D ? 1 : 0)
    }
}
