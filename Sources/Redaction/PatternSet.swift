internal import Secrets

/// One byte sequence to search for, as a place in the pattern bytes.
internal struct Pattern: BitwiseCopyable {
    /// Where the pattern starts in the pattern bytes.
    var offset: UInt32
    /// How many bytes it has.
    var length: UInt32
    /// Where the other bytes that may stand first lie in the pattern bytes.
    var leadOffset: UInt32 = 0
    /// How many other bytes may stand first: the leading edge of base64 has up to 15.
    var leadCount: UInt8 = 0
    /// How many base64 characters behind a match belong to it, as they carry bits of the secret's end.
    var trailing: UInt8 = 0
    /// Whether the bytes are pairs of hexadecimal digits.
    var isHexadecimal = false
    /// Whether escaped backslashes behind a match belong to it.
    var endsInBackslash = false
    /// The family of the form.
    var family = FormFamily.raw
    /// The index of the secret.
    var secret: UInt32
    /// The last four bytes.
    var lastGram: UInt32 = 0
    /// A quick hash of the bytes, for finding equal patterns.
    var key: UInt32 = 0
    /// The hash of all bytes but the first, of a long pattern only.
    var tailHash: UInt64 = 0
    /// That hash's factor for a sequence as long as the tail.
    var tailPower: UInt64 = 0
}

/// The patterns of all secrets while they are made, and then for as long as they are searched for.
///
/// A form appends bytes and says where a pattern ends; a pattern that another one already says is dropped, so that a
/// form need not know when its result is the value itself.
internal struct PatternSet: ~Copyable, Sendable {
    /// The bytes of all patterns, one after the other.
    private(set) var bytes: SecretArray<UInt8>
    /// The patterns, in the order of the secrets.
    private(set) var patterns: SecretArray<Pattern>
    /// The shortest and the longest pattern's length.
    private(set) var shortest = Int.max
    private(set) var longest = 0
    /// The shortest length of those that are pairs of hexadecimal digits.
    private(set) var shortestPaired = Int.max
    /// The hash that tells patterns, and later text, apart.
    let hash = TailHash()

    /// A tail up to this length is compared byte by byte, a longer one by its hash first.
    static let directLength = 128

    /// The family that the patterns being made belong to.
    var family = FormFamily.raw
    /// Where the pattern being made starts.
    private var start = 0
    /// Hash table of the patterns' numbers plus one, for finding equal ones.
    private var known: SecretArray<UInt32>

    /// Makes an empty set with room for the usual number of forms; each move to a larger place costs system calls.
    ///
    /// - Parameter lengths: how many bytes each of the expected values has.
    init(lengths: [Int] = []) {
        bytes = SecretArray(capacity: lengths.reduce(0) { sum, length in sum + Self.usualBytes(length) })
        patterns = SecretArray(capacity: lengths.count * Self.usualForms)
        known = SecretArray()
        if !lengths.isEmpty {
            let slots = lengths.count * Self.usualForms * 2
            known = SecretArray(repeating: 0, count: 1 << (Int.bitWidth - (slots - 1).leadingZeroBitCount))
        }
    }

    /// How many patterns a value has, measured on passwords, tokens and URLs.
    private static let usualForms = 60

    /// How many bytes the patterns of a value of so many bytes have together, measured on the same: short values are
    /// looked for in pieces, too, and of long ones mostly the value itself is.
    private static func usualBytes(_ length: Int) -> Int {
        length * (length <= WindowForm.lengths.upperBound ? 128 : length <= RedactionForms.longest ? 100 : 2)
    }

    /// How many patterns there are.
    var count: Int { patterns.count }

    /// Adds a byte to the pattern being made.
    mutating func append(_ byte: UInt8) {
        bytes.append(byte)
    }

    /// Adds ASCII text to the pattern being made.
    mutating func append(_ text: StaticString) {
        bytes.append(text)
    }

    /// Lends the bytes for changing those of the pattern being made, at the places given.
    mutating func change(_ body: (inout MutableSpan<UInt8>, Range<Int>) -> Void) {
        let start = start
        bytes.withMutableSpan { bytes in body(&bytes, start..<bytes.count) }
    }

    /// Adds the patterns of these numbers again, each byte of them written otherwise; none may have leads.
    mutating func addAgain(_ numbers: Range<Int>, _ write: (UInt8) -> UInt8) {
        for number in numbers {
            let pattern = patterns[number]
            for index in 0..<Int(pattern.length) { append(write(bytes[Int(pattern.offset) + index])) }
            end(
                secret: Int(pattern.secret), trailing: Int(pattern.trailing), isHexadecimal: pattern.isHexadecimal,
                endsInBackslash: pattern.endsInBackslash)
        }
    }

    /// Adds bytes to the pattern being made.
    mutating func append(_ span: Span<UInt8>) {
        bytes.append(contentsOf: span)
    }

