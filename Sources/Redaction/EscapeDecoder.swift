/// One step through a text whose characters may be written as escapes.
internal struct EscapeUnit {
    /// How many bytes of the text it takes; zero where the text ends within it.
    var length: Int
    /// How many bytes it stands for; zero for what a reader does not see.
    var count = 0
    /// The bytes it stands for, the first one lowest.
    var bytes: UInt64 = 0

    /// The text ends before it is clear what stands there.
    static let incomplete = EscapeUnit(length: 0)

    /// What a reader does not see.
    static func noise(_ length: Int) -> EscapeUnit { EscapeUnit(length: length) }

    /// One byte; a backslash stands for nothing, as those that escape do, and so does NUL.
    static func byte(_ byte: UInt8, length: Int) -> EscapeUnit {
        byte == UInt8(ascii: "\\") || byte == 0
            ? noise(length) : EscapeUnit(length: length, count: 1, bytes: UInt64(byte))
    }

    /// A character as UTF-8; one that Unicode does not have stands for nothing.
    static func scalar(_ value: UInt32, length: Int) -> EscapeUnit {
        guard let scalar = Unicode.Scalar(value), value != 0x5C, value != 0 else { return noise(length) }
        // The first byte comes lowest.
        let value = UInt64(scalar.value)
        let low = UInt64(0x80) | value & 0x3F
        let middle = UInt64(0x80) | value >> 6 & 0x3F
        let high = UInt64(0x80) | value >> 12 & 0x3F
        switch value {
        case ..<0x80: return EscapeUnit(length: length, count: 1, bytes: value)
        case ..<0x800: return EscapeUnit(length: length, count: 2, bytes: 0xC0 | value >> 6 | low << 8)
        case ..<0x10000:
            return EscapeUnit(length: length, count: 3, bytes: 0xE0 | value >> 12 | middle << 8 | low << 16)
        default:
            let first = 0xF0 | value >> 18
            return EscapeUnit(length: length, count: 4, bytes: first | high << 8 | middle << 16 | low << 24)
        }
    }
}

/// Reads escapes of any encoder, each character by itself, so that it does not matter which characters an encoder
/// chooses to escape, nor how often the whole was escaped.
///
/// Understood are percent encoding (RFC 3986), the backslash escapes of JSON, C, Python, Go, Rust and shells, and the
/// character references of XML and HTML. What a reader does not see is passed over: terminal sequences (ECMA-48), NUL
/// and other control characters, carriage returns that end no line. Backslashes before anything else are passed over
/// too: that way it does not matter how many of them nested encoders make.
internal struct EscapeDecoder {
    /// Whether the text ends here, so that nothing is incomplete.
    let isLast: Bool

    /// The longest terminal sequence that is passed over, in bytes.
    private static let longestSequence = 64
    /// How many backslashes are taken as one escape.
    private static let mostBackslashes = 64

    /// What stands at `position`.
    func unit(_ text: Span<UInt8>, at position: Int) -> EscapeUnit {
        let byte = text[position]
        switch byte {
        case 0...8: return .noise(1)
        case 0x0D: return carriageReturn(text, position)
        case 0x1B: return terminalSequence(text, position)
        case UInt8(ascii: "%"): return percent(text, position)
        case UInt8(ascii: "&"): return reference(text, position)
        case UInt8(ascii: "\\"): return backslash(text, position)
        default: return .byte(byte, length: 1)
        }
    }

    private func carriageReturn(_ text: Span<UInt8>, _ position: Int) -> EscapeUnit {
        guard position + 1 < text.count else { return isLast ? .byte(0x0D, length: 1) : .incomplete }
        return text[position + 1] == 0x0A ? .byte(0x0D, length: 1) : .noise(1)
    }

