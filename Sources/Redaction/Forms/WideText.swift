internal import Secrets

/// UTF-16 of UTF-8; what is not UTF-8 becomes one unit a byte.
internal enum WideText {
    /// The units of `value`, each with its low byte first or, big endian, its high one; without a byte order mark.
    static func write(_ value: Span<UInt8>, isBig: Bool = false) -> SecretArray<UInt8> {
        var wide = SecretArray<UInt8>(capacity: value.count * 2)
        var index = 0
        while index < value.count {
            let (scalar, length) = ByteClass.scalar(value, at: index)
            index += length
            if scalar >= 0x10000 {
                add(0xD800 + (scalar - 0x10000) >> 10, isBig, to: &wide)
                add(0xDC00 + (scalar - 0x10000) & 0x3FF, isBig, to: &wide)
            } else {
                add(scalar, isBig, to: &wide)
            }
        }
        return wide
    }

    private static func add(_ unit: UInt32, _ isBig: Bool, to wide: inout SecretArray<UInt8>) {
        let (low, high) = (UInt8(truncatingIfNeeded: unit), UInt8(truncatingIfNeeded: unit >> 8))
        wide.append(isBig ? high : low)
        wide.append(isBig ? low : high)
    }
}
