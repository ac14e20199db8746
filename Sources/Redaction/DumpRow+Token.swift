internal import Secrets

/// The tokens of a row.
extension DumpRow {
    /// How many characters a column has that holds one byte.
    private static let fieldWidth = 4
    /// The names that od gives to control characters and a space, each as one number with its first character lowest.
    private static let controlNames: [UInt32] = [
        "nul", "soh", "stx", "etx", "eot", "enq", "ack", "bel", " bs", " ht", " nl", " vt", " ff", " cr", " so", " si",
        "dle", "dc1", "dc2", "dc3", "dc4", "nak", "syn", "etb", "can", " em", "sub", "esc", " fs", " gs", " rs", " us",
        " sp",
    ].map(packed)
    private static let deleteName = packed("del")

    private static func packed(_ name: String) -> UInt32 { name.utf8.reversed().reduce(0) { $0 << 8 | UInt32($1) } }

    /// What stands at a place within a row, and moves the phase behind it.
    static func token(
        _ text: Span<UInt8>, at position: Int, _ row: Row, isLast: Bool, _ phase: inout Phase
    ) -> EscapeUnit {
        if isLineEnd(text[position]) { return rest(text, at: position, row, &phase) }
        switch row.format {
        case .characters: return characters(text, at: position, row, isLast: isLast, &phase)
        case .listed: return listed(text, at: position, row, isLast: isLast, &phase)
        case .pairs, .words, .bits: break
        }
        if text[position] == 0x20 {
            var behind = position
            while behind < text.count, text[behind] == 0x20, behind - position < mostSpaces { behind += 1 }
            if behind == text.count, !isLast { return .incomplete }
            if row.endsAtGap, behind - position > 1 {
                let digits = countDigits(text, from: behind)
                if behind + digits == text.count, !isLast { return .incomplete }
                var isWord = false
                if case .words(let word) = row.format {
                    isWord = isShortWord(digits, behind: behind - position, size: Int(word.size))
                }
                if !isWord { phase = .rest(row) }
            }
            return .noise(behind - position)
        }
        switch row.format {
        case .pairs: return pair(text, at: position, row, isLast: isLast, &phase)
        case .words(let word): return number(text, at: position, word, row, isLast: isLast, &phase)
        default: return bits(text, at: position, row, isLast: isLast, &phase)
        }
    }

    private static func pair(
        _ text: Span<UInt8>, at position: Int, _ row: Row, isLast: Bool, _ phase: inout Phase
    ) -> EscapeUnit {
        var behind = position
        while behind < text.count, behind - position < 4, ByteClass.hexValue(text[behind]) != nil { behind += 1 }
        if behind == text.count, behind - position < 4, !isLast { return .incomplete }
        let count = (behind - position) / 2
        guard count > 0, let value = number(text, at: position, digits: 2 * count, base: 16) else {
            return rest(text, at: position, row, &phase)
        }
        return EscapeUnit(length: 2 * count, count: count, bytes: count == 1 ? value : value >> 8 | (value & 0xFF) << 8)
    }

    private static func number(
        _ text: Span<UInt8>, at position: Int, _ word: Word, _ row: Row, isLast: Bool, _ phase: inout Phase
    ) -> EscapeUnit {
        let isNegative = word.base == 10 && text[position] == UInt8(ascii: "-")
        let start = position + (isNegative ? 1 : 0)
        let digits = word.base == 10 ? countDecimals(text, from: start) : countDigits(text, from: start)
        let behind = start + digits
        if behind == text.count, !isLast { return .incomplete }
        // The last number of a dump may have fewer bytes.
        let isShort = word.base == 16 && row.endsAtGap && digits < Int(word.digits) && digits % 2 == 0 && digits > 0
        guard digits > 0, digits == Int(word.digits) || isShort || word.digits == 0,
            behind == text.count || !ByteClass.isAlphanumeric(text[behind]),
            let value = number(text, at: start, digits: digits, base: UInt64(word.base))
        else { return rest(text, at: position, row, &phase) }
        return EscapeUnit(
            length: behind - position, count: isShort ? digits / 2 : Int(word.size),
            bytes: isNegative ? 0 &- value : value)
    }

    private static func bits(
        _ text: Span<UInt8>, at position: Int, _ row: Row, isLast: Bool, _ phase: inout Phase
    ) -> EscapeUnit {
        guard position + 8 <= text.count || isLast else { return .incomplete }
        guard let value = number(text, at: position, digits: 8, base: 2) else {
            return rest(text, at: position, row, &phase)
        }
        return EscapeUnit(length: 8, count: 1, bytes: value)
    }

    private static func listed(
        _ text: Span<UInt8>, at position: Int, _ row: Row, isLast: Bool, _ phase: inout Phase
    ) -> EscapeUnit {
        if text[position] == 0x20 || text[position] == UInt8(ascii: ",") { return .noise(1) }
        guard position + 4 <= text.count else {
            return isLast ? rest(text, at: position, row, &phase) : .incomplete
        }
        guard text[position] == UInt8(ascii: "0"), text[position + 1] | 0x20 == 0x78,
            let value = number(text, at: position + 2, digits: 2, base: 16)
        else { return rest(text, at: position, row, &phase) }
        return EscapeUnit(length: 4, count: 1, bytes: value)
    }

    private static func characters(
        _ text: Span<UInt8>, at position: Int, _ row: Row, isLast: Bool, _ phase: inout Phase
    ) -> EscapeUnit {
        guard position + fieldWidth <= text.count else {
            return isLast ? rest(text, at: position, row, &phase) : .incomplete
        }
        guard let byte = field(text, at: position) else { return rest(text, at: position, row, &phase) }
        return EscapeUnit(length: fieldWidth, count: 1, bytes: UInt64(byte))
    }

    /// The byte of the column at `position`, whose four characters are there.
    static func field(_ text: Span<UInt8>, at position: Int) -> UInt8? {
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
        if let value = number(text, at: position + 1, digits: 3, base: 8) { return UInt8(exactly: value) }
        // Names end in a letter, and only those of four controls in a digit.
        guard second >= UInt8(ascii: "a") else { return nil }
        let name = UInt32(first) | UInt32(second) << 8 | UInt32(third) << 16
        if name == deleteName { return 0x7F }
        return controlNames.firstIndex(of: name).map { value in UInt8(value) }
    }
}
