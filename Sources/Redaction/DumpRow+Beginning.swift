internal import Secrets

/// What tells a row, and its format.
extension DumpRow {
    /// The shortest offset, in digits: tools for packets print four.
    private static let leastOffset = 4
    private static let mostOffset = 16
    /// The most spaces before the first token.
    static let mostSpaces = 32
    /// How many digits a row that is nothing but one number has.
    private static let plainDigits = 16...64
    /// The most bytes that are looked through for a number that only one of two formats has.
    private static let mostLook = 256

    /// How many bytes the numbers have that take so many columns in decimal, and the most digits.
    private static func decimals(ofWidth width: Int) -> (size: UInt8, digits: Int)? {
        switch width {
        case 4, 5: (1, 3)
        case 6, 7, 8: (2, 5)
        case 11, 12: (4, 10)
        case 21: (8, 20)
        default: nil
        }
    }

    /// Reads the start of a line as far as it takes to know the format.
    static func beginning(_ text: Span<UInt8>, at start: Int, isLast: Bool) -> Beginning {
        var position = start
        while position < text.count, text[position] == 0x20, position - start < mostSpaces { position += 1 }
        guard position < text.count else { return isLast ? .notRow : .undecided }
        let spaces = position - start
        let digits = countDigits(text, from: position)
        // Offsets that are indented begin with a zero, as numbers seldom do.
        if spaces == 0 || (digits > 0 && text[position] == UInt8(ascii: "0")) {
            if position + digits == text.count, !isLast { return .undecided }
            let found = offset(text, at: position, digits: digits, isIndented: spaces > 0, isLast: isLast)
            guard case .notRow = found else { return found }
        }
        if spaces >= 3 || (spaces == 2 && digits == 0) {
            let found = fields(text, at: start, isLast: isLast)
            guard case .notRow = found else { return found }
        }
        return unmarked(text, at: position, spaces: spaces, isLast: isLast)
    }

    /// Numbers without an offset, behind so many spaces.
    static func unmarked(_ text: Span<UInt8>, at position: Int, spaces: Int, isLast: Bool) -> Beginning {
        let digits = countDigits(text, from: position)
        let behind = position + digits
        if digits == 0, text[position] != UInt8(ascii: "-") { return .notRow }
        if digits == 1, text[position] == UInt8(ascii: "0"), behind < text.count, text[behind] | 0x20 == 0x78 {
            return list(text, at: position, isLast: isLast)
        }
        let isPlain = plain(text, at: position, least: plainDigits.lowerBound, isLast: isLast, like: nil)
        guard case .notRow = isPlain else { return isPlain }
        if behind == text.count, !isLast { return .undecided }
        if spaces > 0 {
            let found = decimals(text, at: position, behind: nil, isLast: isLast)
            guard case .notRow = found else { return found }
        }
        return numbers(
            text, at: position, isIndented: spaces > 0, isMarked: false, hasOffset: false, isLast: isLast)
    }

    /// An offset of so many digits and what follows it.
    static func offset(
        _ text: Span<UInt8>, at start: Int, digits: Int, isIndented: Bool, isLast: Bool
    ) -> Beginning {
        guard digits >= leastOffset, digits <= mostOffset else { return .notRow }
        let behind = start + digits
        guard behind < text.count else { return isLast ? .notRow : .undecided }
        let isMarked = text[behind] == UInt8(ascii: ":")
        let found = tokens(
            text, from: isMarked ? behind + 1 : behind, isMarked: isMarked, offset: digits, isIndented: isIndented,
            isLast: isLast)
        guard case .row(var row, let tokens) = found else { return found }
        row.hasOffset = true
        return .row(row, tokens: tokens)
    }

