/// The fields of text that has one or some a line, and the lines themselves.
extension ValueParts {
    /// What the lines before say about a line.
    private struct Context {
        /// Whether the key of a list or of a block of lines is that of a secret.
        var isSecret = false
        /// Whether a machine's name came before, as in `.netrc`.
        var isNetrc = false
    }

    /// The fields and lines of `value` that are in none of the ranges `taken`, which are in order.
    static func textFields(_ value: Span<UInt8>, except taken: [Range<Int>]) -> [Candidate] {
        var found: [Candidate] = []
        var context = Context()
        var others = taken[...]
        for whole in split(0..<value.count, where: { value[$0] == 0x0A || value[$0] == 0x0D }) {
            let line = trimmed(value, whole)
            while let other = others.first, other.upperBound <= line.lowerBound { others.removeFirst() }
            if line.isEmpty || value.has("-----", at: line.lowerBound) { continue }
            // Of a block on one line, as in JSON, the line has more to say; a line of a block has not.
            if let other = others.first, other.overlaps(line), !line.contains(other) { continue }
            let text = withoutBullet(value, line)
            if text.lowerBound == whole.lowerBound || value[text.lowerBound] == UInt8(ascii: "#") {
                context.isSecret = false
            }
            found += fields(ofLine: text, of: value, context: &context)
        }
        return found
    }

    private static func fields(
        ofLine line: Range<Int>, of value: Span<UInt8>, context: inout Context
    ) -> [Candidate] {
        if let found = machineFields(value, line, context: &context) ?? passwordFileField(value, line)
            ?? pairs(value, line) ?? assignments(value, line, context: &context)
        {
            return found
        }
        let text = unquoted(value, line)
        var found = authorization(value, text)
        if context.isSecret { found.append(Candidate(evidence: .position, range: text)) }
        if let colon = onlyColon(value, text) {
            found.append(Candidate(evidence: .scheme, range: (colon + 1)..<text.upperBound))
        }
        if !LineLook.isOrdinary(value.extracting(text)) {
            found += [Candidate(evidence: .line, range: text)] + tokenSegments(value, text)
        }
        return found
    }

    /// What stands behind `=` or `: ` up to the line's end, or up to a semicolon where each one ends such a field;
    /// `nil` for a line without.
    private static func assignments(
        _ value: Span<UInt8>, _ line: Range<Int>, context: inout Context
    ) -> [Candidate]? {
        let pieces = split(line) { index in value[index] == UInt8(ascii: ";") }.map { trimmed(value, $0) }
        let signs = pieces.map { piece in sign(value, piece) }
        var found: [Candidate] = []
        if pieces.count > 1, !signs.contains(nil) {
            for (piece, sign) in zip(pieces, signs) {
                if let sign { found += field(value, piece, sign: sign, context: &context) }
            }
            return found
        }
        guard let sign = sign(value, line) else { return nil }
        return field(value, line, sign: sign, context: &context)
    }

    /// The field behind `sign`; where nothing is there but the sign of a block, the next lines are the field.
    private static func field(
        _ value: Span<UInt8>, _ line: Range<Int>, sign: Int, context: inout Context
    ) -> [Candidate] {
        let isSecret = SecretName.matches(value, line.lowerBound..<sign)
        let rest = trimmed(value, (sign + 1)..<line.upperBound)
        context.isSecret = false
        guard let first = rest.first else {
            context.isSecret = isSecret
            return []
        }
        if rest.count < 4, value[first] == UInt8(ascii: "|") || value[first] == UInt8(ascii: ">") {
            context.isSecret = isSecret
            return []
        }
        let text = unquoted(value, rest)
        var found = fields(value, text, isSecret: isSecret)
        // A comment may follow, and so may the rest of the password.
        if text == rest, let hash = text.dropFirst(2).first(where: { value[$0] == UInt8(ascii: "#") }),
            value[hash - 1] == 0x20
        {
            found += fields(value, trimmed(value, text.lowerBound..<hash), isSecret: isSecret)
        }
        return found
    }

    /// Where the `=` or the `: ` of a line is that begins with a name.
    private static func sign(_ value: Span<UInt8>, _ line: Range<Int>) -> Int? {
        guard let sign = line.first(where: { value[$0] == UInt8(ascii: "=") || value[$0] == UInt8(ascii: ":") }),
            line.lowerBound < sign, (line.lowerBound..<sign).allSatisfy({ isOfName(value[$0]) })
        else { return nil }
        let rest = (sign + 1)..<line.upperBound
        if value[sign] == UInt8(ascii: ":") { return rest.isEmpty || value[rest.lowerBound] == 0x20 ? sign : nil }
        // What ends in signs only is base64, which is padded so.
        return rest.allSatisfy { value[$0] == UInt8(ascii: "=") } ? nil : sign
    }

