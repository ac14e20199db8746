internal import Secrets

/// Puts the characters of UTF-8 together, byte by byte, as the encoding standard's decoder does.
internal struct CharacterDecoder {
    /// A character, or a byte that is part of none.
    struct Unit {
        /// The bytes, the first one lowest.
        private var bytes: UInt32 = 0
        private var count = 0

        /// Nothing.
        init() {}

        /// One byte.
        init(_ byte: UInt8) { add(byte) }

        /// Whether it is a control character of the upper half (C1), as a character or as a byte.
        var isControl: Bool {
            count == 1 ? (0x80...0x9F).contains(bytes) : count == 2 && bytes & 0xFF == 0xC2 && bytes >> 8 < 0xA0
        }

        /// Whether it is the one that ends a string, as a character: as a byte it is half of many others.
        var isStringEnd: Bool { count == 2 && bytes == 0x9CC2 }

        mutating func add(_ byte: UInt8) {
            bytes |= UInt32(byte) << UInt32(8 * count)
            count += 1
        }

        func append(to output: inout SecretArray<UInt8>) {
            for index in 0..<count { output.append(UInt8(truncatingIfNeeded: bytes >> UInt32(8 * index))) }
        }

        /// Each byte by itself.
        var parts: [Unit] { (0..<count).map { Unit(UInt8(truncatingIfNeeded: bytes >> UInt32(8 * $0))) } }
    }

    private var pending = Unit()
    /// How many bytes are still missing; 0 between two characters.
    private var missing = 0
    /// What the next byte may be.
    private var range: ClosedRange<UInt8> = 0x80...0xBF

    /// Whether no character is begun.
    var isEmpty: Bool { missing == 0 }

    /// Takes a byte beyond ASCII and gives what is complete by it.
    mutating func take(_ byte: UInt8) -> [Unit] {
        guard missing > 0 else { return begin(byte) }
        guard range.contains(byte) else { return interrupt() + begin(byte) }
        pending.add(byte)
        range = 0x80...0xBF
        missing -= 1
        return missing == 0 ? [pending] : []
    }

    /// Gives the bytes of a character that does not go on.
    mutating func interrupt() -> [Unit] {
        guard missing > 0 else { return [] }
        missing = 0
        return pending.parts
    }

    private mutating func begin(_ byte: UInt8) -> [Unit] {
        range = 0x80...0xBF
        switch byte {
        case 0xC2...0xDF: missing = 1
        case 0xE0...0xEF:
            missing = 2
            // No character is longer than it must be, and none is half of a pair of UTF-16.
            if byte == 0xE0 { range = 0xA0...0xBF }
            if byte == 0xED { range = 0x80...0x9F }
        case 0xF0...0xF4:
            missing = 3
            if byte == 0xF0 { range = 0x90...0xBF }
            if byte == 0xF4 { range = 0x80...0x8F }
        default: return [Unit(byte)]
        }
        pending = Unit(byte)
        return []
    }
}
