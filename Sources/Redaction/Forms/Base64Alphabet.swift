/// The characters that base64 writes six bits as.
internal enum Base64Alphabet {
    /// Of RFC 4648, section 4.
    case standard
    /// Of RFC 4648, section 5, for URLs and file names.
    case url
    /// The first one with its letters thirteen places on, as `base64 | tr A-Za-z N-ZA-Mn-za-m` writes it.
    case rotated

    /// The character for the low six bits.
    func character(_ bits: UInt32) -> UInt8 {
        let value = UInt8(truncatingIfNeeded: bits & 63)
        switch value {
        case 0..<26: return moved(UInt8(ascii: "A") + value)
        case 26..<52: return moved(UInt8(ascii: "a") + value - 26)
        case 52..<62: return UInt8(ascii: "0") + value - 52
        case 62: return self == .url ? UInt8(ascii: "-") : UInt8(ascii: "+")
        default: return self == .url ? UInt8(ascii: "_") : UInt8(ascii: "/")
        }
    }

    private func moved(_ letter: UInt8) -> UInt8 {
        self == .rotated ? CharacterDisguise.rotated(letter) : letter
    }
}
