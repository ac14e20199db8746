@testable internal import Disguises
internal import Secrets
internal import Testing

@testable internal import Redaction

@Suite struct `A value of more than 4096 bytes` {
    /// A way to write bytes.
    struct Writing: Sendable, CustomTestStringConvertible {
        let testDescription: String
        /// How many characters may be left in front of a piece, where its first bytes reach no anchor.
        let front: Int
        let write: @Sendable ([UInt8]) -> [UInt8]

        init(_ label: String, front: Int, _ write: @escaping @Sendable ([UInt8]) -> [UInt8]) {
            (testDescription, self.front, self.write) = (label, front, write)
        }
    }

    private static let writings = [
        Writing("raw", front: 7) { $0 },
        Writing("base64", front: 11) { Encoding.base64($0) },
        Writing("base64 at 1", front: 12) { Array(Encoding.base64([7] + $0).dropFirst(1)) },
        Writing("base64 at 2", front: 12) { Array(Encoding.base64([7, 8] + $0).dropFirst(2)) },
        Writing("base64url", front: 11) { Encoding.base64($0, isURL: true) },
        Writing("base64url at 1", front: 12) { Array(Encoding.base64([7] + $0, isURL: true).dropFirst(1)) },
        Writing("hex", front: 14) { Encoding.hex($0) },
        Writing("HEX", front: 14) { Encoding.hex($0, upper: true) },
        Writing("base32", front: 64) { Encoding.base32($0) },
        Writing("reversed", front: 7) { $0.reversed() },
        Writing("rot13", front: 7) { $0.map(Encoding.rot13) },
        Writing("base64 twice", front: 43) { Encoding.base64(Encoding.base64($0)) },
        Writing("base64 twice, outer at 1", front: 44) {
            Array(Encoding.base64([7] + Encoding.base64($0)).dropFirst(1))
        },
        Writing("hex of base64", front: 64) { Encoding.hex(Encoding.base64($0)) },
        Writing("HEX of base64", front: 64) { Encoding.hex(Encoding.base64($0), upper: true) },
    ]

    private static let marker = "[redacted:S0]"

    /// Lines of random base64, as keys have.
    private static func keys(_ count: Int, seed: Int) -> [UInt8] {
        var numbers = Numbers(seed: seed)
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        return (0..<count).map { index in index % 65 == 64 ? 10 : numbers.pick(alphabet) }
    }

    /// What a matcher leaves of a text, as text: long results are no help as lists of bytes.
    private static func left(_ matcher: Matcher, _ text: [UInt8]) -> String {
        String(decoding: matcher.redact(text.span), as: UTF8.self)
    }

    @Test(arguments: writings, [4097, 65_536])
    func `goes as a whole in each form`(writing: Writing, length: Int) {
        let value = Self.keys(length, seed: length)
        let hidden = writing.write(value)
        let result = Self.left(makeMatcher([value]), Array("<< ".utf8) + hidden + Array(" >>".utf8))
        #expect(result == "<< \(Self.marker) >>")
    }

    @Test(arguments: writings, [0, 4000, 8000])
    func `goes in pieces, wherever they are cut`(writing: Writing, start: Int) {
        let value = Self.keys(10_000, seed: 5)
        let matcher = makeMatcher([value])
        let piece = writing.write(Array(value[(start + 1)..<(start + 601)]))
        let text = Array("<< ".utf8) + piece + Array(" >>".utf8)
        let result = matcher.redact(text.span)
        let isFound = (0...writing.front).contains { left in
            String(decoding: result, as: UTF8.self)
                == "<< \(String(decoding: piece.prefix(left), as: UTF8.self))\(Self.marker) >>"
        }
        #expect(isFound, "gives \(String(decoding: result, as: UTF8.self))")
        for size in [1, 2, 13, 64, 131] {
            let cuts = stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
            let isSame = output(matcher, cuts) == result
            #expect(isSame, "cut every \(size) bytes")
        }
    }

    @Test(arguments: 0..<8) func `goes in pieces in the alphabet of URLs, whatever signs they hold`(start: Int) {
        var numbers = Numbers(seed: 3)
        // The base64 of some of these is a slash, an underscore in that of URLs.
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789????".utf8)
        let matcher = makeMatcher([(0..<5000).map { _ in numbers.pick(alphabet) }])
        numbers = Numbers(seed: 3)
        let value = (0..<5000).map { _ in numbers.pick(alphabet) }
        for place in 0..<12 {
            let piece = Array(value[(start + 400 * place)...].prefix(100))
            let result = Self.left(matcher, Encoding.base64(piece, isURL: true))
            #expect(result.count == Self.left(matcher, Encoding.base64(piece)).count && result.contains(Self.marker))
        }
    }