    private func terminalSequence(_ text: Span<UInt8>, _ position: Int) -> EscapeUnit {
        let limit = position + Self.longestSequence
        var index = position + 1
        guard index < text.count else { return isLast ? .noise(1) : .incomplete }
        let kind = text[index]
        if kind == UInt8(ascii: "]") || kind == UInt8(ascii: "P") || kind == UInt8(ascii: "_") {
            // A string of the operating system or the device ends with BEL or ESC backslash.
            while index < min(limit, text.count) {
                if text[index] == 7 { return .noise(index + 1 - position) }
                if text[index] == UInt8(ascii: "\\"), text[index - 1] == 0x1B { return .noise(index + 1 - position) }
                index += 1
            }
            return index >= limit || isLast ? .noise(1) : .incomplete
        }
        if kind == UInt8(ascii: "[") {
            index += 1
            while index < min(limit, text.count), text[index] >= 0x20, text[index] < 0x40 { index += 1 }
        } else {
            while index < min(limit, text.count), text[index] >= 0x20, text[index] < 0x30 { index += 1 }
        }
        if index >= limit { return .noise(1) }
        guard index < text.count else { return isLast ? .noise(1) : .incomplete }
        return text[index] >= 0x30 && text[index] < 0x7F ? .noise(index + 1 - position) : .noise(1)
    }

    /// `%2B`, and `%252B` of what was encoded again.
    private func percent(_ text: Span<UInt8>, _ position: Int) -> EscapeUnit {
        var digits = position + 1
        var found: EscapeUnit?
        // Each round reads two more digits behind a percent sign that was encoded itself.
        while digits - position <= 16 {
            guard let value = hexadecimal(text, at: digits, count: 2) else {
                if isCut(text, at: digits, count: 2) { return .incomplete }
                break
            }
            found = .byte(UInt8(truncatingIfNeeded: value), length: digits + 2 - position)
            guard value == 0x25 else { break }
            digits += 2
        }
        return found ?? .byte(text[position], length: 1)
    }

    private func backslash(_ text: Span<UInt8>, _ position: Int) -> EscapeUnit {
        var index = position
        while index < text.count, text[index] == UInt8(ascii: "\\"), index - position < Self.mostBackslashes {
            index += 1
        }
        let slashes = index - position
        guard slashes < Self.mostBackslashes else { return .noise(slashes) }
        guard index < text.count else { return isLast ? .noise(slashes) : .incomplete }
        switch text[index] {
        case UInt8(ascii: "u"): return unicode(text, position, letter: index)
        case UInt8(ascii: "U"):
            if let value = hexadecimal(text, at: index + 1, count: 8) {
                return .scalar(value, length: index + 9 - position)
            }
            return isCut(text, at: index + 1, count: 8) ? .incomplete : .noise(slashes)
        case UInt8(ascii: "x"):
            if let value = hexadecimal(text, at: index + 1, count: 2) {
                return .byte(UInt8(truncatingIfNeeded: value), length: index + 3 - position)
            }
            return isCut(text, at: index + 1, count: 2) ? .incomplete : .noise(slashes)
        case UInt8(ascii: "0")...UInt8(ascii: "3"): return octal(text, position, digits: index)
        case UInt8(ascii: "n"): return .byte(0x0A, length: slashes + 1)
        case UInt8(ascii: "r"): return .byte(0x0D, length: slashes + 1)
        case UInt8(ascii: "t"): return .byte(0x09, length: slashes + 1)
        case UInt8(ascii: "b"): return .byte(0x08, length: slashes + 1)
        case UInt8(ascii: "f"): return .byte(0x0C, length: slashes + 1)
        case UInt8(ascii: "v"): return .byte(0x0B, length: slashes + 1)
        case UInt8(ascii: "a"): return .byte(0x07, length: slashes + 1)
        case UInt8(ascii: "e"), UInt8(ascii: "E"): return .byte(0x1B, length: slashes + 1)
        default: return .noise(slashes)
        }
    }

