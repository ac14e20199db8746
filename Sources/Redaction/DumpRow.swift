internal import Secrets

/// A line as xxd, hexdump and od print bytes: an offset, then one number or character for each byte or word, and
/// perhaps the bytes as text behind them.
///
/// Read it from the start of a line on, token by token: `Phase` says where in a line one is.
internal enum DumpRow {
    /// How the bytes are written.
    enum Format: UInt8 {
        /// Two hexadecimal digits for each.
        case hex1
        /// Four and eight hexadecimal digits, the first byte first, as xxd prints them.
        case hex2, hex4
        /// The same, of words in little-endian order, as od and hexdump print them.
        case littleHex2, littleHex4
        /// Three octal digits for each, and six for a word in little-endian order.
        case octal1, littleOctal2
        /// Two hexadecimal digits behind `0x` for each, with commas between, as source text lists them.
        case listed
        /// Four columns for each: the character, a backslash and a letter, or three octal digits.
        case characters

        /// How many characters a token has.
        var width: Int {
            switch self {
            case .hex1: 2
            case .octal1: 3
            case .hex2, .littleHex2, .listed, .characters: 4
            case .littleOctal2: 6
            case .hex4, .littleHex4: 8
            }
        }

        fileprivate var isOctal: Bool { self == .octal1 || self == .littleOctal2 }
    }

    /// Where in a line a position lies.
    enum Phase: Equatable {
        /// At the start of a line.
        case lineStart
        /// Within a line that is no row.
        case midLine
        /// Between two tokens of a row. Behind an offset with a colon two spaces end the tokens.
        case row(Format, endsAtGap: Bool)
        /// Behind the tokens of a row.
        case rest
    }

    /// What the start of a line says.
    private enum Beginning {
        case row(Format, endsAtGap: Bool, tokens: Int)
        case notRow
        case undecided
    }

    /// The shortest offset, in digits: tools for packets print four.
    private static let leastOffset = 4
    private static let mostOffset = 16
    /// The most spaces before the first token.
    private static let mostSpaces = 32
    /// The most characters that are passed over as one unit.
    private static let mostNoise = 128

    /// The phase at `position`, a place between two units, where that at `begin` is known.
    static func phase(_ text: Span<UInt8>, at position: Int, from begin: Int, _ phase: Phase) -> Phase {
        var start = position
        while start > begin, text[start - 1] != 0x0A { start -= 1 }
        guard start > begin || phase == .lineStart else { return position == begin ? phase : within(phase) }
        guard position > start else { return .lineStart }
        guard case .row(let format, let endsAtGap, _) = beginning(text, at: start, isLast: true) else {
            return .midLine
        }
        return .row(format, endsAtGap: endsAtGap)
    }

    /// The phase further on in the same line.
    private static func within(_ phase: Phase) -> Phase { phase == .lineStart ? .midLine : phase }

    /// The first position from `start` on where a row goes on or may begin; `nil` where none does.
    static func firstCandidate(
        _ text: Span<UInt8>, from start: Int, _ phase: Phase, _ lines: borrowing NewlineIndex, near: inout Int
    ) -> Int? {
        switch phase {
        case .row, .rest: return start < text.count ? start : nil
        case .lineStart: if text.mayBeginRow(at: start) { return start }
        case .midLine: break
        }
        return text.firstRowStart(from: start, lines: lines, near: &near)
    }

    /// What stands at a candidate, and moves the phase behind it.
    static func unit(_ text: Span<UInt8>, at position: Int, isLast: Bool, _ phase: inout Phase) -> EscapeUnit {
        switch phase {
        case .lineStart:
            switch beginning(text, at: position, isLast: isLast) {
            case .undecided: return .incomplete
            case .notRow: phase = .midLine
            case .row(let format, let endsAtGap, let tokens):
                phase = .row(format, endsAtGap: endsAtGap)
                if tokens > position { return .noise(tokens - position) }
                return token(text, at: position, format, endsAtGap: endsAtGap, isLast: isLast, &phase)
            }
        case .row(let format, let endsAtGap):
            return token(text, at: position, format, endsAtGap: endsAtGap, isLast: isLast, &phase)
        case .rest: return rest(text, at: position, &phase)
        case .midLine: break
        }
        return EscapeUnit(length: 1, count: 1, bytes: UInt32(text[position]))
    }

    /// Reads the start of a line as far as it takes to know the format.
    private static func beginning(_ text: Span<UInt8>, at start: Int, isLast: Bool) -> Beginning {
        var position = start
        while position < text.count, text[position] == 0x20, position - start < mostSpaces { position += 1 }
        guard position < text.count else { return isLast ? .notRow : .undecided }
        let spaces = position - start
        let digits = countDigits(text, from: position)
        let behind = position + digits
        let isCut = behind == text.count && !isLast
        if spaces == 0, digits >= leastOffset, digits <= mostOffset {
            guard !isCut else { return .undecided }
            let isMarked = behind < text.count && text[behind] == UInt8(ascii: ":")
            let found = tokens(
                text, from: isMarked ? behind + 1 : behind, isMarked: isMarked, offset: digits, isLast: isLast)
            guard case .notRow = found else { return found }
        }
        if spaces >= 3 || (spaces == 2 && digits == 0) {
            let found = fields(text, at: start, isLast: isLast)
            guard case .notRow = found else { return found }
        }
        if isCut, digits <= Format.hex4.width { return .undecided }
        if digits == 1, text[position] == UInt8(ascii: "0"), behind < text.count, text[behind] == UInt8(ascii: "x") {
            return list(text, at: position, isLast: isLast)
        }
        return numbers(text, at: position, isIndented: spaces > 0, isMarked: false, isLast: isLast)
    }

