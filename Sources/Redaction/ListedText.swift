internal import Secrets

/// A list: characters with the same separator of several bytes between each two, as `', '`, or numbers of one byte each
/// with the same one between.
///
/// Each place is told by what stands around it: three equal separators beside each other, or four numbers. So nothing
/// needs to be remembered of what came before.
internal struct ListedText {
    /// Whether the text ends here, so that nothing is incomplete.
    let isLast: Bool

    /// How many equal separators a list of characters has at least, and how many numbers one of numbers.
    private static let leastSeparators = 3
    private static let leastNumbers = 4
    /// The longest separator of numbers, in bytes.
    private static let longestGap = 3

    /// What a place in the text is.
    enum Place: Equatable {
        /// Nothing but its byte.
        case plain
        /// The text ends before that can be told.
        case undecided
        /// A separator of so many bytes.
        case separator(Int)
        /// A number of so many digits that stands for a byte.
        case number(Int, UInt8)
    }

    /// The first place from `start` on that is none of `plain`.
    ///
    /// - Parameter stride: how far from each other the samples of the text may lie.
    func first(_ text: Span<UInt8>, from start: Int, stride: Int) -> (position: Int, place: Place)? {
        // In a list the next place is right here or behind one character.
        if let found = first(text, in: start..<min(start + 2, text.count), .max) { return found }
        var checked = start + 2
        var sample = start
        while let found = text.firstListSample(from: sample, stride: stride) {
            let end = min(found.position + 16, text.count)
            // The sample before it did not lie in the list as a whole.
            let begin = max(checked, found.position - stride)
            if let place = first(text, in: begin..<max(begin, end), found.lengths) { return place }
            // A sample that reaches into a list from before it may tell other lengths than the list's own.
            if found.lengths == .max { checked = max(checked, end) }
            sample = found.position + stride
        }
        // What is too near the end for a whole sample, or for one whose repetition is there.
        let rest = max(checked, text.count - 2 * stride - 3 * Span<UInt8>.longestListSeparator)
        return first(text, in: rest..<max(rest, text.count), .max)
    }

    private func first(_ text: Span<UInt8>, in range: Range<Int>, _ lengths: UInt32) -> (position: Int, place: Place)? {
        for position in range {
            let found = place(text, at: position, lengths)
            // A shorter separator than those of the sample counts.
            if found != .plain { return (position, lengths == .max ? found : place(text, at: position)) }
        }
        return nil
    }

    /// What stands at a position.
    ///
    /// - Parameter lengths: a bit for each length that a separator may have there.
    func place(_ text: Span<UInt8>, at position: Int, _ lengths: UInt32 = .max) -> Place {
        let byte = text[position]
        if ByteClass.isDigit(byte) { return number(text, at: position) }
        guard position > 0, !ByteClass.isAlphanumeric(byte) else { return .plain }
        if ByteClass.isDigit(text[position - 1]), let gap = gap(text, at: position) { return gap }
        return separator(text, at: position, lengths)
    }

    /// The longest text that counts as the beginning of a list only, in bytes.
    fileprivate static let longestBeginning = 24

    private func separator(_ text: Span<UInt8>, at start: Int, _ lengths: UInt32) -> Place {
        guard Self.isContent(text[start - 1], beside: text[start]) else { return .plain }
        // Letters and digits only within marks, as those of HTML.
        let isMark = text[start] == UInt8(ascii: "<")
        var isOpen = false
        for length in 1...Span<UInt8>.longestListSeparator {
            guard start + length <= text.count else {
                // It may go on.
                isOpen = !isLast
                break
            }
            guard !ByteClass.isAlphanumeric(text[start + length - 1]) else {
                if isMark { continue } else { break }
            }
            guard length > 1, lengths >> UInt32(length) & 1 != 0 else { continue }
            switch repeats(text, start, length) {
            case .some(true): return .separator(length)
            case .none: isOpen = true
            case .some(false): break
            }
        }
        return isOpen ? .undecided : .plain
    }

    /// Whether the separator of `length` at `start` is one of enough equal ones; `nil` where the text ends too early.
    ///
    /// Not all characters that it and its neighbours part may be one and the same sign: that could be read with a character
    /// for a part of the separator, and the other way round.
    private func repeats(_ text: Span<UInt8>, _ start: Int, _ length: Int) -> Bool? {
        let period = length + 1
        // Most lengths are none for the first byte already.
        let follows = start + period >= text.count || text[start + period] == text[start]
        guard follows || (start > period && text[start - period] == text[start]) else { return false }
        let first = text[start - 1]
        var (found, isMixed) = (1, ByteClass.isAlphanumeric(first))
        for number in 1..<Self.leastSeparators {
            let place = start - number * period
            guard place > 0, text.agreement(at: start, with: text, at: place, length: length) == length,
                Self.isContent(text[place - 1], beside: text[start])
            else { break }
            isMixed = isMixed || text[place - 1] != first
            found += 1
        }
        for number in 1..<Self.leastSeparators {
            // The character behind a separator, then the next one.
            let place = start + number * period
            var isThere = place <= text.count
            if isThere {
                guard Self.isContent(text[place - 1], beside: text[start]) else { break }
                isMixed = isMixed || text[place - 1] != first
                let there = min(length, text.count - place)
                guard text.agreement(at: start, with: text, at: place, length: there) == there else { break }
                isThere = there == length
            }
            guard isThere else { return found >= Self.leastSeparators && isMixed ? true : (isLast ? false : nil) }
            found += 1
        }
        return found >= Self.leastSeparators && isMixed
    }