    @Test func `goes in pieces for every cut`() {
        let value = Self.keys(5000, seed: 6)
        let matcher = makeMatcher([value])
        for writing in [Self.writings[0], Self.writings[2], Self.writings[11]] {
            let piece = writing.write(Array(value[1003..<1150]))
            let text = Array("<< ".utf8) + piece + Array(" ".utf8) + piece.prefix(60) + [33]
            let result = matcher.redact(text.span)
            #expect(result != text)
            let wrong = (0...text.count).filter { cut in
                output(matcher, [Array(text[..<cut]), Array(text[cut...])]) != result
            }
            #expect(wrong.isEmpty)
        }
    }

    @Test func `goes as tail and head print it, as wrapped base64 and as escapes`() {
        let value = Self.keys(8125, seed: 7)
        let matcher = makeMatcher([value])
        for piece in [value.suffix(1300), value.prefix(3000)] {
            #expect(Self.left(matcher, Array(piece)).utf8.count <= 7 + Self.marker.utf8.count)
        }
        let wrapped = Disguise.wrapped(Encoding.base64(Array(value.dropFirst(3000))), width: 76, by: [10])
        let result = matcher.redact(wrapped.span)
        #expect(result.count <= 11 + Self.marker.utf8.count)
        let escaped = value[130..<455].flatMap { byte in Array("\\x".utf8) + Encoding.hex([byte]) }
        #expect(Self.left(matcher, escaped).utf8.count <= 4 * 7 + Self.marker.utf8.count)
    }

    @Test func `is found in each line of a key alone`() {
        // More lines than are parts.
        let value = Self.keys(65 * 400, seed: 8)
        let matcher = makeMatcher([value])
        for line in 300..<330 {
            let text = Array(value[(65 * line)..<(65 * line + 64)])
            // One window of some lines is taken for ordinary text.
            #expect(Self.left(matcher, text).utf8.count <= 31 + Self.marker.utf8.count)
        }
    }

    @Test(arguments: [4096, 4097]) func `is found on both sides of the limit`(length: Int) {
        let value = Self.keys(length, seed: 9)
        let matcher = makeMatcher([value])
        for writing in Self.writings {
            #expect(Self.left(matcher, writing.write(value)) == Self.marker, "\(writing.testDescription)")
        }
    }

    @Test func `keeps its name where another one shares text with it`() {
        let (first, second) = (Self.keys(5000, seed: 10), Self.keys(5000, seed: 11))
        let values = [first + Array("\n".utf8) + second, second + Array("\n".utf8) + Self.keys(5000, seed: 12)]
        let matcher = makeMatcher(values)
        #expect(Self.left(matcher, Array(values[1].suffix(3001))) == "[redacted:S1]")
        #expect(Self.left(matcher, Array(first[1000..<2000])) == Self.marker)
        let shared = Array(second[1000..<2000])
        #expect([Self.marker, "[redacted:S1]"].contains(Self.left(matcher, shared)))
        #expect(Self.left(matcher, values[1]) == "[redacted:S1]")
    }

    private static let license = """
        Redistribution and use in source and binary forms, with or without modification, are permitted provided that
        the following conditions are met, and this list of conditions is in LICENSE-2.0 of January 2004, in all copies
        ------------------------------------------------------------------------------------------------------------
        apiVersion: v1
        kind: Config
        preferences: {}
            - name                                                                                         default
        /usr/lib/x86_64-linux-gnu/libssl.so.1.1:/usr/lib/python3.11/site-packages/requests-2.31.0-py3.11.egg-info
        -----BEGIN CERTIFICATE-----
        \u{420}\u{430}\u{437}\u{440}\u{435}\u{448}\u{430}\u{435}\u{442}\u{441}\u{44F} \u{438}\u{441}\u{43F}\u{43E}
        """

