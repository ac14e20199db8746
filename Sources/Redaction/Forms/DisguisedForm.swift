internal import Secrets

/// A way to write the characters of a value otherwise.
internal enum CharacterDisguise: CaseIterable {
    /// Its bytes from back to front.
    case reversed
    /// Its letters thirteen places on.
    case rotated
    /// Its characters from back to front; the same as its bytes where all are ASCII.
    case reversedCharacters

    /// Gives the bytes of `value` so written, one after the other.
    func write(_ value: Span<UInt8>, _ append: (UInt8) -> Void) {
        switch self {
        case .reversed: for index in (0..<value.count).reversed() { append(value[index]) }
        case .rotated: for index in 0..<value.count { append(Self.rotated(value[index])) }
        case .reversedCharacters:
            var end = value.count
            while end > 0 {
                // As far back as a character of UTF-8 may begin.
                var start = end - 1
                while start > 0, end - start < 4, value[start] & 0xC0 == 0x80 { start -= 1 }
                if ByteClass.scalar(value, at: start).length != end - start { start = end - 1 }
                for index in start..<end { append(value[index]) }
                end = start
            }
        }
    }

    /// A letter thirteen places on; any other byte as it is.
    static func rotated(_ byte: UInt8) -> UInt8 {
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "m"): byte + 13
        case UInt8(ascii: "n")...UInt8(ascii: "z"): byte - 13
        default: byte
        }
    }
}

/// The value from back to front, and with its letters moved thirteen places.
internal enum DisguisedForm: RedactionForm {
    static let family = FormFamily.disguised

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for disguise in CharacterDisguise.allCases {
            disguise.write(value) { byte in set.append(byte) }
            set.end(secret: secret)
        }
    }
}