    /// Ends the pattern being made.
    ///
    /// - Parameters:
    ///   - secret: the index of the secret it is a form of.
    ///   - trailing: how many base64 characters behind it belong to it.
    ///   - isHexadecimal: whether the bytes are pairs of hexadecimal digits.
    ///   - endsInBackslash: whether escaped backslashes behind a match belong to it.
    ///   - leads: the bytes that may stand in place of the first; the first itself need not be among them.
    mutating func end(
        secret: Int, trailing: Int = 0, isHexadecimal: Bool = false, endsInBackslash: Bool = false,
        leads: [UInt8] = []
    ) {
        let length = bytes.count - start
        // Nothing shorter can be told from ordinary text; no form of a value that is long enough comes here.
        guard length >= RedactionOptions.smallestMinimum else { return drop() }
        let first = bytes[start]
        var pattern = Pattern(
            offset: UInt32(start), length: UInt32(length), trailing: UInt8(trailing), secret: UInt32(secret))
        pattern.family = family
        pattern.isHexadecimal = isHexadecimal
        pattern.endsInBackslash = endsInBackslash
        pattern.leadCount = UInt8(leads.count { lead in lead != first })
        pattern.lastGram = bytes.withSpan { bytes in bytes.gram(at: start + length - 4) }
        pattern.key = key(of: start, length)
        if let equal = findEqual(to: pattern) {
            var known = patterns[equal]
            known.trailing = max(known.trailing, pattern.trailing)
            known.endsInBackslash = known.endsInBackslash || endsInBackslash
            patterns.replace(at: equal, with: known)
            return drop()
        }
        if length - 1 > Self.directLength {
            (pattern.tailHash, pattern.tailPower) = bytes.withSpan { all in
                hash.tail(all.extracting((start + 1)..<(start + length)))
            }
        }
        pattern.leadOffset = UInt32(bytes.count)
        for lead in leads where lead != first { bytes.append(lead) }
        patterns.append(pattern)
        remember(patterns.count - 1)
        start = bytes.count
        shortest = min(shortest, length)
        longest = max(longest, length)
        if isHexadecimal { shortestPaired = min(shortestPaired, length) }
    }

    /// A quick hash of a pattern's bytes.
    private func key(of offset: Int, _ length: Int) -> UInt32 {
        bytes.withSpan { bytes in
            var key = UInt32(truncatingIfNeeded: length)
            for position in stride(from: 0, to: length - 3, by: 4) {
                key = (key ^ bytes.gram(at: offset + position)) &* 0x9E37_79B1
                key ^= key >> 15
            }
            return (key ^ bytes.gram(at: offset + length - 4)) &* 0x9E37_79B1
        }
    }

    /// Orders the patterns and gives up the table that only making them needs.
    mutating func close() {
        // The table of what is known has room for more than twice as many numbers.
        known.truncate(to: 0)
        var longestFirst = (0..<UInt32(patterns.count)).map { number in
            UInt64(UInt32.max - patterns[Int(number)].length) << 32 | UInt64(number)
        }
        longestFirst.sort()
        for key in longestFirst { known.append(UInt32(truncatingIfNeeded: key)) }
    }

    /// The patterns' numbers, once closed: longer ones first, then earlier secrets.
    var order: SecretArray<UInt32> { _read { yield known } }

    /// Gives up the pattern being made.
    mutating func drop() {
        bytes.truncate(to: start)
    }

    /// The number of the pattern that has the same bytes, whatever its secret: the first name stands for all.
    private func findEqual(to pattern: Pattern) -> Int? {
        guard known.count > 0 else { return nil }
        let mask = known.count - 1
        let length = Int(pattern.length)
        var place = Int(pattern.key) & mask
        while known[place] != 0 {
            let number = Int(known[place]) - 1
            let other = patterns[number]
            // Leads are those of one alignment: equal bytes with as many leads have the same ones.
            if other.key == pattern.key, other.length == pattern.length, other.leadCount == pattern.leadCount {
                let equal = bytes.withSpan { bytes in
                    bytes.agreement(
                        at: Int(other.offset), with: bytes, at: Int(pattern.offset), length: length)
                }
                if equal == length { return number }
            }
            place = (place + 1) & mask
        }
        return nil
    }

    private mutating func remember(_ number: Int) {
        if (number + 1) * 2 > known.count {
            known = SecretArray<UInt32>(repeating: 0, count: max(known.count * 2, 256))
            for earlier in 0..<number { place(earlier) }
        }
        place(number)
    }

    private mutating func place(_ number: Int) {
        let mask = known.count - 1
        var place = Int(patterns[number].key) & mask
        while known[place] != 0 { place = (place + 1) & mask }
        known.replace(at: place, with: UInt32(number + 1))
    }
}
