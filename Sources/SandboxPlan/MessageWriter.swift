/// Builds a message between the supervisor and init: little-endian integers and byte strings behind their length.
internal struct MessageWriter {
    /// The bytes so far.
    private(set) var bytes: [UInt8] = []

    mutating func integer(_ value: some FixedWidthInteger) {
        let wide = UInt64(truncatingIfNeeded: value)
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: wide >> UInt64(shift))) }
    }

    mutating func flag(_ value: Bool) { bytes.append(value ? 1 : 0) }

    mutating func data(_ value: [UInt8]) {
        integer(value.count)
        bytes.append(contentsOf: value)
    }

    mutating func text(_ value: String) { data(Array(value.utf8)) }

    mutating func list<Element>(_ values: [Element], _ each: (inout MessageWriter, Element) -> Void) {
        integer(values.count)
        for value in values { each(&self, value) }
    }
}

/// A message that is not what its writer makes: the two sides are not of one version, or bytes were lost.
public struct MalformedMessage: Error, Equatable, Sendable {}

/// Takes a message of `MessageWriter` apart; every length is held against what is left before it is used.
internal struct MessageReader {
    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private mutating func take(_ count: Int) throws(MalformedMessage) -> ArraySlice<UInt8> {
        guard count >= 0, count <= bytes.count - position else { throw MalformedMessage() }
        defer { position += count }
        return bytes[position..<position + count]
    }

    mutating func integer<Value: FixedWidthInteger>(_: Value.Type = Value.self) throws(MalformedMessage) -> Value {
        var wide: UInt64 = 0
        for byte in try take(8).reversed() { wide = wide << 8 | UInt64(byte) }
        let value = Value(truncatingIfNeeded: wide)
        guard UInt64(truncatingIfNeeded: value) == wide else { throw MalformedMessage() }
        return value
    }

    mutating func flag() throws(MalformedMessage) -> Bool {
        switch try take(1).first {
        case 0: return false
        case 1: return true
        default: throw MalformedMessage()
        }
    }

    mutating func data() throws(MalformedMessage) -> [UInt8] { Array(try take(integer())) }

    mutating func text() throws(MalformedMessage) -> String {
        guard let text = String(validating: try data(), as: UTF8.self) else { throw MalformedMessage() }
        return text
    }

    mutating func list<Element>(
        _ each: (inout MessageReader) throws(MalformedMessage) -> Element
    ) throws(MalformedMessage) -> [Element] {
        let count: Int = try integer()
        // Every element takes a byte or more, so a count beyond the rest is a lie and must not reserve memory.
        guard count >= 0, count <= bytes.count - position else { throw MalformedMessage() }
        var elements: [Element] = []
        for _ in 0..<count { elements.append(try each(&self)) }
        return elements
    }

    func expectEnd() throws(MalformedMessage) {
        guard position == bytes.count else { throw MalformedMessage() }
    }
}
