internal import Secrets

/// What programs put in front of each line: signs of quoting, times, names, numbers of lines.
///
/// No list of such is needed. Behind what ends no word, a row may begin anywhere in the first bytes of a line, where so
/// much follows as hardly any other text has; the next line is then read up to where a row stands at the same place, or
/// up to an offset.
extension DumpRow {
    /// How far a line was read in which no row has begun yet.
    struct Prefix: Equatable {
        /// How many bytes lie before, from the start of the line on.
        var column: UInt8 = 0
        /// How many spaces are the last of them.
        var spaces: UInt8 = 0
        /// Whether the last of them ends no word.
        var isBoundary = true
        /// What the rows of the dump have in common to which the line before belongs.
        var last: Row?

        fileprivate mutating func advance(past byte: UInt8) {
            column += 1
            spaces = byte == 0x20 ? spaces + 1 : 0
            isBoundary = !ByteClass.isAlphanumeric(byte)
        }
    }

    /// The longest prefix, in bytes; `mayHoldRow` looks at no more.
    private static let mostPrefix: UInt8 = 33
    /// How many bytes from its start on tell a row behind a prefix that no other row came before.
    private static let leastRow = 41

    /// How many digits a row of plain ones has.
    private static let plainRow = 60
    /// The most digits of a number, as eight bytes have in octal, and the most bytes of a row of numbers.
    private static let mostNumber = 22
    private static let mostRow = 256

    /// The phase at `next`, where no row begins between that place and `position`.
    static func passed(_ text: Span<UInt8>, to next: Int, from position: Int, _ phase: Phase) -> Phase {
        let low = max(position, next - Int(mostPrefix) - 1)
        var start = next
        while start > low, text[start - 1] != 0x0A { start -= 1 }
        var prefix = Prefix()
        if start == low, start == position {
            switch phase {
            case .lineStart: break
            case .prefix(let before): prefix = before
            default: return .midLine
            }
        } else if start == low, text[start - 1] != 0x0A {
            return .midLine
        }
        if start == next { return .lineStart(after: nil) }
        for index in start..<next { prefix.advance(past: text[index]) }
        return prefix.column > mostPrefix ? .midLine : .prefix(prefix)
    }

    /// The first position from `start` on, within the same line, where a row begins behind a prefix, or may once more is
    /// there; `nil` where none does.
    static func firstPrefixed(_ text: Span<UInt8>, from start: Int, isLast: Bool, _ prefix: Prefix) -> Int? {
        let places = text.placesOfRow(from: start, line: start - Int(prefix.column))
        guard !places.isEmpty else { return nil }
        var prefix = prefix
        for position in start..<places.lowerBound {
            if text[position] == 0x0A { return nil }
            prefix.advance(past: text[position])
        }
        var foreign: Int?
        for position in places {
            let byte = text[position]
            if byte == 0x0A { return nil }
            if mayBegin(byte, prefix), byte == 0x20 || mayBeNumber(text, at: position) {
                // Behind something else than numbers no row without an offset begins.
                let isOffset = byte == 0x20 || byte == UInt8(ascii: "0")
                let end = isOffset ? position : foreign ?? endOfForeign(text, from: position)
                if !isOffset { foreign = end }
                if position >= end, isFirst(text, at: position, isLast: isLast, prefix) { return position }
            }
            prefix.advance(past: byte)
        }
        return nil
    }

    private static func isFirst(_ text: Span<UInt8>, at position: Int, isLast: Bool, _ prefix: Prefix) -> Bool {
        if case .notRow = first(text, at: position, isLast: isLast, prefix) { false } else { true }
    }

    /// Whether a row may begin with `byte`.
    private static func mayBegin(_ byte: UInt8, _ prefix: Prefix) -> Bool {
        byte == 0x20 ? prefix.spaces > 0 : prefix.isBoundary && ByteClass.hexValue(byte) != nil
    }

    /// Whether so many digits stand here as an offset, a number or a row of plain digits may have.
    private static func mayBeNumber(_ text: Span<UInt8>, at start: Int) -> Bool {
        let position = text.endOfDigits(from: start, limit: start + plainRow + 1)
        let digits = position - start
        return digits <= mostNumber || digits == plainRow || position == text.count
    }