    /// What follows an offset.
    private static func tokens(
        _ text: Span<UInt8>, from start: Int, isMarked: Bool, offset: Int, isIndented: Bool, isLast: Bool
    ) -> Beginning {
        var position = start
        while position < text.count, text[position] == 0x20, position - start < mostSpaces { position += 1 }
        guard position < text.count else { return isLast ? .notRow : .undecided }
        let spaces = position - start
        guard spaces > 0 else { return .notRow }
        let width = countDigits(text, from: position)
        if position + width == text.count, !isLast { return .undecided }
        // A word that is not full stands to the right of its place.
        if isMarked, spaces > 1, let size = [2, 4, 8].first(where: { isShortWord(width, behind: spaces, size: $0) }) {
            let word = Word(size: UInt8(size), base: 16, digits: UInt8(2 * size))
            return .row(Row(format: .words(word), endsAtGap: true), tokens: position)
        }
        if spaces >= 3 || !ByteClass.isAlphanumeric(text[position]) {
            let found = fields(text, at: start, isLast: isLast)
            guard case .notRow = found else { return found }
        }
        if !isMarked {
            let found = decimals(text, at: position, behind: start, isLast: isLast)
            guard case .notRow = found else { return found }
        }
        // Numbers as wide as what stands first are all numbers; but od prints such offsets with words of two bytes.
        guard
            isMarked || width != offset
                || (width == 6 && !isIndented && isOctal(text, at: position, digits: width))
        else { return .notRow }
        return numbers(text, at: position, isIndented: true, isMarked: isMarked, hasOffset: true, isLast: isLast)
    }

    /// Whether so many digits are a word that is not full, in little-endian order, as xxd prints it.
    static func isShortWord(_ digits: Int, behind spaces: Int, size: Int) -> Bool {
        digits > 0 && digits % 2 == 0 && digits < 2 * size && spaces == 1 + 2 * size - digits
    }

    private static func isOctal(_ text: Span<UInt8>, at start: Int, digits: Int) -> Bool {
        (start..<(start + digits)).allSatisfy { text[$0] < UInt8(ascii: "8") }
    }

    /// One number of a list in source text.
    static func list(_ text: Span<UInt8>, at start: Int, isLast: Bool) -> Beginning {
        let end = start + 4
        guard end < text.count else { return isLast ? .notRow : .undecided }
        guard text[start] == UInt8(ascii: "0"), text[start + 1] | 0x20 == 0x78,
            countDigits(text, from: start + 2) == 2, text[end] == UInt8(ascii: ",") || isLineEnd(text[end])
        else { return .notRow }
        return .row(Row(format: .listed), tokens: start)
    }

    /// Nothing but digits of whole bytes up to the end of the line, at least so many where no row like it came before.
    static func plain(
        _ text: Span<UInt8>, at start: Int, least: Int, isLast: Bool, like last: Row?
    ) -> Beginning {
        let position = text.endOfDigits(from: start, limit: start + plainDigits.upperBound + 1)
        let digits = position - start
        guard digits <= plainDigits.upperBound else { return .notRow }
        if position < text.count {
            guard isLineEnd(text[position]) else { return .notRow }
        } else if !isLast {
            return .undecided
        }
        guard digits >= least, digits % 2 == 0 else { return .notRow }
        return .row(last ?? Row(format: .pairs, isPlain: true), tokens: start)
    }

    /// Two numbers of the same width, or one at the end of a line.
    static func numbers(
        _ text: Span<UInt8>, at start: Int, isIndented: Bool, isMarked: Bool, hasOffset: Bool, isLast: Bool
    ) -> Beginning {
        let width = countDigits(text, from: start)
        var position = start + width
        let isOctal = isOctal(text, at: start, digits: width)
        let format: Format
        switch width {
        case 3 where isOctal && !isMarked: format = .words(Word(size: 1, base: 8, digits: 3))
        case 5 where isIndented && !isMarked: format = .words(Word(size: 2, base: 10, digits: 5))
        case 6 where isOctal && !isMarked: format = .words(Word(size: 2, base: 8, digits: 6))
        case 11 where isOctal && !isMarked: format = .words(Word(size: 4, base: 8, digits: 11))
        case 22 where isOctal && !isMarked: format = .words(Word(size: 8, base: 8, digits: 22))
        case 4 where isMarked, 8 where isMarked, 16 where isMarked:
            guard let found = marked(text, at: start, width: width, isLast: isLast) else { return .undecided }
            format = found
        case 4 where isIndented, 8 where isIndented, 16 where isIndented:
            format = .words(Word(size: UInt8(width / 2), base: 16, digits: UInt8(width)))
        case 2, 4, 8: format = .pairs
        case 6... where isMarked && width % 2 == 0: format = .pairs
        // More digits than are counted.
        case 23... where isMarked: return .row(Row(format: .pairs, endsAtGap: true), tokens: start)
        default: return position == text.count && !isLast && width < 23 ? .undecided : .notRow
        }
        let found = Beginning.row(Row(format: format, endsAtGap: isMarked || !isIndented), tokens: start)
        guard position < text.count else { return isLast ? found : .undecided }
        if isLineEnd(text[position]) { return found }
        guard text[position] == 0x20 else { return .notRow }
        while position < text.count, text[position] == 0x20, position - start < mostLook { position += 1 }
        guard position < text.count else { return isLast ? found : .undecided }
        // Behind an offset and one number the text may follow.
        if position - start - width > 1, hasOffset || isIndented { return hasOffset ? found : .notRow }
        let next = countDigits(text, from: position)
        if next < width, position + next == text.count, !isLast { return .undecided }
        let isSame = next == width || (format == .pairs && isMarked && next < width && next > 0 && next % 2 == 0)
        return isSame || (format == .pairs && width == 4 && next == 2) ? found : .notRow
    }

