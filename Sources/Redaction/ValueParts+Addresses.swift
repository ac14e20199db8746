/// Parts that are told by the signs around them, wherever in the value they stand: URLs and PEM.
extension ValueParts {
    /// `password` and `user:password` of each `scheme://user:password@host`.
    static func userPasswords(_ value: Span<UInt8>) -> [Candidate] {
        var found: [Candidate] = []
        var from = 0
        while let scheme = value.first(of: "://", from: from) {
            let start = scheme + 3
            var end = start
            while end < value.count, value[end] != UInt8(ascii: "/"), value[end] != UInt8(ascii: "\""),
                !ByteClass.isSpace(value[end])
            { end += 1 }
            // The next search starts behind this one, so that a value of nothing but schemes is read once.
            from = end
            // A password may hold the sign itself: the last one ends it.
            guard let at = (start..<end).last(where: { value[$0] == UInt8(ascii: "@") }) else { continue }
            guard let colon = (start..<at).first(where: { value[$0] == UInt8(ascii: ":") }) else {
                // `https://TOKEN@host`.
                found.append(Candidate(evidence: .field, range: start..<at))
                continue
            }
            let password = (colon + 1)..<at
            if password.isEmpty || SecretName.equals(value, password, "x-oauth-basic") {
                found.append(Candidate(evidence: .field, range: start..<colon))
            } else {
                found.append(Candidate(evidence: .position, range: password))
                found.append(Candidate(evidence: .field, range: start..<at))
            }
        }
        return found
    }

    /// The secrets of `?password=…&token=…`.
    static func queryFields(_ value: Span<UInt8>) -> [Candidate] {
        var found: [Candidate] = []
        var nameStart: Int?
        var fieldStart: Int?
        for index in 0...value.count {
            let byte = index < value.count ? value[index] : 0x20
            switch byte {
            case UInt8(ascii: "?"), UInt8(ascii: "&"), UInt8(ascii: "#"), UInt8(ascii: "\""), UInt8(ascii: "'"),
                0x20, 0x09...0x0D:
                if let start = fieldStart { found.append(Candidate(evidence: .position, range: start..<index)) }
                fieldStart = nil
                nameStart = byte == UInt8(ascii: "?") || byte == UInt8(ascii: "&") ? index + 1 : nil
            case UInt8(ascii: "="):
                if let start = nameStart, SecretName.matches(value, start..<index) { fieldStart = index + 1 }
                nameStart = nil
            default: break
            }
        }
        return found
    }

    /// What stands between each `-----BEGIN …-----` and `-----END …-----`, as a whole and line by line, and where all
    /// of the block is. A line end may be written as `\n`, as JSON does, or as a space.
    static func armoredBlocks(_ value: Span<UInt8>) -> [(range: Range<Int>, lines: [Candidate])] {
        var found: [(range: Range<Int>, lines: [Candidate])] = []
        var from = 0
        while let begin = value.first(of: "-----BEGIN ", from: from),
            let label = value.first(of: "-----", from: begin + 11),
            let end = value.first(of: "-----END ", from: label)
        {
            from = value.first(of: "-----", from: end + 9).map { $0 + 5 } ?? value.count
            let isPrivate = value.extracting(begin..<label).first(of: "PRIVATE", from: 0) != nil
            let evidence = isPrivate ? Evidence.position : .field
            var lines: [Range<Int>] = []
            for line in split((label + 5)..<end, where: { isLineEnd(value, $0) }) {
                // `Proc-Type: 4,ENCRYPTED` and the like come before the body.
                if line.contains(where: { value[$0] == UInt8(ascii: ":") }) { continue }
                lines += split(line) { index in ByteClass.isSpace(value[index]) }
            }
            guard let first = lines.first, let last = lines.last else { continue }
            lines = lines.filter { line in line.count >= 8 }
            let body = [first.lowerBound..<last.upperBound] + lines
            found.append((begin..<from, body.map { Candidate(evidence: evidence, range: $0) }))
        }
        return found
    }

    /// Whether the byte at `index` ends a line or is of an escape that does.
    private static func isLineEnd(_ value: Span<UInt8>, _ index: Int) -> Bool {
        switch value[index] {
        case 0x0A, 0x0D, UInt8(ascii: "\\"): true
        case UInt8(ascii: "n"), UInt8(ascii: "r"): value[index - 1] == UInt8(ascii: "\\")
        default: false
        }
    }
}
