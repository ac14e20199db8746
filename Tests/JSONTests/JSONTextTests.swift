import JSON
import Testing

/// The text of values: what acts on a terminal or in a log stands in it as an escape, and nothing is lost.
struct JSONTextTests {
    private static let active: [ClosedRange<UInt32>] = [
        0x00...0x1F, 0x7F...0x9F, 0x61C...0x61C, 0x200E...0x200F, 0x2028...0x202E, 0x2066...0x2069, 0xFEFF...0xFEFF,
    ]

    private static func isActive(_ scalar: Unicode.Scalar) -> Bool { active.contains { $0.contains(scalar.value) } }

    @Test func `no character that acts on a terminal stands raw, and each comes back`() throws {
        // Every scalar but the surrogates up to the end of the emoji, in texts that are not all of one length.
        for start in stride(from: UInt32(0), to: 0x1FC00, by: 257) {
            let scalars = (start..<start + 257).compactMap { Unicode.Scalar($0) }
            var text = ""
            text.unicodeScalars.append(contentsOf: scalars)
            let json = JSONText.encode(["a": text])
            #expect(!json.unicodeScalars.contains(where: Self.isActive), "from \(String(start, radix: 16))")
            #expect(try JSONParser.parse(json) == ["a": .string(text)], "from \(String(start, radix: 16))")
        }
    }

    @Test(arguments: [
        ("a\u{7F}b", #""a\u007fb""#), ("\u{9B}31m", #""\u009b31m""#),
        ("\u{80}\u{9F}\u{A0}", "\"\\u0080\\u009f\u{A0}\""),
        ("x\u{202E}y\u{2066}z", #""x\u202ey\u2066z""#), ("\u{2028}\u{2029}", #""\u2028\u2029""#),
        ("\u{FEFF}", #""\ufeff""#), ("\u{61C}\u{200E}\u{200F}", #""\u061c\u200e\u200f""#),
        ("é“—”…é\u{200D}", "\"é“—”…é\u{200D}\""), ("\u{1F600}\u{FEFE}\u{FF00}", "\"\u{1F600}\u{FEFE}\u{FF00}\""),
        (#"\u0085"#, #""\\u0085""#),
    ])
    func `escapes are those of RFC 8259, and ordinary characters stay`(text: String, json: String) {
        #expect(JSONText.encode(JSONValue.string(text)) == json)
    }

    @Test func `names are escaped like values`() {
        #expect(JSONText.encode(["\u{85}\u{202E}": 1]) == #"{"\u0085\u202e":1}"#)
    }
}