    /// What follows an offset.
    private static func tokens(
        _ text: Span<UInt8>, from start: Int, isMarked: Bool, offset: Int, isLast: Bool
    ) -> Beginning {
        var position = start
        let most = isMarked ? Format.littleHex4.width : 4
        while position < text.count, text[position] == 0x20, position - start < most { position += 1 }
        guard position < text.count else { return isLast ? .notRow : .undecided }
        guard position > start else { return .notRow }
        // A word that is not full stands to the right of its place.
        let width = countDigits(text, from: position)
        if isMarked, position + width == text.count, !isLast { return .undecided }
        if isMarked, isShortWord(width, behind: position - start) {
            return .row(.littleHex4, endsAtGap: true, tokens: position)
        }
        if position - start >= 3 || !ByteClass.isAlphanumeric(text[position]) {
            let found = fields(text, at: start, isLast: isLast)
            guard case .notRow = found else { return found }
        }
        // Numbers as wide as what stands first are all numbers.
        guard isMarked || countDigits(text, from: position) != offset else { return .notRow }
        return numbers(text, at: position, isIndented: true, isMarked: isMarked, isLast: isLast)
    }

    /// Whether so many digits are a word of four bytes that is not full, in little-endian order, as xxd prints it.
    static func isShortWord(_ digits: Int, behind spaces: Int) -> Bool {
        digits > 0 && digits % 2 == 0 && digits < Format.littleHex4.width
            && spaces == 1 + Format.littleHex4.width - digits
    }

    /// One number of a list in source text.
    private static func list(_ text: Span<UInt8>, at start: Int, isLast: Bool) -> Beginning {
        let end = start + Format.listed.width
        guard end < text.count else { return isLast ? .notRow : .undecided }
        guard countDigits(text, from: start + 2) == 2, text[end] == UInt8(ascii: ",") || isLineEnd(text[end]) else {
            return .notRow
        }
        return .row(.listed, endsAtGap: false, tokens: start)
    }

    /// Two numbers of the same width, or one at the end of a line.
    private static func numbers(
        _ text: Span<UInt8>, at start: Int, isIndented: Bool, isMarked: Bool, isLast: Bool
    ) -> Beginning {
        let width = countDigits(text, from: start)
        var position = start + width
        let isOctal = (start..<position).allSatisfy { text[$0] < UInt8(ascii: "8") }
        let format: Format
        switch width {
        case 2: format = .hex1
        case 3 where isOctal: format = .octal1
        case 4: format = isMarked || !isIndented ? .hex2 : .littleHex2
        case 6 where isOctal: format = .littleOctal2
        case 8 where isMarked:
            guard let isReversed = isReversed(text, from: start, isLast: isLast) else { return .undecided }
            format = isReversed ? .littleHex4 : .hex4
        case 8: format = isIndented ? .littleHex4 : .hex4
        default: return position == text.count && !isLast && width < 8 ? .undecided : .notRow
        }
        let found = Beginning.row(format, endsAtGap: isMarked || !isIndented, tokens: start)
        guard position < text.count else { return isLast ? found : .undecided }
        if isLineEnd(text[position]) { return found }
        guard text[position] == 0x20 else { return .notRow }
        while position < text.count, text[position] == 0x20 { position += 1 }
        guard position < text.count else { return isLast ? found : .undecided }
        // Behind an offset and one number the text may follow.
        if isIndented, position - start - width > 1 { return found }
        let next = countDigits(text, from: position)
        if next < width, position + next == text.count, !isLast { return .undecided }
        let isSame = next == width || (format == .hex2 && next == 2)
        return isSame ? found : .notRow
    }

    /// Columns of four characters each, of which the last three hold one byte; two in a row tell it.
    private static func fields(_ text: Span<UInt8>, at start: Int, isLast: Bool) -> Beginning {
        var position = start
        for _ in 0..<2 {
            guard position + 4 <= text.count else {
                if position < text.count, isLineEnd(text[position]), position > start { break }
                return isLast
                    ? (position > start && position == text.count
                        ? .row(.characters, endsAtGap: false, tokens: start) : .notRow) : .undecided
            }
            if position > start, isLineEnd(text[position]) { break }
            guard field(text, at: position) != nil else { return .notRow }
            position += 4
        }
        return .row(.characters, endsAtGap: false, tokens: start)
    }

