internal import Secrets

/// A line as xxd, hexdump and od print bytes: an offset, then one number or character for each byte or word, and
/// perhaps the bytes as text behind them.
///
/// Read it from the start of a line on, token by token: `Phase` says where in a line one is. What programs put in front
/// of each line is passed over, see `DumpRow.Prefix`.
internal enum DumpRow {
    /// How the bytes are written.
    enum Format: Equatable {
        /// Two hexadecimal digits for each, in numbers of as many bytes as one likes, the first byte first.
        case pairs
        /// Numbers of so many bytes each, in little-endian order.
        case words(Word)
        /// Eight binary digits for each.
        case bits
        /// Two hexadecimal digits behind `0x` for each, with commas between, as source text lists them.
        case listed
        /// Four columns for each: the character, a backslash and a letter, a control's name, or three octal digits.
        case characters
    }

    /// A number of a few bytes.
    struct Word: Equatable {
        /// How many bytes it has: one, two, four or eight.
        let size: UInt8
        /// Eight, ten or sixteen.
        let base: UInt8
        /// How many digits; zero for as many as it needs.
        let digits: UInt8
    }

    /// What the rows of one dump have in common.
    struct Row: Equatable {
        /// How the bytes are written.
        var format: Format
        /// Whether two spaces end the numbers, as they do behind an offset with a colon.
        var endsAtGap = false
        /// Whether an offset stands first.
        var hasOffset = false
        /// Whether the row is nothing but one number.
        var isPlain = false
        /// How many bytes stand in front of the row.
        var column: UInt8 = 0

        /// Whether the next row can be told by this one only.
        fileprivate var isContext: Bool { column > 0 || isPlain }
    }

    /// Where in a line a position lies.
    enum Phase: Equatable {
        /// At the start of a line, which may go on with the dump that the line before belongs to.
        case lineStart(after: Row?)
        /// Within a line that is no row so far.
        case prefix(Prefix)
        /// Within a line that is no row.
        case midLine
        /// Between two tokens of a row.
        case row(Row)
        /// Behind the tokens of a row.
        case rest(Row)
    }

    /// What the start of a line says.
    enum Beginning {
        case row(Row, tokens: Int)
        case notRow
        case undecided
    }

    /// The most characters that are passed over as one unit.
    private static let mostNoise = 128
    /// The most digits that are counted: as many as eight bytes have in octal, and one.
    private static let mostDigits = 23

    /// The first position from `start` on where a row goes on or may begin; `nil` where none does.
    static func firstCandidate(
        _ text: Span<UInt8>, from start: Int, isLast: Bool, _ phase: Phase, _ lines: borrowing NewlineIndex,
        near: inout Int
    ) -> Int? {
        guard start < text.count else { return nil }
        switch phase {
        case .row, .rest: return start
        case .lineStart(let last):
            if last != nil || text.mayBeginRow(at: start) { return start }
            if let found = firstPrefixed(text, from: start, isLast: isLast, Prefix()) { return found }
        case .prefix(let prefix):
            if prefix.last != nil { return start }
            if let found = firstPrefixed(text, from: start, isLast: isLast, prefix) { return found }
        case .midLine: break
        }
        var next = start
        while let line = text.firstRowStart(from: next, lines: lines, near: &near) {
            if text.mayBeginRow(at: line) { return line }
            if let found = firstPrefixed(text, from: line, isLast: isLast, Prefix()) { return found }
            next = line
        }
        return nil
    }

    /// What stands at a candidate, and moves the phase behind it.
    static func unit(_ text: Span<UInt8>, at position: Int, isLast: Bool, _ phase: inout Phase) -> EscapeUnit {
        switch phase {
        case .lineStart(let last?) where last.column > 0:
            return prefixed(text, at: position, isLast: isLast, Prefix(last: last), &phase)
        case .lineStart(let last):
            var found = beginning(text, at: position, isLast: isLast)
            if case .notRow = found, let last {
                found = plain(text, at: position, least: 2, isLast: isLast, like: last)
            }
            switch found {
            case .undecided: return .incomplete
            case .notRow: phase = passed(text, to: position + 1, from: position, .lineStart(after: nil))
            case .row(let row, let tokens): return enter(row, text, at: position, tokens, isLast: isLast, &phase)
            }
        case .prefix(let prefix): return prefixed(text, at: position, isLast: isLast, prefix, &phase)
        case .row(let row): return token(text, at: position, row, isLast: isLast, &phase)
        case .rest(let row): return rest(text, at: position, row, &phase)
        case .midLine: break
        }
        return EscapeUnit(length: 1, count: 1, bytes: UInt64(text[position]))
    }

    /// Begins a row whose tokens start at `tokens`.
    static func enter(
        _ row: Row, _ text: Span<UInt8>, at position: Int, _ tokens: Int, isLast: Bool, _ phase: inout Phase
    ) -> EscapeUnit {
        phase = .row(row)
        return tokens > position
            ? .noise(tokens - position) : token(text, at: position, row, isLast: isLast, &phase)
    }

    /// What stands behind the tokens, up to the end of the line.
    static func rest(_ text: Span<UInt8>, at position: Int, _ row: Row, _ phase: inout Phase) -> EscapeUnit {
        phase = .rest(row)
        var index = position
        while index < text.count, index - position < mostNoise {
            index += 1
            if text[index - 1] == 0x0A {
                phase = .lineStart(after: row.isContext ? row : nil)
                break
            }
        }
        return .noise(index - position)
    }

    static func isLineEnd(_ byte: UInt8) -> Bool { byte == 0x0A || byte == 0x0D }

    /// How many hexadecimal digits stand at `start`, as far as it matters.
    static func countDigits(_ text: Span<UInt8>, from start: Int) -> Int {
        start < text.count ? text.endOfDigits(from: start, limit: start + mostDigits) - start : 0
    }

    /// The number of so many digits at `start`; `nil` where one of them is none or eight bytes do not hold it.
    static func number(_ text: Span<UInt8>, at start: Int, digits: Int, base: UInt64) -> UInt64? {
        guard start + digits <= text.count else { return nil }
        var value: UInt64 = 0
        for position in start..<(start + digits) {
            guard let digit = ByteClass.hexValue(text[position]), digit < base else { return nil }
            let (product, isTooLarge) = value.multipliedReportingOverflow(by: base)
            guard !isTooLarge, product <= UInt64.max - UInt64(digit) else { return nil }
            value = product + UInt64(digit)
        }
        return value
    }
}
