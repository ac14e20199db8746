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
        var content = next + prefix
        let limit = content + Self.mostPrefix
        while content < min(limit, text.count), text[content] == 0x20 || text[content] == 0x09 { content += 1 }
        if !isDense, let start {
            guard let isRow = isRow(text, start..<position, next, content, before) else { return .incomplete }
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

    /// How many bytes the line at `next` begins with as the one before it does; `nil` where the text ends too early.
    ///
    /// Digits may be others, as those of times and numbers are. It ends behind white space, or is one sign that the line
    /// before both begins with, too.
    private func prefix(
        of text: Span<UInt8>, from next: Int, _ start: Int?, _ end: Int, _ before: Range<Int>?
    ) -> Int? {
        guard let start else { return 0 }
        // A run that is long enough has no white space.
        let run = text.endsDense(end) ? Span<UInt8>.leastDense : 0
        var most = max(0, min(Self.mostPrefix, end - start - run))
        while most > 0, !ByteClass.isSpace(text[start + most - 1]) { most -= 1 }
        // The sign of a quotation or of a difference, if the line before begins with it, or with that of a hunk, too.
        if most == 0, start < end, let before, Self.signs.contains(text[start]) {
            let isSigned = text[before.lowerBound] == text[start] || text[before.lowerBound] == UInt8(ascii: "@")
            guard isSigned else { return 0 }
            guard next < text.count else { return isLast ? 0 : nil }
            return text[next] == text[start] ? 1 : 0
        }
        var length = 0
        while length < most {
            let there = min(most, text.count - next) - length
            length += text.agreement(at: next + length, with: text, at: start + length, length: there)
            if length == most { break }
            if next + length == text.count {
                if isLast { break }
                return nil
            }
            guard Self.shape(text[start + length]) == Self.shape(text[next + length]) else { break }
            length += 1
        }
        while length > 0, !ByteClass.isSpace(text[start + length - 1]) || !ByteClass.isSpace(text[next + length - 1]) {
            length -= 1
        }
        return length
    }

    private static let signs: [UInt8] = Array("+->|".utf8)

    private static func shape(_ byte: UInt8) -> UInt8 {
        byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") ? 0x20 : byte
    }

    /// Whether `line` and the one at `next`, which has no white space from `content` on, are rows of one width, or the latter
    /// is the rest behind such rows; `nil` where the text ends too early.
    private func isRow(
        _ text: Span<UInt8>, _ line: Range<Int>, _ next: Int, _ content: Int, _ before: Range<Int>?
    ) -> Bool? {
        var index = content
        while index - next <= line.count, index < text.count, text[index] > 0x20 { index += 1 }
        // A row that is too wide, or goes on behind white space, is none whatever follows.
        guard index - next <= line.count else { return false }
        switch text.extracting(index...).lineEnd(at: 0) {
        case nil where !isLast: return nil
        case 0: return false
        default: break
        }
        return index - next == line.count || before.map { before in width(text, before) } == line.count
    }

    /// How wide a line is without a carriage return at its end.
    private func width(_ text: Span<UInt8>, _ line: Range<Int>) -> Int {
        line.count - (!line.isEmpty && text[line.upperBound - 1] == 0x0D ? 1 : 0)
    }
}