    /// The byte of the column at `position`, whose four characters are there.
    private static func field(_ text: Span<UInt8>, at position: Int) -> UInt8? {
        guard text[position] == 0x20 else { return nil }
        let (first, second, third) = (text[position + 1], text[position + 2], text[position + 3])
        if first == 0x20, second == 0x20 { return third >= 0x20 ? third : nil }
        if first == 0x20, second == UInt8(ascii: "\\") {
            switch third {
            case UInt8(ascii: "0"): return 0
            case UInt8(ascii: "a"): return 7
            case UInt8(ascii: "b"): return 8
            case UInt8(ascii: "t"): return 9
            case UInt8(ascii: "n"): return 10
            case UInt8(ascii: "v"): return 11
            case UInt8(ascii: "f"): return 12
            case UInt8(ascii: "r"): return 13
            case UInt8(ascii: "\\"): return third
            default: return nil
            }
        }
        guard let value = number(text, at: position + 1, digits: 3, isOctal: true) else { return nil }
        return UInt8(exactly: value)
    }

    private static func token(
        _ text: Span<UInt8>, at position: Int, _ format: Format, endsAtGap: Bool, isLast: Bool, _ phase: inout Phase
    ) -> EscapeUnit {
        if isLineEnd(text[position]) { return rest(text, at: position, &phase) }
        if format == .characters { return characters(text, at: position, isLast: isLast, &phase) }
        if format == .listed { return listed(text, at: position, isLast: isLast, &phase) }
        if text[position] == 0x20 {
            var behind = position
            while behind < text.count, text[behind] == 0x20, behind - position < mostSpaces { behind += 1 }
            if behind == text.count, !isLast { return .incomplete }
            let isWord =
                format == .littleHex4 && isShortWord(countDigits(text, from: behind), behind: behind - position)
            if endsAtGap, behind - position > 1, !isWord { phase = .rest }
            return .noise(behind - position)
        }
        let digits = countDigits(text, from: position)
        let behind = position + digits
        if behind == text.count, digits <= format.width, !isLast { return .incomplete }
        // The last number of a dump may have fewer bytes.
        let mayBeShort = format == .hex2 || format == .hex4 || (format == .littleHex4 && endsAtGap)
        let isShort = mayBeShort && digits < format.width && digits % 2 == 0 && digits > 0
        guard digits == format.width || isShort, behind == text.count || !ByteClass.isAlphanumeric(text[behind]),
            let value = number(text, at: position, digits: digits, isOctal: format.isOctal)
        else { return rest(text, at: position, &phase) }
        switch format {
        case .hex1, .octal1: return EscapeUnit(length: digits, count: 1, bytes: value & 0xFF)
        case .hex2, .hex4:
            let first = value.byteSwapped >> UInt32(32 - 4 * digits)
            return EscapeUnit(length: digits, count: digits / 2, bytes: first)
        case .littleHex4: return EscapeUnit(length: digits, count: digits / 2, bytes: value)
        case .littleHex2, .littleOctal2, .listed, .characters: return EscapeUnit(length: digits, count: 2, bytes: value)
        }
    }

    private static func listed(
        _ text: Span<UInt8>, at position: Int, isLast: Bool, _ phase: inout Phase
    ) -> EscapeUnit {
        if text[position] == 0x20 || text[position] == UInt8(ascii: ",") { return .noise(1) }
        let width = Format.listed.width
        guard position + width <= text.count else { return isLast ? rest(text, at: position, &phase) : .incomplete }
        guard text[position] == UInt8(ascii: "0"), text[position + 1] == UInt8(ascii: "x"),
            let value = number(text, at: position + 2, digits: 2, isOctal: false)
        else { return rest(text, at: position, &phase) }
        return EscapeUnit(length: width, count: 1, bytes: value)
    }

    private static func characters(
        _ text: Span<UInt8>, at position: Int, isLast: Bool, _ phase: inout Phase
    ) -> EscapeUnit {
        guard position + 4 <= text.count else {
            return isLast ? rest(text, at: position, &phase) : .incomplete
        }
        guard let byte = field(text, at: position) else { return rest(text, at: position, &phase) }
        return EscapeUnit(length: 4, count: 1, bytes: UInt32(byte))
    }

    /// What stands behind the tokens, up to the end of the line.
    private static func rest(_ text: Span<UInt8>, at position: Int, _ phase: inout Phase) -> EscapeUnit {
        phase = .rest
        var index = position
        while index < text.count, index - position < mostNoise {
            index += 1
            if text[index - 1] == 0x0A {
                phase = .lineStart
                break
            }
        }
        return .noise(index - position)
    }

    private static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    /// How many hexadecimal digits stand at `start`, as far as it matters.
    static func countDigits(_ text: Span<UInt8>, from start: Int) -> Int {
        var position = start
        while position < text.count, position - start <= mostOffset, ByteClass.hexValue(text[position]) != nil {
            position += 1
        }
        return position - start
    }

    static func number(_ text: Span<UInt8>, at start: Int, digits: Int, isOctal: Bool) -> UInt32? {
        var value: UInt32 = 0
        for position in start..<(start + digits) {
            guard let digit = ByteClass.hexValue(text[position]), !isOctal || digit < 8 else { return nil }
            value = isOctal ? value << 3 | UInt32(digit) : value << 4 | UInt32(digit)
        }
        return value
    }
}
