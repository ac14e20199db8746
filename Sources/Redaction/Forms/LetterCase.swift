internal import Secrets

/// A way to change the case of ASCII letters.
internal enum LetterCase: CaseIterable {
    /// All capitals, as `tr a-z A-Z` writes them.
    case upper
    /// All small letters.
    case lower
    /// Capitals for small letters and the other way round, as Python's `swapcase` writes them.
    case swapped

    /// The byte so written.
    func write(_ byte: UInt8) -> UInt8 {
        let letter = byte | 0x20
        guard letter >= UInt8(ascii: "a"), letter <= UInt8(ascii: "z") else { return byte }
        return switch self {
        case .upper: byte & ~0x20
        case .lower: letter
        case .swapped: byte ^ 0x20
        }
    }

    /// The fewest bytes of a value that is looked for in other cases.
    private static let shortest = 8

    /// Adds the patterns of `value` from number `first` on in each other case of their letters.
    ///
    /// Not of what might be a word, a name or a path, since that stands in other cases in any text, nor of a value that is
    /// looked for by its pieces.
    static func add(_ value: Span<UInt8>, from first: Int, to set: inout PatternSet) {
        guard value.count >= shortest, value.count <= RedactionForms.longest,
            hasSign(value) || LineLook.hasMixedWord(value)
        else { return }
        let family = set.family
        let last = set.count
        set.family = .disguised
        for letterCase in allCases { set.addAgain(first..<last) { byte in letterCase.write(byte) } }
        set.family = family
    }

    /// Whether there is a sign in ASCII that neither parts words nor those of a path, an address or a host's name.
    private static func hasSign(_ value: Span<UInt8>) -> Bool {
        for index in 0..<value.count {
            switch value[index] {
            case UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."), UInt8(ascii: "/"), UInt8(ascii: ":"),
                UInt8(ascii: "@"):
                continue
            case 0x21..<0x7F: if !ByteClass.isAlphanumeric(value[index]) { return true }
            default: continue
            }
        }
        return false
    }
}