    /// The format of numbers of so many digits behind an offset with a colon; `nil` where the text ends before it is
    /// clear.
    private static func marked(_ text: Span<UInt8>, at start: Int, width: Int, isLast: Bool) -> Format? {
        if width == 8 {
            // Only bits have nothing but zeros and ones up to the gap.
            var position = start
            while position < text.count, position - start < mostLook,
                text[position] == UInt8(ascii: "0") || text[position] == UInt8(ascii: "1")
                    || (text[position] == 0x20 && text[position - 1] != 0x20)
            { position += 1 }
            guard position < text.count || isLast else { return nil }
            if position == text.count || text[position] == 0x20 || isLineEnd(text[position]) { return .bits }
        }
        guard let isReversed = isReversed(text, from: start, size: width / 2, isLast: isLast) else { return nil }
        return isReversed ? .words(Word(size: UInt8(width / 2), base: 16, digits: UInt8(width))) : .pairs
    }

    /// Numbers in decimal, in columns of one width, of which the first begins at `position`; `start` is where an offset
    /// before it ends.
    private static func decimals(_ text: Span<UInt8>, at position: Int, behind start: Int?, isLast: Bool) -> Beginning {
        var index = position
        // Where the first number ends, and how far the next ones do behind the one before.
        var (first, last, step, isEven) = (0, 0, 0, true)
        var (count, most, isDecimal) = (0, 0, false)
        while true {
            let begin = index
            if index < text.count, text[index] == UInt8(ascii: "-") { index += 1 }
            let digits = countDecimals(text, from: index)
            index += digits
            if index == text.count, !isLast { return .undecided }
            guard digits > 0, index == text.count || text[index] == 0x20 || isLineEnd(text[index]) else {
                return .notRow
            }
            // Three digits below eight each may be octal as well.
            isDecimal = isDecimal || digits != 3 || (begin..<index).contains { text[$0] >= UInt8(ascii: "8") }
            if text[begin] == UInt8(ascii: "-") { isDecimal = true }
            most = max(most, digits)
            if count == 0 { first = index } else if count == 1 { step = index - last }
            isEven = isEven && (count < 2 || index - last == step)
            count += 1
            last = index
            while index < text.count, text[index] == 0x20, index - position < mostLook { index += 1 }
            if index == text.count, !isLast { return .undecided }
            let isEnd = index == text.count || isLineEnd(text[index]) || index - position >= mostLook
            if isEnd || (count > 2 && isDecimal) { break }
        }
        // Behind an offset the first column tells its width, else the second one does.
        let width = start.map { first - $0 } ?? step
        guard let (size, digits) = decimals(ofWidth: width), isDecimal, isEven, count == 1 || step == width,
            most <= digits, width != 8 || most == 5
        else { return .notRow }
        return .row(Row(format: .words(Word(size: size, base: 10, digits: 0))), tokens: position)
    }

    /// How many decimal digits stand at `start`, as far as it matters.
    static func countDecimals(_ text: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < text.count, position - start <= 20, text[position] >= UInt8(ascii: "0"),
            text[position] <= UInt8(ascii: "9")
        { position += 1 }
        return position - start
    }

    /// Columns of four characters each, of which the last three hold one byte; two in a row tell it.
    static func fields(_ text: Span<UInt8>, at start: Int, isLast: Bool) -> Beginning {
        var position = start
        let row = Beginning.row(Row(format: .characters), tokens: start)
        for _ in 0..<2 {
            guard position + 4 <= text.count else {
                if position < text.count, isLineEnd(text[position]), position > start { break }
                return isLast ? (position > start && position == text.count ? row : .notRow) : .undecided
            }
            if position > start, isLineEnd(text[position]) { break }
            guard field(text, at: position) != nil else { return .notRow }
            position += 4
        }
        return row
    }
}
