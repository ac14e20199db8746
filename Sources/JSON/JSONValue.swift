public import Secrets

/// A value of JSON, read from or written to a message.
public enum JSONValue: Sendable {
    /// `null`.
    case null
    /// `true` or `false`.
    case bool(Bool)
    /// A number without fraction and exponent that 64 bits hold.
    case integer(Int64)
    /// Any other number.
    case number(Double)
    /// Text, always well-formed Unicode.
    case string(String)
    /// Text that may be a secret's value: kept in guarded memory, never written.
    case hidden(SharedSecret)
    /// Hidden text with half of a surrogate pair in it, which stands for no bytes.
    case broken
    /// A list.
    case array([JSONValue])
    /// Members by name; of members with one name, the last.
    case object([String: JSONValue])

    /// The members of an object, else `nil`.
    public var members: [String: JSONValue]? {
        if case .object(let members) = self { members } else { nil }
    }

    /// The text of a string, else `nil`.
    public var text: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The value of a boolean, else `nil`.
    public var isTrue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The member of an object; `nil` where it is missing, or this is no object.
    public subscript(_ name: String) -> JSONValue? { members?[name] }
}

extension JSONValue: Equatable {
    /// Compares values; a hidden one equals itself only.
    public static func == (one: JSONValue, other: JSONValue) -> Bool {
        switch (one, other) {
        case (.null, .null), (.broken, .broken): true
        case (.bool(let one), .bool(let other)): one == other
        case (.integer(let one), .integer(let other)): one == other
        case (.number(let one), .number(let other)): one == other
        case (.string(let one), .string(let other)): one == other
        case (.hidden(let one), .hidden(let other)): one === other
        case (.array(let one), .array(let other)): one == other
        case (.object(let one), .object(let other)): one == other
        default: false
        }
    }
}

extension JSONValue: Encodable {
    /// Writes the value; a hidden one as `null`.
    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        switch self {
        case .null, .hidden, .broken: try container.encodeNil()
        case .bool(let value): try container.encode(value)
        case .integer(let value): try container.encode(value)
        case .number(let value): try container.encode(value)
        case .string(let value): try container.encode(value)
        case .array(let value): try container.encode(value)
        case .object(let value): try container.encode(value)
        }
    }
}

extension JSONValue: ExpressibleByStringLiteral, ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral,
    ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral, ExpressibleByNilLiteral
{
    /// Makes a string.
    public init(stringLiteral value: String) { self = .string(value) }
    /// Makes a boolean.
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    /// Makes a number.
    public init(integerLiteral value: Int64) { self = .integer(value) }
    /// Makes a list.
    public init(arrayLiteral elements: JSONValue...) { self = .array(elements) }
    /// Makes an object; of members with one name, the last counts.
    public init(dictionaryLiteral elements: (String, JSONValue)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
    /// Makes `null`.
    public init(nilLiteral: ()) { self = .null }
}