    @Test func `leaves ordinary text that it holds, and not its keys`() {
        let text = Array(Self.license.utf8)
        let keys = Self.keys(4550, seed: 13)
        let matcher = makeMatcher([keys.prefix(1950) + text + [10] + keys.suffix(2600)])
        #expect(Self.left(matcher, text) == Self.license)
        for writing in Self.writings {
            let written = writing.write(text)
            #expect(
                Self.left(matcher, written) == String(decoding: written, as: UTF8.self), "\(writing.testDescription)")
        }
        #expect(Self.left(matcher, Array(keys[65..<650])) == Self.marker)
        // Between keys it goes with them.
        #expect(Self.left(matcher, (Array(keys[1300..<1950]) + text + [10] + keys[1950..<2600])) == Self.marker)
    }

    @Test(arguments: [
        "MIIEvQIBADANBgkqhkiG9w0BAQEFAASCBKcwggSjAgEAAoIBAQ", "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA",
        "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE", "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJ",
        "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JS",
    ])
    func `leaves what every key of its kind begins with`(head: String) {
        // Of one line, as each line of a key is looked for by itself.
        let value = (Self.keys(650, seed: 20) + Array(head.utf8) + Self.keys(4500, seed: 21)).filter { $0 != 10 }
        let other = Array("key: \(head)".utf8) + Self.keys(100, seed: 22)
        #expect(Self.left(makeMatcher([value]), other) == String(decoding: other, as: UTF8.self))
    }

    @Test func `is found as a whole where nothing of it looks random`() {
        let value = Array(String(repeating: Self.license + "\n", count: 5).utf8)
        let matcher = makeMatcher([value])
        #expect(Self.left(matcher, value) == Self.marker)
        #expect(Self.left(matcher, Encoding.base64(value)) == Self.marker)
        #expect(Self.left(matcher, value.dropLast(9)).utf8.count > 1000)
    }

    @Test func `is found whole only where pieces are turned off`() {
        let value = Self.keys(5000, seed: 14)
        var options = RedactionOptions()
        options.replacesPieces = false
        let matcher = Matcher(
            secrets: [RedactionSecret(name: "S0", value: SharedSecret(SecretBytes(copying: value.span)))],
            options: options)
        let piece = Array(value[1000..<2000].filter { $0 != 10 }.prefix(60))
        #expect(Self.left(matcher, piece) == String(decoding: piece, as: UTF8.self))
        #expect(Self.left(matcher, Encoding.base64(value)) == Self.marker)
    }

    @Test(arguments: [0, 1, 2]) func `does a bounded amount of work for its own windows`(kind: Int) {
        let random = Self.keys(20_000, seed: 15)
        // The second value repeats itself, so that each window lies at many places.
        let value = kind == 1 ? (0..<20_000).map { random[$0 % 1000] } : random
        let matcher = makeMatcher([value])
        var text: [UInt8] = []
        var numbers = Numbers(seed: 16)
        while text.count < 300_000 {
            switch kind {
            case 0: text += value.prefix(31)
            case 1: text += value.prefix(1000)
            default:
                let start = 16 * numbers.below(1000)
                text += value[start..<(start + 32)]
            }
        }
        var stream = RedactionStream(matcher: matcher)
        var passed = 0
        for start in stride(from: 0, to: text.count, by: 5000) {
            stream.write(text.span.extracting(start..<min(start + 5000, text.count))) { passed += $0.count }
        }
        stream.finish { passed += $0.count }
        // The lines of its keys are searched as they stand and as one.
        #expect(stream.work <= 128 * text.count, "\(stream.work) steps for \(text.count) bytes")
    }

    @Test func `holds back no more than its windows reach`() {
        let value = Self.keys(65_536, seed: 17)
        let matcher = makeMatcher([value])
        var stream = RedactionStream(matcher: matcher)
        var passed = 0
        for prompt in ["Password: ", "Name: ", "y/n? ", "abc> "] {
            var other = RedactionStream(matcher: matcher)
            var seen = 0
            other.write(Array(prompt.utf8).span) { seen += $0.count }
            #expect(seen >= prompt.utf8.count - 3, "\(prompt)")
        }
        stream.write(Encoding.hex(Array(value[1000..<60_000])).span) { passed += $0.count }
        // No pattern begins with three of these, nor has their hash; and so many part no items of a list.
        let text = Array(repeating: UInt8(ascii: "~"), count: 20)
        stream.write(text.span) { passed += $0.count }
        #expect(passed <= 20 + 32 + Self.marker.utf8.count)
        let isHolding = stream.isHolding
        #expect(!isHolding)
    }
}
