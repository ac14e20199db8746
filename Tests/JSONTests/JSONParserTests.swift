import JSON
import Secrets
import TestSupport
import Testing

struct JSONParserTests {
    private func parse(_ text: String, hiding: Set<String> = []) throws -> JSONValue {
        let bytes = Array(text.utf8)
        return try JSONParser.parse(bytes.span, hiding: hiding)
    }

    @Test(
        arguments: [
            ("null", JSONValue.null), (" true ", true), ("false", false), ("0", 0), ("-12", -12),
            ("9223372036854775807", .integer(.max)), ("9223372036854775808", .number(9223372036854775808)),
            ("1.0", .number(1)), ("1e2", .number(100)), ("-2.5E-1", .number(-0.25)), (#""""#, ""),
            (#""a\"\\\/\b\f\n\r\t\u0041\u00e9""#, "a\"\\/\u{8}\u{c}\n\r\tAé"), (#""\ud83d\ude00""#, "😀"),
            ("[]", []), ("[1,[2],{}]", [1, [2], [:]]), (#"{"a":{"b":[null]},"c":"d"}"#, ["a": ["b": [nil]], "c": "d"]),
            (#"{"a":1,"a":2}"#, ["a": 2]), ("\t[\r\n1 , 2 ]\n", [1, 2]), (#""é\#u{2028}""#, "é\u{2028}"),
        ] as [(String, JSONValue)])
    func `values are read`(text: String, expected: JSONValue) throws {
        #expect(try parse(text) == expected)
    }

    @Test(arguments: [
        "", " ", "nul", "truee", "01", "-", "1.", ".5", "1e", "+1", "'a'", #""a"#, #""\x""#, #""\u12""#, #""\u12g4""#,
        "[1",
        "[1,]", "[,1]", "{", #"{"a"}"#, #"{"a":}"#, #"{"a":1,}"#, "{a:1}", "[1 2]", "1 2", "\"a\nb\"", "\"\u{1}\"",

        "NaN", "Infinity", "[]]", "//", String(repeating: "1", count: 500),
    ])
    func `what is no JSON is malformed`(text: String) {
        #expect {
            try parse(text)
        } throws: { error in
            guard case .malformed? = error as? JSONParser.Failure else { return false }
            return true
        }
    }

    @Test(arguments: [
        (#""\ud800""#, "\u{fffd}"), (#""\udc00x""#, "\u{fffd}x"), (#""\ud800\ud800""#, "\u{fffd}\u{fffd}"),
        (#""\ud800A""#, "\u{fffd}A"), (#""\ud800\n""#, "\u{fffd}\n"),
    ])
    func `a surrogate without its other half becomes U+FFFD`(text: String, expected: String) throws {
        #expect(try parse(text) == .string(expected))
    }

    @Test(
        arguments: [[0x22, 0xff, 0x22], [0x22, 0xc0, 0x80, 0x22], [0x22, 0xed, 0xa0, 0x80, 0x22], [0xef]] as [[UInt8]])
    func `bytes that are not UTF-8 are refused as such`(bytes: [UInt8]) {
        #expect(throws: JSONParser.Failure.notUTF8) { try JSONParser.parse(bytes.span) }
    }

    @Test(arguments: ["[", #"{"a":"#]) func `nesting is bounded`(opening: String) throws {
        let closing = opening == "[" ? "]" : "}"
        func nested(_ depth: Int) -> String {
            String(repeating: opening, count: depth - 1) + (opening == "[" ? "[]" : "{}")
                + String(repeating: closing, count: depth - 1)
        }
        _ = try parse(nested(JSONParser.depthLimit))
        #expect(throws: JSONParser.Failure.tooDeep) { try parse(nested(JSONParser.depthLimit + 1)) }
        #expect(throws: JSONParser.Failure.tooDeep) { try parse(String(repeating: opening, count: 1_000_000)) }
    }

    @Test(arguments: [#""\ud800""#, #""a\udc00b""#, #""\ud800\ud800""#])
    func `hidden text with half of a surrogate pair is broken, and what follows it is read`(text: String) throws {
        let parsed = try parse(#"{"value":\#(text),"other":1}"#, hiding: ["value"])
        #expect(parsed == ["value": .broken, "other": 1])
    }

    @Test(arguments: [("1e400", 1.0), ("-1e400", -1.0), ("1" + String(repeating: "0", count: 380), 1.0)])
    func `a number beyond all doubles is the greatest`(text: String, sign: Double) throws {
        #expect(try parse(text) == .number(sign * .greatestFiniteMagnitude))
    }

    @Test(arguments: ["-0", "-0.0", "-0e1"]) func `a zero below zero stays one when it is written and read again`(
        text: String
    ) throws {
        #expect(JSONText.encode(try parse(text)) == "-0")
    }

    @Test func `the text of hidden members goes to guarded memory, decoded, and is never written`() throws {
        let value = try parse(#"{"value":"a\u00e9\"\ud83d\ude00","other":{"value":7}}"#, hiding: ["value"])
        guard case .hidden(let secret) = value["value"] else { throw JSONParser.Failure.notUTF8 }
        #expect(secret.bytes.withSpan { span in (0..<span.count).map { span[$0] } } == Array("aé\"😀".utf8))
        #expect(value["other"] == ["value": 7])
        #expect(JSONText.encode(value) == #"{"other":{"value":7},"value":null}"#)
    }

    @Test func `guarded memory is not made without bound`() {
        let members = Array(repeating: #"{"value":"x"}"#, count: JSONParser.hiddenLimit + 1).joined(separator: ",")
        #expect(throws: JSONParser.Failure.tooManyHidden) { try parse("[\(members)]", hiding: ["value"]) }
    }

    @Test func `what was written is read again`() throws {
        let value: JSONValue = [
            "text": "a\u{0}\u{1f}\"\\/é\u{2028}\u{fffd}😀", "list": [nil, true, -5, .number(0.1)], "": [:],
        ]
        #expect(try JSONParser.parse(JSONText.encode(value)) == value)
        #expect(!JSONText.encode(value).contains("\n"))
    }

    @Test(arguments: 0..<20) func `random bytes are read or refused`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        let alphabet = Array(#"{}[]",:\u0123dDaef-+.eE truefalsn"#.utf8) + [0xc3, 0xa9, 0xff, 0x00, 0x0a]
        let start = Array(#"{"value":"a\ud83d\ude00","b":[1,-2.5e3,true,null],"value":"c"}"#.utf8)
        for _ in 0..<2000 {
            var bytes = Bool.random(using: &generator) ? start : []
            for _ in 0..<Int.random(in: 1...12, using: &generator) {
                let byte = alphabet.randomElement(using: &generator) ?? 0
                let position = Int.random(in: 0...bytes.count, using: &generator)
                if Bool.random(using: &generator), position < bytes.count {
                    bytes[position] = byte
                } else {
                    bytes.insert(byte, at: position)
                }
            }
            guard let value = try? JSONParser.parse(bytes.span) else { continue }
            // 1e0 is written as 1: what counts is that the text stays the same.
            let text = JSONText.encode(value)
            #expect(try JSONText.encode(JSONParser.parse(text)) == text)
        }
    }

    @Test func `moments are written as ISO 8601`() {
        #expect(JSONText.date(0) == "1970-01-01T00:00:00Z")
        #expect(JSONText.date(1_795_564_800) == "2026-11-25T00:00:00Z")
    }
}
