extension JSONParser {
    /// One step through a string.
    internal enum StringUnit {
        /// The closing quotation mark.
        case end
        /// A byte that stands for itself.
        case byte(UInt8)
        /// What an escape stands for.
        case scalar(Unicode.Scalar)
    }

    /// Takes the next unit of the string that the position is in.
    internal mutating func nextUnit(_ bytes: Span<UInt8>) throws(Failure) -> StringUnit {
        guard let byte = peek(bytes), byte >= 0x20 else { throw .malformed(offset: position) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""): return .end
        case UInt8(ascii: "\\"): return try escape(bytes)
        default: return .byte(byte)
        }
    }

    private mutating func escape(_ bytes: Span<UInt8>) throws(Failure) -> StringUnit {
        guard let byte = peek(bytes) else { throw .malformed(offset: position) }
        position += 1
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return .byte(byte)
        case UInt8(ascii: "b"): return .byte(0x08)
        case UInt8(ascii: "f"): return .byte(0x0c)
        case UInt8(ascii: "n"): return .byte(0x0a)
        case UInt8(ascii: "r"): return .byte(0x0d)
        case UInt8(ascii: "t"): return .byte(0x09)
        case UInt8(ascii: "u"): return .scalar(try unicodeEscape(bytes))
        default: throw .malformed(offset: position - 1)
        }
    }

    /// The scalar of one \u escape or of a pair of surrogates; U+FFFD for a surrogate without its other half.
    private mutating func unicodeEscape(_ bytes: Span<UInt8>) throws(Failure) -> Unicode.Scalar {
        let first = try hexadecimal(bytes)
        if let scalar = Unicode.Scalar(first) { return scalar }
        let start = position
        guard (0xd800..<0xdc00).contains(first), take(UInt8(ascii: "\\"), bytes), take(UInt8(ascii: "u"), bytes)
        else {
            position = start
            sawBrokenText = true
            return "\u{fffd}"
        }
        let second = try hexadecimal(bytes)
        guard (0xdc00..<0xe000).contains(second),
            let scalar = Unicode.Scalar(0x10000 + (first - 0xd800) << 10 + (second - 0xdc00))
        else {
            position = start
            sawBrokenText = true
            return "\u{fffd}"
        }
        return scalar
    }

    private mutating func hexadecimal(_ bytes: Span<UInt8>) throws(Failure) -> UInt32 {
        var value: UInt32 = 0
        for _ in 0..<4 {
            guard let byte = peek(bytes), let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw .malformed(offset: position)
            }
            value = value << 4 | UInt32(digit)
            position += 1
        }
        return value
    }

    /// A number by the grammar of RFC 8259; one beyond all doubles is the greatest, so that what asks for it is out of
    /// range and not unreadable.
    internal mutating func number(_ bytes: Span<UInt8>) throws(Failure) -> JSONValue {
        let start = position
        _ = take(UInt8(ascii: "-"), bytes)
        if !take(UInt8(ascii: "0"), bytes) { try digits(bytes) }
        var isWhole = true
        if take(UInt8(ascii: "."), bytes) {
            isWhole = false
            try digits(bytes)
        }
        if take(UInt8(ascii: "e"), bytes) || take(UInt8(ascii: "E"), bytes) {
            isWhole = false
            if !take(UInt8(ascii: "+"), bytes) { _ = take(UInt8(ascii: "-"), bytes) }
            try digits(bytes)
        }
        // No number that means anything here is longer, and reading one of megabytes takes long.
        guard position - start <= 400 else { throw .malformed(offset: start) }
        var text = ""
        for index in start..<position { text.unicodeScalars.append(Unicode.Scalar(bytes[index])) }
        // No integer is below zero and zero.
        if isWhole, text != "-0", let integer = Int64(text) { return .integer(integer) }
        guard let number = Double(text) else { throw .malformed(offset: start) }
        let greatest = Double.greatestFiniteMagnitude
        return .number(min(max(number, -greatest), greatest))
    }

    private mutating func digits(_ bytes: Span<UInt8>) throws(Failure) {
        let start = position
        while let byte = peek(bytes), (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) { position += 1 }
        guard position > start else { throw .malformed(offset: position) }
    }
}
