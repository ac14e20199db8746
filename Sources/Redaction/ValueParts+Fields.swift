/// The fields of JSON, and what a field may hold in turn.
extension ValueParts {
    /// Whether `range` begins as JSON's objects and arrays do; `[section]` begins other files.
    static func isObject(_ value: Span<UInt8>, _ range: Range<Int>) -> Bool {
        guard let first = range.first else { return false }
        if value[first] == UInt8(ascii: "{") { return true }
        guard value[first] == UInt8(ascii: "["),
            let next = range.dropFirst().first(where: { !ByteClass.isSpace(value[$0]) })
        else { return false }
        switch value[next] {
        case UInt8(ascii: "\""), UInt8(ascii: "{"), UInt8(ascii: "["), UInt8(ascii: "0")...UInt8(ascii: "9"):
            return true
        default: return false
        }
    }

    /// The strings of JSON that are no keys, and what other values the keys of secrets have.
    static func objectFields(_ value: Span<UInt8>, _ range: Range<Int>) -> [Candidate] {
        var found: [Candidate] = []
        var index = range.lowerBound
        // Holds for all elements of an array.
        var isSecret = false
        while index < range.upperBound {
            if value[index] == UInt8(ascii: "\"") {
                let start = index + 1
                index = closingQuote(value, start..<range.upperBound) ?? range.upperBound
                let text = start..<index
                var next = index + 1
                while next < range.upperBound, ByteClass.isSpace(value[next]) { next += 1 }
                if next < range.upperBound, value[next] == UInt8(ascii: ":") {
                    isSecret = SecretName.matches(value, text)
                } else if index < range.upperBound {
                    found += fields(value, text, isSecret: isSecret)
                }
            } else if isSecret, ByteClass.isAlphanumeric(value[index]) {
                let start = index
                while index < range.upperBound, ByteClass.isAlphanumeric(value[index]) { index += 1 }
                found.append(Candidate(evidence: .position, range: start..<index))
                continue
            }
            index += 1
        }
        return found
    }

    /// Where the string that begins with `range` ends.
    static func closingQuote(_ value: Span<UInt8>, _ range: Range<Int>) -> Int? {
        guard range.lowerBound > 0 else { return nil }
        let quote = value[range.lowerBound - 1]
        var index = range.lowerBound
        while index < range.upperBound {
            if value[index] == quote { return index }
            index += value[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        return nil
    }

    /// A field, and what it holds where it is a token, JSON, or the name of a scheme and a secret.
    static func fields(_ value: Span<UInt8>, _ range: Range<Int>, isSecret: Bool) -> [Candidate] {
        guard !range.isEmpty else { return [] }
        if isObject(value, range) {
            let inner = objectFields(value, range)
            if !inner.isEmpty { return inner }
        }
        var found = [Candidate(evidence: isSecret ? .position : .field, range: range)]
        found += tokenSegments(value, range) + authorization(value, range)
        return found
    }

    /// What stands behind `Bearer` and `Basic`, and the segments of such a token.
    static func authorization(_ value: Span<UInt8>, _ range: Range<Int>) -> [Candidate] {
        let words = split(range) { index in ByteClass.isSpace(value[index]) }
        guard words.count == 2,
            SecretName.equals(value, words[0], "bearer") || SecretName.equals(value, words[0], "basic")
        else { return [] }
        return [Candidate(evidence: .scheme, range: words[1])] + tokenSegments(value, words[1])
    }
}
