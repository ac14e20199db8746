internal import Secrets

/// Pieces of a value that look random, so that a part of it is known where the whole is not there.
///
/// Each piece has fourteen bytes and begins three behind the one before: any sixteen bytes of the value hold one. A piece
/// that could stand in ordinary text, such as a word, a date or a part of an address, is left out.
internal enum WindowForm: RedactionForm {
    static let family = FormFamily.partial

    /// A shorter value is hardly more than one of its pieces; a longer one would be most of all patterns.
    static let lengths = 20...128
    private static let length = 14
    private static let stride = 3

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        guard lengths.contains(value.count) else { return }
        var start = 0
        while start + length <= value.count {
            let piece = value.extracting(start..<(start + length))
            if isRandom(piece) {
                set.append(piece)
                set.end(secret: secret)
            }
            start += stride
        }
    }

    /// Whether bytes look random: letters and digits, few of them twice, in no runs of one kind.
    private static func isRandom(_ piece: Span<UInt8>) -> Bool {
        var (letters, digits, changes, different) = (0, 0, 0, 0)
        var last: Kind?
        for index in 0..<piece.count {
            let byte = piece[index]
            var isNew = true
            for earlier in 0..<index where piece[earlier] == byte { isNew = false }
            if isNew { different += 1 }
            guard let kind = Kind(byte) else { continue }
            if kind == .digit { digits += 1 } else { letters += 1 }
            if let last, last != kind { changes += 1 }
            last = kind
        }
        return letters + digits >= 10 && letters >= 3 && digits >= 2 && changes >= 4 && different >= 7
    }

    private enum Kind {
        case upper, lower, digit

        init?(_ byte: UInt8) {
            switch byte {
            case UInt8(ascii: "0")...UInt8(ascii: "9"): self = .digit
            case UInt8(ascii: "a")...UInt8(ascii: "z"): self = .lower
            case UInt8(ascii: "A")...UInt8(ascii: "Z"): self = .upper
            default: return nil
            }
        }
    }
}
