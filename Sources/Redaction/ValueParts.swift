/// The parts of a structured value that are secrets by themselves: what a program may print of it.
///
/// Found are the passwords of URLs, and with their users' names; what stands behind each `=` of key-value text and each
/// `:` or in the quotes of JSON and YAML; the bodies of PEM text, whole and line by line; the segments of a JSON web
/// token; the passwords of the files that clients read them from; and each line of text that is no ordinary one. A part
/// is a range of the value, so that nothing is copied.
internal enum ValueParts {
    /// A place in the value that may be a part.
    struct Candidate {
        /// What tells that it is a secret.
        var evidence: Evidence
        /// Where it stands.
        var range: Range<Int>
    }

    /// What tells that a part is a secret; earlier ones first where there are too many.
    enum Evidence: Int, CaseIterable {
        /// Where it stands: the password of a URL, the value of a key with such a name, the lines of a private key.
        case position
        /// Where it may well stand: behind the colon of `user:password`, behind `Bearer`.
        case scheme
        /// Only that the value has fields, and this is one.
        case field
        /// Only that the value has lines, and this is one.
        case line
    }

    /// The fewest bytes of a part that only its own look speaks for, so that user names and host names mostly stay.
    private static let shortest = 8

    /// The most parts of one value: the lines of five of the longest RSA keys.
    ///
    /// A part has 24 patterns and more, and a value may have thousands of lines: 64 KiB of lines take 20 to 60 ms to make
    /// ready with so many, where 64 KiB without lines take 5.
    static let limit = 256

    /// The ranges of the parts of `value` that are long enough and no common word, at most `limit`.
    static func ranges(of value: Span<UInt8>, minimum: Int) -> [Range<Int>] {
        var candidates = userPasswords(value) + tokenSegments(value, 0..<value.count)
        let armor = armoredBlocks(value)
        for block in armor { candidates += block.lines }
        candidates += queryFields(value)
        let object = isObject(value, 0..<value.count) ? objectFields(value, 0..<value.count) : []
        candidates += object.isEmpty ? textFields(value, except: armor.map(\.range)) : object
        var found: [Range<Int>] = []
        var known: Set<Range<Int>> = []
        for evidence in Evidence.allCases {
            for candidate in candidates where candidate.evidence == evidence {
                guard candidate.range.count < value.count, isPart(value, candidate, minimum: minimum),
                    known.insert(candidate.range).inserted
                else { continue }
                found.append(candidate.range)
                if found.count == limit { return found }
            }
        }
        return found
    }

    private static func isPart(_ value: Span<UInt8>, _ candidate: Candidate, minimum: Int) -> Bool {
        let part = value.extracting(candidate.range)
        guard part.count >= minimum, hasSubstance(part), !CommonWords.contains(part) else { return false }
        switch candidate.evidence {
        case .position: return true
        case .scheme: return !isPlainWord(part)
        case .field, .line: return part.count >= shortest && hasLetterOrDigit(part) && !isPlainWord(part)
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

    /// Whether more than two different bytes stand there: rules, rows of stars and zeros are what tables are made of.
    private static func hasSubstance(_ part: Span<UInt8>) -> Bool {
        var different: [UInt8] = []
        for index in 0..<part.count where !different.contains(part[index]) {
            different.append(part[index])
            if different.count > 2 { return true }
        }
        return false
    }

    private static func hasLetterOrDigit(_ part: Span<UInt8>) -> Bool {
        for index in 0..<part.count where ByteClass.isAlphanumeric(part[index]) || part[index] >= 0x80 { return true }
        return false
    }

    /// The segments of `header.payload.signature`, where the first one begins as JSON's base64 does.
    static func tokenSegments(_ value: Span<UInt8>, _ range: Range<Int>) -> [Candidate] {
        guard range.count > 32, value.has("eyJ", at: range.lowerBound) else { return [] }
        return split(range) { index in value[index] == UInt8(ascii: ".") }.map { segment in
            Candidate(evidence: .field, range: segment)
        }
    }

    /// The pieces of `range` between the places that are separators, without the empty ones.
    static func split(_ range: Range<Int>, where isSeparator: (Int) -> Bool) -> [Range<Int>] {
        var parts: [Range<Int>] = []
        var start = range.lowerBound
        for index in range where isSeparator(index) {
            if start < index { parts.append(start..<index) }
            start = index + 1
        }
        if start < range.upperBound { parts.append(start..<range.upperBound) }
        return parts
    }

    /// `range` without the white space at both ends.
    static func trimmed(_ value: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        let inner = RawForm.trimmedRange(of: value.extracting(range))
        return (range.lowerBound + inner.lowerBound)..<(range.lowerBound + inner.upperBound)
    }
}

extension Span<UInt8> {
    /// Where `text` first stands from `start` on.
    internal func first(of text: StaticString, from start: Int) -> Int? {
        let last = count - text.utf8CodeUnitCount
        guard start <= last, let first = text.description.utf8.first else { return nil }
        for place in start...last where self[place] == first && has(text, at: place) { return place }
        return nil
    }

    /// Whether `text` stands at `place`.
    internal func has(_ text: StaticString, at place: Int) -> Bool {
        guard place + text.utf8CodeUnitCount <= count, text.utf8CodeUnitCount > 0 else { return false }
        var index = place
        for byte in text.description.utf8 {
            if self[index] != byte { return false }
            index += 1
        }
        return true
    }
}
