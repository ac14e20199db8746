/// Brace expansion: `{a,b}` becomes two words.
internal enum BraceExpansion {
    private static let mostWords = 32

    /// The words that a word becomes; only the first pair of braces of unquoted text is expanded, as often as there is
    /// one, and only where the word is text all through.
    static func expand(_ value: Value) -> [Value] {
        var done: [Value] = []
        var waiting = [value]
        while let next = waiting.popLast() {
            guard done.count + waiting.count < mostWords, let words = once(next) else {
                done.append(next)
                continue
            }
            waiting += words.reversed()
        }
        return done
    }

    private static func once(_ value: Value) -> [Value]? {
        for (index, piece) in value.pieces.enumerated() {
            guard case .text(let text, let place, false) = piece,
                let open = text.firstIndex(of: UInt8(ascii: "{")),
                let close = text[open...].firstIndex(of: UInt8(ascii: "}")),
                !text[open + 1..<close].contains(UInt8(ascii: "{")),
                text[open..<close].contains(UInt8(ascii: ","))
            else { continue }
            return text[open + 1..<close].split(separator: UInt8(ascii: ","), omittingEmptySubsequences: false).map {
                choice in
                var pieces = value.pieces
                pieces[index] = .text(
                    Array(text[..<open]) + Array(choice) + Array(text[(close + 1)...]), at: place, isQuoted: false)
                return Value(pieces)
            }
        }
        return nil
    }
}
