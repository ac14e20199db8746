/// The inside of a JSON string as the usual encoders write it: short escapes, `\/`, and `\u00xx` for what is unsafe in
/// HTML, for control characters, and for all that is not ASCII. See RFC 8259, section 7.
internal enum JSONForm: RedactionForm {
    /// How one encoder writes strings.
    private struct Style {
        /// Whether `/` becomes `\/`.
        var escapesSlash = false
        /// Whether `<`, `>` and `&` become `\u003c` and so on.
        var escapesHTML = false
        /// Whether control characters have their short escapes.
        var usesShortEscapes = true
        /// Whether characters outside ASCII become `\uXXXX`.
        var escapesNonASCII = false
        /// Whether every character is written as `\uXXXX`.
        var escapesAll = false
        /// Whether digits of `\u` are upper case.
        var upper = false
    }

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for upper in [false, true] {
            for escapesNonASCII in [false, true] {
                for escapesSlash in [false, true] {
                    let plain = Style(escapesSlash: escapesSlash, escapesNonASCII: escapesNonASCII, upper: upper)
                    addEncoded(value, plain, secret: secret, to: &set)
                    var html = plain
                    html.escapesHTML = true
                    addEncoded(value, html, secret: secret, to: &set)
                    var long = plain
                    long.usesShortEscapes = false
                    addEncoded(value, long, secret: secret, to: &set)
                }
            }
            addEncoded(value, Style(escapesAll: true, upper: upper), secret: secret, to: &set)
        }
    }

    private static func addEncoded(_ value: Span<UInt8>, _ style: Style, secret: Int, to set: inout PatternSet) {
        var index = 0
        while index < value.count {
            let byte = value[index]
            if byte >= 0x80, style.escapesNonASCII || style.escapesAll {
                let (scalar, length) = decode(value, at: index)
                appendUnits(scalar, style, to: &set)
                index += length
                continue
            }
            index += 1
            appendASCII(byte, style, to: &set)
        }
        set.end(secret: secret)
    }

    private static func appendASCII(_ byte: UInt8, _ style: Style, to set: inout PatternSet) {
        if style.escapesAll { return appendUnit(UInt16(byte), style, to: &set) }
        switch byte {
        case UInt8(ascii: "\""): set.append("\\\"")
        case UInt8(ascii: "\\"): set.append("\\\\")
        case UInt8(ascii: "/") where style.escapesSlash: set.append("\\/")
        case UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "&"):
            style.escapesHTML ? appendUnit(UInt16(byte), style, to: &set) : set.append(byte)
        case 0x0A where style.usesShortEscapes: set.append("\\n")
        case 0x0D where style.usesShortEscapes: set.append("\\r")
        case 0x09 where style.usesShortEscapes: set.append("\\t")
        case 0x08 where style.usesShortEscapes: set.append("\\b")
        case 0x0C where style.usesShortEscapes: set.append("\\f")
        case 0..<0x20: appendUnit(UInt16(byte), style, to: &set)
        case 0x7F where style.escapesNonASCII: appendUnit(UInt16(byte), style, to: &set)
        default: set.append(byte)
        }
    }

    /// Writes a scalar as one unit, or as two surrogates.
    private static func appendUnits(_ scalar: UInt32, _ style: Style, to set: inout PatternSet) {
        if scalar >= 0x10000 {
            appendUnit(UInt16(0xD800 + (scalar - 0x10000) >> 10), style, to: &set)
            appendUnit(UInt16(0xDC00 + (scalar - 0x10000) & 0x3FF), style, to: &set)
        } else {
            appendUnit(UInt16(scalar), style, to: &set)
        }
    }

    private static func appendUnit(_ unit: UInt16, _ style: Style, to set: inout PatternSet) {
        set.append("\\u")
        for shift in [UInt16(12), 8, 4, 0] {
            set.append(ByteClass.hexDigit(UInt8(truncatingIfNeeded: unit >> shift), upper: style.upper))
        }
    }

    /// The scalar at `index` and its length in UTF-8; a byte that is not UTF-8 stands for itself, as in `\u00xx`.
    private static func decode(_ value: Span<UInt8>, at index: Int) -> (scalar: UInt32, length: Int) {
        let first = UInt32(value[index])
        let length = first >= 0xF0 ? 4 : (first >= 0xE0 ? 3 : 2)
        guard first >= 0xC2, first <= 0xF4, index + length <= value.count else { return (first, 1) }
        var scalar = first & (0xFF >> UInt32(length + 1))
        for next in 1..<length {
            let byte = value[index + next]
            guard byte & 0xC0 == 0x80 else { return (first, 1) }
            scalar = scalar << 6 | UInt32(byte & 0x3F)
        }
        guard scalar <= 0x10FFFF, Unicode.Scalar(scalar) != nil else { return (first, 1) }
        return (scalar, length)
    }
}