    /// Behind the last byte of the line that is no part of numbers, nor of the bytes as text that od puts behind them.
    private static func endOfForeign(_ text: Span<UInt8>, from start: Int) -> Int {
        let limit = min(start + mostRow, text.count)
        var (position, end) = (start, start)
        while true {
            position = text.endOfNumbers(from: position, limit: limit)
            if position == limit || isEndOfNumbers(text, at: position) { return end }
            position += 1
            end = position
        }
    }

    private static func isEndOfNumbers(_ text: Span<UInt8>, at position: Int) -> Bool {
        isLineEnd(text[position])
            || (text[position] == UInt8(ascii: ">") && position > 0 && text[position - 1] == 0x20)
    }

    /// What stands at a place in a line in which no row has begun yet.
    static func prefixed(
        _ text: Span<UInt8>, at position: Int, isLast: Bool, _ prefix: Prefix, _ phase: inout Phase
    ) -> EscapeUnit {
        var prefix = prefix
        var index = position
        while index < text.count, prefix.column <= mostPrefix, text[index] != 0x0A {
            let found =
                prefix.last.map { next(text, at: index, isLast: isLast, prefix, like: $0) }
                ?? first(text, at: index, isLast: isLast, prefix)
            switch found {
            case .row(let row, let tokens) where index == position:
                return enter(row, text, at: position, tokens, isLast: isLast, &phase)
            case .undecided where index == position: return .incomplete
            case .notRow where prefix.last != nil:
                prefix.advance(past: text[index])
                index += 1
                continue
            default: break
            }
            break
        }
        if index > position {
            phase = .prefix(prefix)
            return .noise(index - position)
        }
        phase = text[position] == 0x0A ? .lineStart(after: nil) : .midLine
        if text[position] != 0x0A, prefix.column <= mostPrefix {
            prefix.advance(past: text[position])
            phase = .prefix(prefix)
        }
        return EscapeUnit(length: 1, count: 1, bytes: UInt64(text[position]))
    }

    /// Whether a row begins here that no row like it came before.
    private static func first(_ text: Span<UInt8>, at position: Int, isLast: Bool, _ prefix: Prefix) -> Beginning {
        let byte = text[position]
        guard mayBegin(byte, prefix) else { return .notRow }
        let found = begun(text, at: position, isLast: isLast, prefix)
        if case .notRow = found { return found }
        guard looksLikeRow(text, at: position) else { return .notRow }
        guard case .row(var row, let tokens) = found else { return found }
        guard text.count - position >= leastRow else { return isLast ? .notRow : .undecided }
        guard let isLong = text.hasLongNumber(line: position - Int(prefix.column), isLast: isLast) else {
            return .undecided
        }
        guard !isLong else { return .notRow }
        row.column = max(1, prefix.column - (byte == 0x20 ? 0 : prefix.spaces))
        return .row(row, tokens: tokens)
    }

    /// What a row begins with that no row like it came before.
    private static func begun(_ text: Span<UInt8>, at position: Int, isLast: Bool, _ prefix: Prefix) -> Beginning {
        let byte = text[position]
        var found: Beginning
        if byte == 0x20 {
            // Numbers of three digits have one space before them only.
            guard position + 1 < text.count else { return isLast ? .notRow : .undecided }
            guard text[position + 1] == 0x20 else { return .notRow }
            found = fields(text, at: position, isLast: isLast)
        } else {
            found = .notRow
            // Offsets of dumps that anybody prints begin with a zero.
            if byte == UInt8(ascii: "0") {
                let digits = countDigits(text, from: position)
                if position + digits == text.count, !isLast { return .undecided }
                guard let isNumber = isWordOfRow(text, at: position, digits: digits, isLast: isLast) else {
                    return .undecided
                }
                found = offset(text, at: position, digits: digits, isIndented: isNumber, isLast: isLast)
            }
            if case .notRow = found {
                found = unmarked(text, at: position, spaces: Int(prefix.spaces), isLast: isLast)
                if case .row(let row, _) = found {
                    guard let digits = digitsOnly(text, at: position, isLast: isLast) else { return .undecided }
                    // The first row of plain digits is as long as xxd makes it: others stand in many lines.
                    guard row.isPlain ? digits == plainRow : digits > 0 else { return .notRow }
                }
            }
        }
        return found
    }