    /// Whether names are made of such bytes.
    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "_"), UInt8(ascii: "-"), UInt8(ascii: "."), UInt8(ascii: "\""), UInt8(ascii: "'"), 0x20: true
        default: ByteClass.isAlphanumeric(byte)
        }
    }

    /// The secrets of `host=… password=…`, as libpq reads them, and what looks like one; `nil` where not all of the line is
    /// such text.
    private static func pairs(_ value: Span<UInt8>, _ line: Range<Int>) -> [Candidate]? {
        var found: [Candidate] = []
        var count = 0
        var index = line.lowerBound
        while index < line.upperBound {
            let start = index
            while index < line.upperBound, isOfName(value[index]), value[index] != 0x20 { index += 1 }
            guard index > start, index + 1 < line.upperBound, value[index] == UInt8(ascii: "=") else { return nil }
            let isSecret = SecretName.matches(value, start..<index)
            index += 1
            var text = index..<line.upperBound
            if value[index] == UInt8(ascii: "'"), let end = closingQuote(value, (index + 1)..<line.upperBound) {
                text = (index + 1)..<end
                index = end + 1
            } else {
                while index < line.upperBound, !ByteClass.isSpace(value[index]) { index += 1 }
                text = text.lowerBound..<index
            }
            if isSecret {
                found.append(Candidate(evidence: .position, range: text))
            } else if LineLook.hasMixedWord(value.extracting(text)) {
                found.append(Candidate(evidence: .field, range: text))
            }
            count += 1
            guard index == line.upperBound || ByteClass.isSpace(value[index]) else { return nil }
            while index < line.upperBound, ByteClass.isSpace(value[index]) { index += 1 }
        }
        return count > 1 ? found : nil
    }

    /// The passwords of `machine … login … password …`, on one line or on many; see netrc(5).
    private static func machineFields(
        _ value: Span<UInt8>, _ line: Range<Int>, context: inout Context
    ) -> [Candidate]? {
        let names: [StaticString] = ["machine", "login", "password", "account"]
        guard (names + ["default"]).contains(where: { value.has($0, at: line.lowerBound) }) else { return nil }
        var words = split(line) { index in ByteClass.isSpace(value[index]) }[...]
        let isDefault = words.first.map { SecretName.equals(value, $0, "default") } == true
        if isDefault { words.removeFirst() }
        guard words.count % 2 == 0 else { return nil }
        let isMachine = words.first.map { SecretName.equals(value, $0, "machine") } == true
        if isDefault || isMachine { context.isNetrc = true }
        guard context.isNetrc else { return nil }
        var found: [Candidate] = []
        while words.count >= 2 {
            let (name, text) = (words.removeFirst(), words.removeFirst())
            guard names.contains(where: { SecretName.equals(value, name, $0) }) else { return nil }
            if SecretName.equals(value, name, "password") { found.append(Candidate(evidence: .position, range: text)) }
        }
        return found
    }

    /// The password of `host:port:database:user:password`, as `.pgpass` has it.
    private static func passwordFileField(_ value: Span<UInt8>, _ line: Range<Int>) -> [Candidate]? {
        var colons: [Int] = []
        var index = line.lowerBound
        while index < line.upperBound, colons.count < 4 {
            if ByteClass.isSpace(value[index]) { return nil }
            if value[index] == UInt8(ascii: ":") { colons.append(index) }
            index += value[index] == UInt8(ascii: "\\") ? 2 : 1
        }
        guard colons.count == 4, colons[1] > colons[0] + 1, colons[3] + 1 < line.upperBound,
            ((colons[0] + 1)..<colons[1]).allSatisfy({
                value[$0] == UInt8(ascii: "*") || (value[$0] >= UInt8(ascii: "0") && value[$0] <= UInt8(ascii: "9"))
            })
        else { return nil }
        return [Candidate(evidence: .position, range: (colons[3] + 1)..<line.upperBound)]
    }

    /// Where the colon of `user:password` is, if there is one and no space.
    private static func onlyColon(_ value: Span<UInt8>, _ line: Range<Int>) -> Int? {
        var colon: Int?
        for index in line {
            if ByteClass.isSpace(value[index]) || value[index] == UInt8(ascii: "/") && colon == nil { return nil }
            guard value[index] == UInt8(ascii: ":") else { continue }
            if colon != nil { return nil }
            colon = index
        }
        guard let colon, colon > line.lowerBound, colon + 1 < line.upperBound, value[colon + 1] != UInt8(ascii: "/")
        else { return nil }
        return colon
    }

    /// `line` without the sign or number of a list's item.
    private static func withoutBullet(_ value: Span<UInt8>, _ line: Range<Int>) -> Range<Int> {
        var index = line.lowerBound
        while index < line.upperBound, value[index] >= UInt8(ascii: "0"), value[index] <= UInt8(ascii: "9") {
            index += 1
        }
        guard index + 1 < line.upperBound, value[index + 1] == 0x20 else { return line }
        switch value[index] {
        case UInt8(ascii: "."), UInt8(ascii: ")"): if index == line.lowerBound { return line }
        case UInt8(ascii: "-"), UInt8(ascii: "*"): if index != line.lowerBound { return line }
        default: return line
        }
        return trimmed(value, (index + 1)..<line.upperBound)
    }

    /// What stands within quotes, where they begin `range` and only a comma or a comment follows.
    private static func unquoted(_ value: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
        guard let first = range.first, value[first] == UInt8(ascii: "\"") || value[first] == UInt8(ascii: "'"),
            let end = closingQuote(value, (first + 1)..<range.upperBound), end > first + 1
        else { return range }
        let rest = trimmed(value, (end + 1)..<range.upperBound)
        guard rest.isEmpty || value[rest.lowerBound] == UInt8(ascii: ",") || value[rest.lowerBound] == UInt8(ascii: "#")
        else { return range }
        return (first + 1)..<end
    }
}
