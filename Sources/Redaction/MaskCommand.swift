internal import Secrets

/// Finds GitHub's workflow command `::add-mask::VALUE` in lines as they come, however they are cut into pieces.
///
/// A line is a command where nothing but white space stands before the first `::`, its name is `add-mask` in either case,
/// and a second `::` ends what follows the name; the rest of the line is the value, in which `%25`, `%0D` and `%0A` stand
/// for themselves. See "Workflow commands for GitHub Actions".
internal struct MaskCommand: ~Copyable {
    /// What a byte of the text is to the command.
    internal enum Step: Equatable {
        /// It and all that was held before it are ordinary text.
        case text
        /// It may belong to a command; hold it.
        case held
        /// It belongs to a value; nothing up to here is text.
        case value
        /// It ended the line that held a value, which is complete.
        case complete
    }

    private enum Place: Equatable {
        case blank, name(Int), properties(sawColon: Bool), value, elsewhere
    }

    /// The name with what must stand around it.
    private static let name = Array("::add-mask".utf8)
    private var place = Place.blank
    /// The value so far, as it stands in the line.
    private(set) var value = SecretArray<UInt8>()

    /// Takes the next byte.
    mutating func take(_ byte: UInt8) -> Step {
        let endsLine = byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r")
        guard !endsLine else {
            defer { place = .blank }
            return place == .value ? .complete : .text
        }
        switch place {
        case .elsewhere: return .text
        case .value:
            value.append(byte)
            return .value
        case .blank:
            if byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") { return .text }
            return follow(0, byte)
        case .name(let count): return follow(count, byte)
        case .properties(let sawColon):
            let isColon = byte == UInt8(ascii: ":")
            place = isColon && sawColon ? .value : .properties(sawColon: isColon)
            return .held
        }
    }

    /// Passes over text in which no command begins; gives the position of the first byte that `take` must look at.
    mutating func skipText(in bytes: Span<UInt8>, from start: Int) -> Int {
        var index = start
        while index < bytes.count {
            if place == .elsewhere {
                index = bytes.firstLineEnd(from: index)
                guard index < bytes.count else { break }
                place = .blank
            } else if place == .blank {
                while index < bytes.count, ByteClass.isSpace(bytes[index]) { index += 1 }
                guard index < bytes.count, bytes[index] != UInt8(ascii: ":") else { break }
                place = .elsewhere
            } else {
                break
            }
        }
        return index
    }

    /// The ranges of the lines of a value that are not empty.
    static func lines(of value: Span<UInt8>) -> [Range<Int>] {
        var found: [Range<Int>] = []
        var start = 0
        while start < value.count {
            let end = value.firstLineEnd(from: start)
            if end > start { found.append(start..<end) }
            start = end + 1
        }
        return found
    }

    /// Forgets the value, for the next line's.
    mutating func reset() { value = SecretArray() }

    /// Takes a byte where `count` bytes of the name stand before it.
    private mutating func follow(_ count: Int, _ byte: UInt8) -> Step {
        if count == Self.name.count {
            guard byte == UInt8(ascii: ":") || byte == UInt8(ascii: " ") else {
                place = .elsewhere
                return .text
            }
            place = .properties(sawColon: byte == UInt8(ascii: ":"))
            return .held
        }
        let isLetter = byte >= UInt8(ascii: "A") && byte <= UInt8(ascii: "Z")
        guard (isLetter ? byte | 0x20 : byte) == Self.name[count] else {
            place = .elsewhere
            return .text
        }
        place = .name(count + 1)
        return .held
    }

    /// The value of a line that is complete, decoded; empty values are none.
    static func decode(_ raw: Span<UInt8>) -> SecretBytes? {
        var decoded = SecretArray<UInt8>()
        var index = 0
        while index < raw.count {
            if let byte = escaped(raw, at: index) {
                decoded.append(byte)
                index += 3
            } else {
                decoded.append(raw[index])
                index += 1
            }
        }
        guard decoded.count > 0 else { return nil }
        return decoded.withSpan { SecretBytes(copying: $0) }
    }

    /// The byte that an escape of workflow commands stands for.
    private static func escaped(_ raw: Span<UInt8>, at index: Int) -> UInt8? {
        guard raw[index] == UInt8(ascii: "%"), index + 2 < raw.count else { return nil }
        switch (raw[index + 1], raw[index + 2] | 0x20) {
        case (UInt8(ascii: "2"), UInt8(ascii: "5") | 0x20): return UInt8(ascii: "%")
        case (UInt8(ascii: "0"), UInt8(ascii: "d")): return UInt8(ascii: "\r")
        case (UInt8(ascii: "0"), UInt8(ascii: "a")): return UInt8(ascii: "\n")
        default: return nil
        }
    }
}
