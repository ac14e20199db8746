internal import Secrets

/// Reads JSON (RFC 8259) from bytes that may be hostile, in one pass and with bounded depth.
///
/// Written by hand and not with `JSONDecoder`, which keeps copies of every string where they cannot be zeroed, tells
/// neither 1 from 1.0 nor a lone surrogate from text, and recurses as deep as the text asks.
public struct JSONParser {
    /// Why bytes are no JSON, or none that is read here.
    public enum Failure: Error, Equatable, Sendable {
        /// The bytes are not UTF-8.
        case notUTF8
        /// Something else was expected at this byte.
        case malformed(offset: Int)
        /// Lists and objects are nested deeper than is read.
        case tooDeep
        /// More strings are hidden than guarded memory is made for.
        case tooManyHidden
    }

    /// How deep lists and objects may lie in each other.
    public static let depthLimit = 64
    /// How many strings of one text are hidden at most.
    public static let hiddenLimit = 64

    internal var position = 0
    /// Whether half of a surrogate pair was read.
    internal var sawBrokenText = false
    private var depth = 0
    private var hiddenCount = 0
    private let hiding: Set<String>

    private init(hiding: Set<String>) { self.hiding = hiding }

    /// Reads one value that fills `bytes`, space aside. A lone surrogate escape becomes U+FFFD, and makes hidden
    /// text broken.
    ///
    /// - Parameter hiding: The names of members whose text goes to guarded memory.
    public static func parse(_ bytes: Span<UInt8>, hiding: Set<String> = []) throws(Failure) -> JSONValue {
        guard (try? UTF8Span(validating: bytes)) != nil else { throw .notUTF8 }
        var parser = JSONParser(hiding: hiding)
        let value = try parser.value(bytes, isHidden: false)
        parser.skipSpace(bytes)
        guard parser.position == bytes.count else { throw .malformed(offset: parser.position) }
        return value
    }

    /// Reads one value from text, such as one that this program wrote.
    public static func parse(_ text: String) throws(Failure) -> JSONValue {
        let bytes = Array(text.utf8)
        return try parse(bytes.span)
    }

    private mutating func value(_ bytes: Span<UInt8>, isHidden: Bool) throws(Failure) -> JSONValue {
        skipSpace(bytes)
        guard let byte = peek(bytes) else { throw .malformed(offset: position) }
        switch byte {
        case UInt8(ascii: "{"): return try nested { parser throws(Failure) in try parser.object(bytes) }
        case UInt8(ascii: "["): return try nested { parser throws(Failure) in try parser.array(bytes) }
        case UInt8(ascii: "\""): return isHidden ? try hidden(bytes) : .string(try string(bytes))
        case UInt8(ascii: "t"): return try word("true", .bool(true), bytes)
        case UInt8(ascii: "f"): return try word("false", .bool(false), bytes)
        case UInt8(ascii: "n"): return try word("null", .null, bytes)
        default: return try number(bytes)
        }
    }

    private mutating func nested(
        _ body: (inout JSONParser) throws(Failure) -> JSONValue
    ) throws(Failure) -> JSONValue {
        guard depth < Self.depthLimit else { throw .tooDeep }
        depth += 1
        defer { depth -= 1 }
        return try body(&self)
    }

    private mutating func object(_ bytes: Span<UInt8>) throws(Failure) -> JSONValue {
        var members: [String: JSONValue] = [:]
        position += 1
        skipSpace(bytes)
        if take(UInt8(ascii: "}"), bytes) { return .object(members) }
        while true {
            skipSpace(bytes)
            guard peek(bytes) == UInt8(ascii: "\"") else { throw .malformed(offset: position) }
            let name = try string(bytes)
            skipSpace(bytes)
            guard take(UInt8(ascii: ":"), bytes) else { throw .malformed(offset: position) }
            members[name] = try value(bytes, isHidden: hiding.contains(name))
            skipSpace(bytes)
            if take(UInt8(ascii: ","), bytes) { continue }
            guard take(UInt8(ascii: "}"), bytes) else { throw .malformed(offset: position) }
            return .object(members)
        }
    }

    private mutating func array(_ bytes: Span<UInt8>) throws(Failure) -> JSONValue {
        var elements: [JSONValue] = []
        position += 1
        skipSpace(bytes)
        if take(UInt8(ascii: "]"), bytes) { return .array(elements) }
        while true {
            elements.append(try value(bytes, isHidden: false))
            skipSpace(bytes)
            if take(UInt8(ascii: ","), bytes) { continue }
            guard take(UInt8(ascii: "]"), bytes) else { throw .malformed(offset: position) }
            return .array(elements)
        }
    }

    private mutating func word(
        _ word: StaticString, _ value: JSONValue, _ bytes: Span<UInt8>
    ) throws(Failure) -> JSONValue {
        for byte in "\(word)".utf8 {
            guard take(byte, bytes) else { throw .malformed(offset: position) }
        }
        return value
    }

    private mutating func string(_ bytes: Span<UInt8>) throws(Failure) -> String {
        var text: [UInt8] = []
        position += 1
        while true {
            switch try nextUnit(bytes) {
            case .end: return String(decoding: text, as: UTF8.self)
            case .byte(let byte): text.append(byte)
            case .scalar(let scalar): text.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            }
        }
    }

    /// How many bytes the string at hand has once it is decoded.
    private mutating func stringLength(_ bytes: Span<UInt8>) throws(Failure) -> Int {
        var length = 0
        position += 1
        while true {
            switch try nextUnit(bytes) {
            case .end: return length
            case .byte: length += 1
            case .scalar(let scalar): length += (UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter).count
            }
        }
    }

    /// Decodes a string twice: to learn its length, then into memory of that length.
    private mutating func hidden(_ bytes: Span<UInt8>) throws(Failure) -> JSONValue {
        hiddenCount += 1
        guard hiddenCount <= Self.hiddenLimit else { throw .tooManyHidden }
        let start = position
        sawBrokenText = false
        let length = try stringLength(bytes)
        // A value with another character in it would be another value.
        guard !sawBrokenText else { return .broken }
        position = start
        return .hidden(
            SharedSecret(
                try SecretBytes(count: length) { span throws(Failure) in
                    position += 1
                    var index = 0
                    while true {
                        switch try nextUnit(bytes) {
                        case .end: return
                        case .byte(let byte):
                            span[index] = byte
                            index += 1
                        case .scalar(let scalar):
                            for byte in UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter {
                                span[index] = byte
                                index += 1
                            }
                        }
                    }
                }))
    }

    internal func peek(_ bytes: Span<UInt8>) -> UInt8? { position < bytes.count ? bytes[position] : nil }

    internal mutating func take(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
        guard peek(bytes) == byte else { return false }
        position += 1
        return true
    }

    private mutating func skipSpace(_ bytes: Span<UInt8>) {
        while let byte = peek(bytes), byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d { position += 1 }
    }
}
