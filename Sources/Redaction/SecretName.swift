/// Tells from a key's name whether its value is a secret, as in `DB_PASSWORD`, `apiKey` and `client-secret`.
internal enum SecretName {
    /// What a word of such a name contains.
    private static let contained: [StaticString] = ["passw", "secret", "token", "credential"]
    /// What a word of such a name ends in.
    private static let endings: [StaticString] = [
        "pass", "passphrase", "passcode", "pwd", "key", "keys", "signature",
    ]
    /// Words that end so and mean something else.
    private static let unrelated: [StaticString] = ["bypass", "compass", "monkey", "turkey", "hockey", "donkey"]
    /// Last words of the names of what is told about a secret, as in `key_id` and `tokenType`.
    private static let describing: [StaticString] = [
        "id", "ids", "name", "names", "type", "url", "uri", "path", "file", "dir", "policy", "length", "size",
        "algorithm", "version", "expiry", "expires", "ttl", "timeout", "count", "format", "usage", "endpoint",
        "issuer", "scope", "scopes", "rotation", "mode", "method", "provider", "host", "encoding", "field", "prefix",
        "label", "kind", "enabled", "required",
    ]

    /// Whether the name in `range` is a secret's.
    static func matches(_ value: Span<UInt8>, _ range: Range<Int>) -> Bool {
        let words = words(value, range)
        guard let last = words.last, !describing.contains(where: { equals(value, last, $0) }) else { return false }
        return words.contains { word in
            !unrelated.contains { equals(value, word, $0) }
                && (contained.contains { contains(value, word, $0) } || endings.contains { ends(value, word, $0) }
                    || equals(value, word, "sig"))
        }
    }

    /// The name's words, parted by signs, digits, or a change from small to capital letters.
    private static func words(_ value: Span<UInt8>, _ range: Range<Int>) -> [Range<Int>] {
        var words: [Range<Int>] = []
        var start: Int?
        for index in range {
            let isLetter = isCapital(value[index]) || isCapital(value[index] & ~0x20)
            if let begin = start {
                if isLetter, !isCapital(value[index]) || isCapital(value[index - 1]) { continue }
                words.append(begin..<index)
            }
            start = isLetter ? index : nil
        }
        if let begin = start { words.append(begin..<range.upperBound) }
        return words
    }

    private static func isCapital(_ byte: UInt8) -> Bool {
        byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
    }

    /// Whether `word`, in any case of letters, is `text`.
    static func equals(_ value: Span<UInt8>, _ word: Range<Int>, _ text: StaticString) -> Bool {
        word.count == text.utf8CodeUnitCount && stands(text, in: value, at: word.lowerBound)
    }

    private static func ends(_ value: Span<UInt8>, _ word: Range<Int>, _ text: StaticString) -> Bool {
        let start = word.upperBound - text.utf8CodeUnitCount
        return start >= word.lowerBound && stands(text, in: value, at: start)
    }

    private static func contains(_ value: Span<UInt8>, _ word: Range<Int>, _ text: StaticString) -> Bool {
        guard word.count >= text.utf8CodeUnitCount else { return false }
        return (word.lowerBound...(word.upperBound - text.utf8CodeUnitCount)).contains { start in
            stands(text, in: value, at: start)
        }
    }

    /// Whether the letters of `text`, which is in lower case, stand at `start`.
    private static func stands(_ text: StaticString, in value: Span<UInt8>, at start: Int) -> Bool {
        var index = start
        for byte in text.description.utf8 {
            if value[index] | 0x20 != byte { return false }
            index += 1
        }
        return true
    }
}