    /// `\u0041`, `\u{41}`, and two surrogates for one character.
    private func unicode(_ text: Span<UInt8>, _ position: Int, letter: Int) -> EscapeUnit {
        let slashes = letter - position
        if letter + 1 < text.count, text[letter + 1] == UInt8(ascii: "{") {
            var index = letter + 2
            var value: UInt32 = 0
            while index < text.count, index < letter + 8, let digit = ByteClass.hexValue(text[index]) {
                value = value << 4 | UInt32(digit)
                index += 1
            }
            guard index < text.count else { return isLast ? .noise(slashes) : .incomplete }
            return text[index] == UInt8(ascii: "}") ? .scalar(value, length: index + 1 - position) : .noise(slashes)
        }
        guard let value = hexadecimal(text, at: letter + 1, count: 4) else {
            return isCut(text, at: letter + 1, count: 4) ? .incomplete : .noise(slashes)
        }
        let end = letter + 5
        guard value & 0xFC00 == 0xD800 else { return .scalar(value, length: end - position) }
        // The other half is escaped the same way.
        for index in end..<(end + slashes + 1) {
            guard index < text.count else { return isLast ? .noise(end - position) : .incomplete }
            guard text[index] == text[position + index - end] else { return .noise(end - position) }
        }
        let second = end + slashes + 1
        guard let low = hexadecimal(text, at: second, count: 4) else {
            return isCut(text, at: second, count: 4) ? .incomplete : .noise(end - position)
        }
        guard low & 0xFC00 == 0xDC00 else { return .noise(end - position) }
        return .scalar(0x10000 + (value & 0x3FF) << 10 + low & 0x3FF, length: second + 4 - position)
    }

    private func octal(_ text: Span<UInt8>, _ position: Int, digits: Int) -> EscapeUnit {
        var value: UInt8 = 0
        for index in digits..<(digits + 3) {
            guard index < text.count else { return isLast ? .noise(digits - position) : .incomplete }
            guard text[index] >= UInt8(ascii: "0"), text[index] <= UInt8(ascii: "7") else {
                return .noise(digits - position)
            }
            value = value << 3 | (text[index] - UInt8(ascii: "0"))
        }
        return .byte(value, length: digits + 3 - position)
    }

    /// `&lt;`, `&#60;`, `&#x3c;`, and `&amp;lt;` of what was encoded again.
    private func reference(_ text: Span<UInt8>, _ position: Int) -> EscapeUnit {
        let plain = EscapeUnit.byte(text[position], length: 1)
        var start = position + 1
        var found = plain
        for _ in 0..<4 {
            // A reference has at most eight characters before its semicolon.
            var end = start
            while end < text.count, end - start < 9, ByteClass.isAlphanumeric(text[end]) || text[end] == 0x23 {
                end += 1
            }
            guard end < text.count else { return isLast ? found : .incomplete }
            guard text[end] == UInt8(ascii: ";"), end > start,
                let value = CharacterReferences.value(text.extracting(start..<end))
            else { return found }
            found = .scalar(value, length: end + 1 - position)
            guard value == UInt32(UInt8(ascii: "&")) else { return found }
            start = end + 1
        }
        return found
    }

    /// The value of exactly `count` hexadecimal digits at `position`.
    private func hexadecimal(_ text: Span<UInt8>, at position: Int, count: Int) -> UInt32? {
        guard position + count <= text.count else { return nil }
        var value: UInt32 = 0
        for index in position..<(position + count) {
            guard let digit = ByteClass.hexValue(text[index]) else { return nil }
            value = value << 4 | UInt32(digit)
        }
        return value
    }

    /// Whether the text ends before `count` hexadecimal digits, and what there is are such.
    private func isCut(_ text: Span<UInt8>, at position: Int, count: Int) -> Bool {
        guard !isLast, position + count > text.count else { return false }
        for index in min(position, text.count)..<text.count where ByteClass.hexValue(text[index]) == nil {
            return false
        }
        return true
    }
}
