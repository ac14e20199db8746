/// The family of the form in which a secret was met; results name it.
public enum FormFamily: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// As it is, or with its line ends written otherwise.
    case raw
    /// Base64, once, twice or otherwise disguised, or uuencode.
    case base64
    /// Hexadecimal, once or twice.
    case hex
    /// With escapes, quoted, wide, or with control characters between its own.
    case escaped
    /// Reversed, with its letters moved thirteen places, or in another case.
    case disguised
    /// Base32.
    case base32
    /// Base85 or Ascii85.
    case base85
    /// Binary digits, or one decimal number.
    case digits
    /// With one separator between its characters, or as the items of a list.
    case spaced
    /// In rows as xxd, hexdump and od print them.
    case dumped
    /// A piece of a value that looks random.
    case partial

    /// The name in results.
    public var name: String {
        switch self {
        case .raw: "raw"
        case .base64: "base64"
        case .hex: "hex"
        case .escaped: "escaped"
        case .disguised: "disguised"
        case .base32: "base32"
        case .base85: "base85"
        case .digits: "digits"
        case .spaced: "spaced"
        case .dumped: "dumped"
        case .partial: "partial"
        }
    }
}
