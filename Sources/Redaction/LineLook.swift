/// Tells lines that any text might have from those that only a secret has.
internal enum LineLook {
    /// Words of sentences that lists of words for pass phrases leave out.
    private static let linking: [StaticString] = [
        "and", "are", "but", "can", "for", "from", "has", "not", "the", "that", "this", "was", "will", "with",
    ]

    /// Whether `line` is a sentence, a path, a host's name, a date or the frame of a file's section.
    ///
    /// A line in which letters, digits and capitals are mixed within words is none of these, and neither are words that
    /// hyphens and the like part, digits in groups, and four words of a pass phrase.
    static func isOrdinary(_ line: Span<UInt8>) -> Bool {
        let words = words(of: line)
        guard let first = words.first, let last = words.last else { return true }
        if hasMixedWord(line) { return false }
        if isCode(line, words) { return false }
        if hasSpace(line) { return !isPassphrase(line, words) }
        if words.count == 1 && first.count == line.count { return !isMixed(line) }
        var signs: Set<UInt8> = []
        for index in first.upperBound..<max(first.upperBound, last.lowerBound)
        where !ByteClass.isAlphanumeric(line[index]) && line[index] < 0x80 { signs.insert(line[index]) }
        if signs.contains(UInt8(ascii: "/")) || isDate(line, words) { return true }
        // `[section]`, `<tag>`, `key:` and `"key":{`, with no other signs than frames have.
        let isFramed = first.lowerBound > 0 || last.upperBound < line.count
        if isFramed { return isFrame(line, first.lowerBound, last.upperBound) }
        return signs.isSubset(of: [UInt8(ascii: ".")])
    }

    private static func isMixed(_ word: Span<UInt8>) -> Bool {
        var (hasDigit, hasLetter) = (false, false)
        for index in 0..<word.count {
            if word[index] <= UInt8(ascii: "9") { hasDigit = true } else { hasLetter = true }
        }
        return hasDigit && hasLetter
    }

    /// Whether letters, digits and capitals are mixed within a word.
    static func hasMixedWord(_ line: Span<UInt8>) -> Bool {
        words(of: line).contains { word in !isOrdinaryWord(line.extracting(word)) }
    }

    private static func words(of line: Span<UInt8>) -> [Range<Int>] {
        ValueParts.split(0..<line.count) { index in !ByteClass.isAlphanumeric(line[index]) && line[index] < 0x80 }
    }

    /// Letters, of which only the first may be a capital or all are, and at most three digits behind them; or digits.
    private static func isOrdinaryWord(_ word: Span<UInt8>) -> Bool {
        var (digits, upper, lower) = (0, 0, 0)
        for index in 0..<word.count {
            switch word[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): upper += 1
            default: lower += 1
            }
            // A letter behind a digit.
            if digits > 0, word[index] > UInt8(ascii: "9") { return false }
        }
        if digits == word.count { return digits < 16 }
        if upper > 1, lower > 0 { return false }
        if upper == 1, lower > 0, word[0] < UInt8(ascii: "A") || word[0] > UInt8(ascii: "Z") { return false }
        return digits <= 3 && word.count <= 24
    }

    /// At least eight digits in groups, as on a list of codes, but no date.
    private static func isCode(_ line: Span<UInt8>, _ words: [Range<Int>]) -> Bool {
        var digits = 0
        for index in 0..<line.count {
            switch line[index] {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): digits += 1
            case UInt8(ascii: "-"), 0x20: break
            default: return false
            }
        }
        return words.count > 1 && digits >= 8 && !isDate(line, words)
    }

    private static func isDate(_ line: Span<UInt8>, _ words: [Range<Int>]) -> Bool {
        let counts = words.prefix(3).map(\.count)
        return counts == [4, 2, 2] || counts == [2, 2, 4]
    }

    private static func hasSpace(_ line: Span<UInt8>) -> Bool {
        for index in 0..<line.count where ByteClass.isSpace(line[index]) { return true }
        return false
    }

    /// Four words or more of small letters, each of three or more, with nothing but a space between.
    private static func isPassphrase(_ line: Span<UInt8>, _ words: [Range<Int>]) -> Bool {
        guard words.count >= 4, line.count == words.reduce(words.count - 1, { $0 + $1.count }) else { return false }
        for index in 0..<line.count where line[index] != 0x20 && line[index] < UInt8(ascii: "a") { return false }
        return words.allSatisfy { word in
            word.count >= 3 && !linking.contains { SecretName.equals(line, word, $0) }
        }
    }

    /// Whether only the signs of a section, a tag, a comment or a key stand outside the words, as not in `sunflowers!`.
    private static func isFrame(_ line: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
        for index in 0..<line.count where index < start || index >= end {
            if !"[]<>{}():;,./\"'-".utf8.contains(line[index]) { return false }
        }
        return true
    }
}
