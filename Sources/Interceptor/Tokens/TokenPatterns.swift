/// The well-known shapes of credentials.
public enum TokenPatterns {
    /// A credential in a text.
    public struct Match: Equatable, Sendable {
        /// The pattern's name, such as `aws-access-key`.
        public let pattern: String
        /// Its bytes.
        public let range: Range<Int>

        /// Whether it is random text of no known shape.
        internal var isRandomText: Bool { pattern == "random-text" }
    }

    /// A text with its credentials replaced.
    public struct Replacement: Equatable, Sendable {
        /// The text.
        public let bytes: [UInt8]
        /// How often each pattern was replaced, by the pattern's name.
        public let counts: [String: Int]
    }

    /// Replaces every credential of a well-known shape by `[redacted:token NAME]`; random text of no known shape stays.
    ///
    /// The time is linear in the length.
    public static func replace(in bytes: [UInt8]) -> Replacement {
        let matches = matches(in: bytes, withRandomText: false)
        guard !matches.isEmpty else { return Replacement(bytes: bytes, counts: [:]) }
        var replaced: [UInt8] = []
        var counts: [String: Int] = [:]
        var position = 0
        for match in matches {
            replaced += bytes[position..<match.range.lowerBound]
            replaced += "[redacted:token \(match.pattern)]".utf8
            counts[match.pattern, default: 0] += 1
            position = match.range.upperBound
        }
        replaced += bytes[position...]
        return Replacement(bytes: replaced, counts: counts)
    }

    /// Finds the credentials of a text, from left to right; none overlaps another.
    ///
    /// - Parameter withRandomText: Whether the text is an argument of a command: random text of no known shape counts,
    ///   which is too much for what programs print; passwords of hosts nearby and a private key's first line alone,
    ///   which people type, do not.
    public static func matches(in bytes: [UInt8], withRandomText: Bool) -> [Match] {
        var matches: [Match] = []
        var position = 0
        // Every pattern begins at the start of a run of letters and digits, at "-----BEGIN" or at "://".
        while position < bytes.count {
            let byte = bytes[position]
            let match: Match? =
                switch byte {
                case UInt8(ascii: "-"): privateKey(bytes, position, needsBody: withRandomText)
                case UInt8(ascii: ":"): URLPassword.match(bytes, position, passesLocal: withRandomText)
                case _ where isStart(bytes, position): token(bytes, position, withRandomText)
                default: nil
                }
            if let match {
                matches.append(match)
                position = match.range.upperBound
            } else {
                position += 1
            }
        }
        return matches
    }

    private static func isStart(_ bytes: [UInt8], _ position: Int) -> Bool {
        guard ByteKind.isAlphanumeric(bytes[position]) else { return false }
        return position == 0 || !ByteKind.isToken(bytes[position - 1])
    }

    private static func token(_ bytes: [UInt8], _ start: Int, _ withRandomText: Bool) -> Match? {
        for shape in TokenShape.byFirstByte[bytes[start]] ?? [] {
            if let end = shape.end(bytes, start) { return Match(pattern: shape.name, range: start..<end) }
        }
        if bytes[start] == UInt8(ascii: "e"), let end = webToken(bytes, start) {
            return Match(pattern: "json-web-token", range: start..<end)
        }
        guard withRandomText, RandomText.mayBegin(bytes, start), let end = RandomText.end(bytes, start) else {
            return nil
        }
        return Match(pattern: "random-text", range: start..<end)
    }

    /// A JSON web token: two objects and a signature, in base64url, joined by dots.
    private static func webToken(_ bytes: [UInt8], _ start: Int) -> Int? {
        var position = start
        for part in 0..<3 {
            let begin = position
            while position < bytes.count, ByteKind.isToken(bytes[position]) { position += 1 }
            let isObject = position - begin >= 12 && bytes[begin..<begin + 3].elementsEqual("eyJ".utf8)
            guard part == 2 ? position - begin >= 16 : isObject else { return nil }
            guard part < 2 else { return position }
            guard position < bytes.count, bytes[position] == UInt8(ascii: ".") else { return nil }
            position += 1
        }
        return nil
    }

    /// A private key in PEM, to its end line or the end of the text.
    private static func privateKey(_ bytes: [UInt8], _ start: Int, needsBody: Bool) -> Match? {
        let begin = Array("-----BEGIN ".utf8)
        guard bytes[start...].starts(with: begin) else { return nil }
        let label = bytes[(start + begin.count)...].prefix(64).prefix { $0 != UInt8(ascii: "-") }
        guard label.suffix(11).elementsEqual("PRIVATE KEY".utf8) else { return nil }
        let end = Array("-----END ".utf8)
        var position = label.endIndex
        // The dashes behind the label are no end.
        while position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
        // A search for keys names the line alone; the key begins on the next, which may be an escape.
        let body = bytes[position...].prefix(8).drop { "\r\n\\ ".utf8.contains($0) }
        if needsBody, body.startIndex == position || body.count < 4 { return nil }
        while position < bytes.count {
            if bytes[position] == UInt8(ascii: "-"), bytes[position...].starts(with: end) {
                position += end.count
                while position < bytes.count, bytes[position] != UInt8(ascii: "-"), bytes[position] != 0x0A {
                    position += 1
                }
                while position < bytes.count, bytes[position] == UInt8(ascii: "-") { position += 1 }
                return Match(pattern: "private-key", range: start..<position)
            }
            position += 1
        }
        return Match(pattern: "private-key", range: start..<bytes.count)
    }
}

/// Kinds of bytes.
internal enum ByteKind {
    /// ASCII letters and digits.
    static func isAlphanumeric(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
        default: false
        }
    }

    /// Letters, digits, `_` and `-`.
    static func isToken(_ byte: UInt8) -> Bool { isAlphanumeric(byte) || byte == 0x5F || byte == 0x2D }
}