    /// Whether so many digits are a word of two bytes and no offset: a row has eight such, and nine numbers with an offset;
    /// `nil` where the text ends before it is clear.
    private static func isWordOfRow(_ text: Span<UInt8>, at start: Int, digits: Int, isLast: Bool) -> Bool? {
        guard digits == 6 else { return false }
        let row = 8 * (digits + 1) - 1
        var position = start
        while position < text.count, position - start <= row, !isLineEnd(text[position]) { position += 1 }
        guard position < text.count || isLast || position - start > row else { return nil }
        return position - start <= row
    }

    /// How many digits the number here has, where numbers are all that stands in the rest of the line but for the bytes as
    /// text; zero where more does, `nil` where the text ends before it is clear.
    private static func digitsOnly(_ text: Span<UInt8>, at start: Int, isLast: Bool) -> Int? {
        let limit = min(start + mostRow, text.count)
        let end = text.endOfNumbers(from: start, limit: limit)
        if end == text.count, !isLast { return nil }
        let isEnd = end == limit ? end == text.count && end - start < mostRow : isEndOfNumbers(text, at: end)
        guard isEnd else { return 0 }
        return text.endOfDigits(from: start, limit: end) - start
    }

    /// Whether the bytes from `position` on, as far as they are there and tell, are such as rows have.
    private static func looksLikeRow(_ text: Span<UInt8>, at position: Int) -> Bool {
        let end = min(position + leastRow, text.count)
        for index in position..<end where isLineEnd(text[index]) { return false }
        for start in position...max(position, end - 8) where !text.mayBePartOfRow(at: start) { return false }
        return true
    }

    /// Whether a row begins here that goes on with the dump of the one before.
    private static func next(
        _ text: Span<UInt8>, at position: Int, isLast: Bool, _ prefix: Prefix, like last: Row
    ) -> Beginning {
        let byte = text[position]
        var found = Beginning.notRow
        if last.hasOffset {
            guard prefix.isBoundary, ByteClass.hexValue(byte) != nil else { return .notRow }
            let digits = countDigits(text, from: position)
            if position + digits == text.count, !isLast { return .undecided }
            found = offset(text, at: position, digits: digits, isIndented: false, isLast: isLast)
        } else if last.format == .characters {
            guard isSameColumn(prefix.column, last), byte == 0x20 else { return .notRow }
            found = fields(text, at: position, isLast: isLast)
        } else {
            guard byte != 0x20, isSameColumn(prefix.column - prefix.spaces, last) else { return .notRow }
            found = token(text, at: position, isLast: isLast, like: last)
        }
        guard case .row(var row, let tokens) = found else { return found }
        row.column = max(1, prefix.column - (byte == 0x20 ? 0 : prefix.spaces))
        return .row(row, tokens: tokens)
    }

    /// Numbers of lines grow by a digit now and then.
    private static func isSameColumn(_ column: UInt8, _ last: Row) -> Bool {
        column == last.column || column == last.column + 1
    }

    /// Whether a token of the same kind of row stands here.
    private static func token(_ text: Span<UInt8>, at position: Int, isLast: Bool, like last: Row) -> Beginning {
        if last.isPlain { return plain(text, at: position, least: 2, isLast: isLast, like: last) }
        if last.format == .listed { return list(text, at: position, isLast: isLast) }
        let isNegative = text[position] == UInt8(ascii: "-")
        let digits = countDigits(text, from: position + (isNegative ? 1 : 0))
        let behind = position + digits + (isNegative ? 1 : 0)
        guard behind < text.count || isLast else { return .undecided }
        guard digits > 0, behind == text.count || text[behind] == 0x20 || isLineEnd(text[behind]) else {
            return .notRow
        }
        switch last.format {
        case .words(let word) where word.digits == 0 || Int(word.digits) == digits: return .row(last, tokens: position)
        case .pairs where digits % 2 == 0: return .row(last, tokens: position)
        default: return .notRow
        }
    }
}
