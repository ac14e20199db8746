internal import Secrets

/// The value from back to front, and with its letters moved thirteen places.
internal enum DisguisedForm: RedactionForm {
    static let family = FormFamily.disguised

    /// Both ways to write a value.
    static let disguises: [@Sendable (Span<UInt8>) -> SecretArray<UInt8>] = [
        { value in
            var other = SecretArray<UInt8>(capacity: value.count)
            for index in (0..<value.count).reversed() { other.append(value[index]) }
            return other
        },
        { value in
            var other = SecretArray<UInt8>(capacity: value.count)
            for index in 0..<value.count { other.append(rotated(value[index])) }
            return other
        },
    ]

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for index in (0..<value.count).reversed() { set.append(value[index]) }
        set.end(secret: secret)
        for index in 0..<value.count { set.append(rotated(value[index])) }
        set.end(secret: secret)
    }

    private static func rotated(_ byte: UInt8) -> UInt8 {
        switch byte | 0x20 {
        case UInt8(ascii: "a")...UInt8(ascii: "m"): byte + 13
        case UInt8(ascii: "n")...UInt8(ascii: "z"): byte - 13
        default: byte
        }
    }
}
