/// The parts of a structured value that are secrets by themselves: what a program may print of it.
///
/// Found are the password of a URL, and with its user's name; what stands behind each `=` of key-value text and each
/// `:` or in the quotes of JSON and YAML; the body of PEM text, whole and line by line; the segments of a JSON web token.
/// A part is a range of the value, so that nothing is copied.
internal enum ValueParts {
    /// The fewest bytes of a part, so that user names and host names mostly stay.
    private static let shortest = 8

    /// The ranges of all parts of `value` that are long enough and no common word.
    static func ranges(of value: Span<UInt8>, minimum: Int) -> [Range<Int>] {
        var found = userPassword(value)
        found += tokenSegments(value)
        found += armoredLines(value)
        found += assignedValues(value)
        let limit = max(minimum, shortest)
        return found.filter { range in
            let part = value.extracting(range)
            return range.count >= limit && range.count < value.count && !CommonWords.contains(part)
                && !isPlainWord(part)
        }
    }

    /// Letters alone are a word or a name, digits alone a port or a number.
    private static func isPlainWord(_ part: Span<UInt8>) -> Bool {
        var hasDigit = false
        var hasLower = false
        var hasUpper = false
        for index in 0..<part.count {
            switch part[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): hasDigit = true
            case UInt8(ascii: "a")...UInt8(ascii: "z"): hasLower = true
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): hasUpper = true
            default: return false
            }
        }
        return part.count < 16 && !(hasDigit && (hasLower || hasUpper)) && !(hasLower && hasUpper)
    }

    /// `password` and `user:password` of `scheme://user:password@host`.
    private static func userPassword(_ value: Span<UInt8>) -> [Range<Int>] {
        guard let scheme = value.first(of: "://", from: 0) else { return [] }
        let start = scheme + 3
        var end = start
        while end < value.count, value[end] != UInt8(ascii: "/"), !ByteClass.isSpace(value[end]) { end += 1 }
        // A password may hold the sign itself: the last one ends it.
        guard let at = (start..<end).last(where: { value[$0] == UInt8(ascii: "@") }),
            let colon = (start..<at).first(where: { value[$0] == UInt8(ascii: ":") })
        else { return [] }
        return [(colon + 1)..<at, start..<at]
    }

    /// The three segments of `header.payload.signature`, where the first one begins as JSON's base64 does.
    private static func tokenSegments(_ value: Span<UInt8>) -> [Range<Int>] {
        guard value.count > 32, value.first(of: "eyJ", from: 0) == 0 else { return [] }
        return split(value, 0..<value.count) { byte in byte == UInt8(ascii: ".") }
    }

    /// The lines between `-----BEGIN` and `-----END`, and all of them.
    private static func armoredLines(_ value: Span<UInt8>) -> [Range<Int>] {
        guard let begin = value.first(of: "-----BEGIN ", from: 0),
            let body = (begin..<value.count).first(where: { value[$0] == 0x0A }),
            let end = value.first(of: "-----END ", from: body)
        else { return [] }
        let lines = split(value, body..<end) { byte in byte == 0x0A || byte == 0x0D }
        guard let first = lines.first, let last = lines.last else { return [] }
        return [first.lowerBound..<last.upperBound] + lines
    }

    /// What stands behind `=` up to the line's end, and what JSON and YAML give a key.
    private static func assignedValues(_ value: Span<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        let isObject = value.count > 0 && (value[0] == UInt8(ascii: "{") || value[0] == UInt8(ascii: "["))
        if isObject { return quoted(value) }
        for line in split(value, 0..<value.count, where: { byte in byte == 0x0A || byte == 0x0D || byte == 0x3B }) {
            guard let sign = line.first(where: { value[$0] == UInt8(ascii: "=") || value[$0] == UInt8(ascii: ":") }),
                line.lowerBound < sign, isKey(value, line.lowerBound..<sign),
                value[sign] == UInt8(ascii: "=") || (sign + 1 < line.upperBound && value[sign + 1] == 0x20)
            else { continue }
            var (start, end) = (sign + 1, line.upperBound)
            while start < end, ByteClass.isSpace(value[start]) { start += 1 }
            while end > start, ByteClass.isSpace(value[end - 1]) { end -= 1 }
            if end - start > 2, value[start] == value[end - 1], value[start] == 0x22 || value[start] == 0x27 {
                (start, end) = (start + 1, end - 1)
            }
            found.append(start..<end)
        }
        return found
    }

    /// Whether only what names are made of stands there.
    private static func isKey(_ value: Span<UInt8>, _ range: Range<Int>) -> Bool {
        range.allSatisfy { index in
            ByteClass.isAlphanumeric(value[index]) || value[index] == UInt8(ascii: "_")
                || value[index] == UInt8(ascii: "-") || value[index] == UInt8(ascii: ".") || value[index] == 0x20
        }
    }

    /// The strings of JSON that are no keys.
    private static func quoted(_ value: Span<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start: Int?
        var index = 0
        while index < value.count {
            if value[index] == UInt8(ascii: "\\") {
                index += 1
            } else if value[index] == UInt8(ascii: "\"") {
                if let open = start {
                    var next = index + 1
                    while next < value.count, ByteClass.isSpace(value[next]) { next += 1 }
                    if next == value.count || value[next] != UInt8(ascii: ":") { found.append(open..<index) }
                    start = nil
                } else {
                    start = index + 1
                }
            }
            index += 1
        }
        return found
    }

    private static func split(
        _ value: Span<UInt8>, _ range: Range<Int>, where isSeparator: (UInt8) -> Bool
    ) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        for index in range where isSeparator(value[index]) {
            if start < index { parts.append(start..<index) }
            start = index + 1
        }
        if start < range.upperBound { parts.append(start..<range.upperBound) }
        return parts
    }
}

extension Span<UInt8> {
    /// Where `text` first stands from `start` on.
    internal func first(of text: StaticString, from start: Int) -> Int? {
        let sought = Array(text.description.utf8)
        guard count - sought.count >= start else { return nil }
        return (start...(count - sought.count)).first { place in
            sought.indices.allSatisfy { self[place + $0] == sought[$0] }
        }
    }
}