    /// Whether a byte may be a character of a list in which it stands before `separator`.
    private static func isContent(_ byte: UInt8, beside separator: UInt8) -> Bool { byte >= 0x20 && byte != separator }

    /// A number of one byte, by its place: its length and value; `nil` where none stands there.
    ///
    /// A single digit is a character: what it would stand for as a number no secret holds.
    private func value(_ text: Span<UInt8>, at start: Int) -> (length: Int, value: UInt8)? {
        guard start == 0 || !ByteClass.isAlphanumeric(text[start - 1]) else { return nil }
        var end = start
        var value = 0
        while end < text.count, ByteClass.isDigit(text[end]), end - start < 4 {
            value = value * 10 + Int(text[end] &- 0x30)
            end += 1
        }
        guard end - start > 1 || end == text.count, end - start <= 3, value <= 255 else { return nil }
        if end < text.count, ByteClass.isAlphanumeric(text[end]) { return nil }
        return (end - start, UInt8(value))
    }

    /// Where the number of one byte starts that ends at `end`; `nil` where none does.
    private func number(_ text: Span<UInt8>, endingAt end: Int) -> Int? {
        var start = end
        while start > 0, end - start < 4, ByteClass.isDigit(text[start - 1]) { start -= 1 }
        guard start < end, let (length, _) = value(text, at: start), start + length == end else { return nil }
        return start
    }

    /// How long the gap between two numbers is that begins at `start`; `nil` where none does, zero where the text ends in it.
    private func gapLength(_ text: Span<UInt8>, at start: Int) -> Int? {
        var end = start
        while end < text.count, end - start <= Self.longestGap, Span<UInt8>.partsNumbers(text[end]) { end += 1 }
        guard end - start <= Self.longestGap, end > start || end == text.count else { return nil }
        guard end < text.count else { return 0 }
        return ByteClass.isDigit(text[end]) ? end - start : nil
    }

    private func number(_ text: Span<UInt8>, at start: Int) -> Place {
        guard let (length, value) = value(text, at: start) else { return .plain }
        // More digits may follow.
        if start + length == text.count, !isLast { return .undecided }
        switch isListed(text, start, length) {
        case .some(true): return .number(length, value)
        case .some(false): return .plain
        case .none: return .undecided
        }
    }

    /// The gap behind a number of a list, as one that nothing is read of.
    private func gap(_ text: Span<UInt8>, at start: Int) -> Place? {
        guard let number = number(text, endingAt: start), let gap = gapLength(text, at: start) else { return nil }
        switch isListed(text, number, start - number) {
        case .some(true): return gap > 0 ? .separator(gap) : (isLast ? nil : .undecided)
        case .some(false): return nil
        case .none: return .undecided
        }
    }

    /// Whether the number of so many digits at `start` is one of enough with equal gaps; `nil` where the text ends too early.
    private func isListed(_ text: Span<UInt8>, _ start: Int, _ length: Int) -> Bool? {
        guard let behind = gapLength(text, at: start + length) else {
            return countBefore(text, start, gap: nil) + 1 >= Self.leastNumbers
        }
        if behind == 0 {
            let before = countBefore(text, start, gap: nil)
            return before + 1 >= Self.leastNumbers ? true : (isLast ? false : nil)
        }
        let gap = (start + length)..<(start + length + behind)
        var found = 1 + countBefore(text, start, gap: gap)
        var position = gap.upperBound
        while found < Self.leastNumbers {
            guard let (length, _) = value(text, at: position) else { break }
            // More digits may follow.
            if position + length == text.count, !isLast { return nil }
            found += 1
            position += length
            guard found < Self.leastNumbers else { break }
            let there = min(gap.count, text.count - position)
            guard text.agreement(at: gap.lowerBound, with: text, at: position, length: there) == there else { break }
            if there < gap.count || position + gap.count == text.count {
                if isLast { break }
                return nil
            }
            position += gap.count
        }
        if found >= Self.leastNumbers { return true }
        // It may be the last one of a list with another gap.
        return countBefore(text, start, gap: nil) + 1 >= Self.leastNumbers
    }

    /// How many numbers stand before the one at `start`, with `gap` or, where that is `nil`, with equal gaps between.
    private func countBefore(_ text: Span<UInt8>, _ start: Int, gap: Range<Int>?) -> Int {
        var (found, position, gap) = (0, start, gap)
        while found < Self.leastNumbers - 1 {
            var end = position
            while end > 0, position - end <= Self.longestGap, Span<UInt8>.partsNumbers(text[end - 1]) { end -= 1 }
            guard end < position, position - end <= Self.longestGap, let number = number(text, endingAt: end)
            else { break }
            if let gap {
                guard gap.count == position - end,
                    text.agreement(at: gap.lowerBound, with: text, at: end, length: gap.count) == gap.count
                else { break }
            } else {
                gap = end..<position
            }
            found += 1
            position = number
        }
        return found
    }
}

extension Span<UInt8> {
    /// Whether the bytes may be the first three items of a list and what parts them, and no more.
    internal var isShortList: Bool {
        guard count <= ListedText.longestBeginning else { return false }
        var items = 0
        for index in 0..<count where ByteClass.isAlphanumeric(self[index]) {
            // Of a number three digits, of other text one character.
            let isNumber = index > 0 && ByteClass.isDigit(self[index]) && ByteClass.isDigit(self[index - 1])
            if !isNumber { items += 1 }
        }
        return items <= 3
    }
}
