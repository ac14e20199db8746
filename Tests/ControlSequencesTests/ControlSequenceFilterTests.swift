import Redaction
import Secrets
import TestSupport
import Testing

@testable import ControlSequences

/// What passes on its way to a terminal, and what does not.
struct ControlSequenceFilterTests {
    /// What the filter makes of a text that comes in these pieces.
    static func filtered(_ pieces: [[UInt8]]) -> [UInt8] {
        var filter = ControlSequenceFilter()
        var output = SecretArray<UInt8>()
        for piece in pieces { filter.write(piece.span, to: &output) }
        return (0..<output.count).map { output[$0] }
    }

    static func filtered(_ text: String) -> String {
        String(decoding: filtered([Array(text.utf8)]), as: UTF8.self)
    }

    /// What passes as it is.
    static let passing = [
        "plain text\r\n\ttab\u{8}\u{7}", "ümläut 日本語 ✅ e\u{301}\u{A0}", "\u{1B}[31mred\u{1B}[0m", "\u{1B}[m",
        "\u{1B}[38;2;255;128;0;48;5;17;1;4m", "\u{1B}[38:2::255:128:0m", "\u{1B}[4:3m", "\u{1B}[2J\u{1B}[H",
        "\u{1B}[10;20H\u{1B}[3A\u{1B}[K\u{1B}[?K\u{1B}[1;24r",
        "\u{1B}[?1049h\u{1B}[?25l\u{1B}[?2004h\u{1B}[?1000;1006h",
        "\u{1B}7\u{1B}8\u{1B}=\u{1B}>\u{1B}M\u{1B}c", "\u{1B}(0lqqk\u{1B}(B\u{1B})0\u{E}x\u{F}", "\u{1B}#8",
        "\u{1B}[c\u{1B}[>c\u{1B}[6n\u{1B}[5n\u{1B}[18t\u{1B}[?2026$p", "\u{1B}[22;0;0t\u{1B}[23;0;0t", "\u{1B}[2 q",
        "\u{1B}[!p\u{1B}[4h\u{1B}[>4;2m", "\u{1B}]0;a title\u{7}", "\u{1B}]11;#202020\u{7}\u{1B}]104\u{7}",
        "\u{1B}]8;;https://example.org/\u{7}link\u{1B}]8;;\u{7}",
    ]

    @Test(arguments: passing) func `what draws passes as it is`(text: String) {
        #expect(Self.filtered(text) == text)
    }

    /// What must not pass, and what is left of it.
    static let kept: [(name: String, text: String, left: String)] = [
        ("title report", "\u{1B}[21t", ""), ("icon label report", "\u{1B}[20t", ""),
        ("title report behind a harmless one", "\u{1B}[18;21t", ""), ("moving the window", "\u{1B}[3;0;0t", ""),
        ("answerback", "a\u{5}b", "ab"), ("NUL, DEL and other controls", "a\u{0}\u{1}\u{7F}\u{11}\u{1C}b", "ab"),
        ("clipboard", "a\u{1B}]52;c;cm0gLXJm\u{7}b", "ab"),
        ("clipboard ended otherwise", "a\u{1B}]52;c;?\u{1B}\\b", "ab"),
        ("clipboard that a character ends", "a\u{1B}]52;c;?\u{9C}b", "ab"),
        ("a number with zeros", "\u{1B}]052;c;?\u{7}", ""),
        ("question for a colour", "\u{1B}]11;?\u{7}\u{1B}]4;1;?\u{7}", ""), ("font", "\u{1B}]50;?\u{7}", ""),
        ("current folder", "\u{1B}]7;file://h/tmp\u{7}", ""), ("files", "\u{1B}]1337;File=:AAAA\u{7}", ""),
        ("notifications", "\u{1B}]9;x\u{7}\u{1B}]777;notify;a;b\u{7}\u{1B}]99;;x\u{7}", ""),
        ("links to files and to handlers", "\u{1B}]8;;file:///etc/x\u{7}a\u{1B}]8;;ssh://h\u{7}b", "ab"),
        ("setting report", "a\u{1B}P$qm\u{1B}\\b", "ab"), ("termcap report", "\u{1B}P+q544e\u{1B}\\", ""),
        ("user-defined keys", "\u{1B}P0;1|17/0a\u{1B}\\", ""),
        ("graphics", "\u{1B}Pq#0~~\u{1B}\\\u{1B}_Ga=q;AA\u{1B}\\", ""),
        ("strings for nobody", "a\u{1B}Xhidden\u{1B}\\b\u{1B}^hidden\u{1B}\\c\u{1B}ktitle\u{1B}\\d", "abcd"),
        ("checksum of the screen", "\u{1B}[1;1;1;1;1;1*y", ""), ("terminal parameters", "\u{1B}[x", ""),
        ("third answer to who it is", "\u{1B}[=c", ""), ("name and version", "\u{1B}[>q", ""), ("DECID", "\u{1B}Z", ""),
        ("printer", "\u{1B}[5i\u{1B}[?5i", ""), ("locator", "\u{1B}[1'z\u{1B}['|", ""),
        ("other reports of the status", "\u{1B}[?15n\u{1B}[?26n\u{1B}[?63n\u{1B}[?996n\u{1B}[7n", ""),
        ("keyboard lock and echo", "\u{1B}[2h\u{1B}[12l\u{1B}[20h", ""),
        ("the parsers of other terminals", "\u{1B}[?2l\u{1B}[?38h", ""), ("highlight tracking", "\u{1B}[?1001h", ""),
        ("one mode among others", "\u{1B}[?1049;38;2004h", "\u{1B}[?1049;2004h"),
        ("leaving UTF-8", "\u{1B}%@\u{1B}%G", ""), ("8-bit answers", "\u{1B} G", ""),
        ("saved modes", "\u{1B}[?1r\u{1B}[?1s", ""), ("the keyboard's protocol", "\u{1B}[>1u\u{1B}[?u", ""),
        ("upper half, as characters", "\u{9B}21t\u{9D}52;c;?\u{9C}\u{90}x\u{85}", "21t52;c;?x"),
        ("a control character within a sequence", "\u{1B}[3\u{8}1m\u{1B}[2\u{5}1t", "\u{8}\u{1B}[31m"),
        ("a sequence that another one breaks off", "\u{1B}[2\u{1B}[1m1t", "\u{1B}[1m1t"),
        ("a sequence that is cancelled", "\u{1B}[2\u{18}1t\u{1B}]52;\u{1A}c", "1tc"),
        ("an introducer parted by what goes", "\u{1B}\u{9B}[21t", "[21t"),
        ("the palette of Linux's console", "\u{1B}]P0aabbcctext\u{1B}]Rmore", "textmore"),
        ("too many parameters", "\u{1B}[" + String(repeating: "1;", count: 40) + "1m", ""),
        ("numbers without end", "\u{1B}[99999999999999999999999A", ""),
        ("a title with a sequence in it", "\u{1B}]0;a\u{1B}[21tb\u{7}c", "b\u{7}c"),
        ("a title with other controls in it", "\u{1B}]2;a\r\nb\u{9B}c\u{5}\u{7}", "\u{1B}]2;abc\u{7}"),
        ("a repetition, which is written out", "ab\u{1B}[3bc\u{1B}[b", "abbbbcc"),
    ]

    @Test(arguments: kept) func `what acts on the caller's terminal does not pass`(
        row: (name: String, text: String, left: String)
    ) {
        #expect(Self.filtered(row.text) == row.left, "\(row.name)")
    }

    @Test func `bytes that are no characters pass unless they are control characters elsewhere`() {
        let cases: [([UInt8], [UInt8])] = [
            ([0x9B, 0x32, 0x31, 0x74], [0x32, 0x31, 0x74]), ([0xC2, 0x41], [0xC2, 0x41]),
            ([0xFF, 0xA5], [0xFF, 0xA5]),
            // Longer than it must be, and half of a pair of UTF-16.
            ([0xE0, 0x82, 0x9B, 0x41], [0xE0, 0x41]), ([0xED, 0xA0, 0x80], [0xED, 0xA0]),
            ([0xE2, 0x9C, 0x85], [0xE2, 0x9C, 0x85]), ([0xE2, 0x9C, 0x41], [0xE2, 0x41]),
            ([0xC2, 0xC2, 0x9B, 0x41], [0xC2, 0x41]),
        ]
        for (input, output) in cases { #expect(Self.filtered([input]) == output) }
    }

    @Test func `a title is cut between two characters`() {
        let title = Self.filtered("\u{1B}]0;" + String(repeating: "日", count: 400) + "\u{7}")
        #expect(title == "\u{1B}]0;" + String(repeating: "日", count: 18) + "\u{7}")
    }

    @Test func `the result does not depend on how the text was cut`() {
        var generator = SeededGenerator(seed: 4)
        let texts = Self.passing + Self.kept.map(\.text)
        for _ in 0..<2000 {
            var text = Array(
                (0..<4).flatMap { _ in texts.randomElement(using: &generator).map { Array($0.utf8) } ?? [] })
            // Damage makes ends and starts that nobody thought of.
            for _ in 0..<3 {
                text[Int.random(in: text.indices, using: &generator)] = .random(in: 0...255, using: &generator)
            }
            let whole = Self.filtered([text])
            #expect(Self.filtered(text.map { [$0] }) == whole)
            let cut = Int.random(in: text.indices, using: &generator)
            #expect(Self.filtered([Array(text[..<cut]), Array(text[cut...])]) == whole)
            // A character that was begun last is held: what follows decides about it.
            #expect(Self.filtered([whole, [0x2E]]) == whole + [0x2E], "what passed passes again")
        }
    }

    @Test func `a sequence without end takes no memory and what follows it is shown`() {
        var filter = ControlSequenceFilter()
        var output = SecretArray<UInt8>()
        let start = Array("\u{1B}]52;c;".utf8)
        filter.write(start.span, to: &output)
        let blob = [UInt8](repeating: 0x41, count: 1 << 16)
        for _ in 0..<100 { filter.write(blob.span, to: &output) }
        #expect(output.count == 0)
        let end = Array("\u{7}text".utf8)
        filter.write(end.span, to: &output)
        #expect((0..<output.count).map { output[$0] } == Array("text".utf8))
    }

    @Test func `a repetition is bounded`() {
        #expect(Self.filtered("a\u{1B}[99999b").count == 1025)
        #expect(Self.filtered("\u{1B}[5b") == "")
    }

    @Test func `what a program leaves set is undone`() {
        var filter = ControlSequenceFilter()
        var output = SecretArray<UInt8>()
        let text = Array("\u{1B}[?1049;1006h\u{1B}[?25l\u{1B}[?2004h\u{1B}[?2004l\u{1B}[?7h".utf8)
        filter.write(text.span, to: &output)
        #expect(filter.undoing() == Array("\u{1B}[?25h\u{1B}[?1006l\u{1B}[?1049l".utf8))
    }

    @Test func `a redactor looks behind every sequence that passes`() {
        let value = Array("correct-horse-battery".utf8)
        let matcher = Matcher(secrets: [
            RedactionSecret(name: "S", value: SharedSecret(SecretBytes(copying: value.span)))
        ])
        let longest = [
            "\u{1B}]0;" + String(repeating: "t", count: 500) + "\u{7}",
            "\u{1B}]8;;https://" + String(repeating: "u", count: 49) + "\u{7}",
            "\u{1B}[" + String(repeating: "1;", count: 29) + "1m",
            "\u{1B}]11;" + String(repeating: "a", count: 57) + "\u{7}",
        ]
        for sequence in Self.passing.filter({ $0.utf8.first == 0x1B }) + longest {
            let passed = Self.filtered(sequence)
            // What is drawn between the halves parts them for a reader, too.
            guard passed.utf8.first == 0x1B, !passed.contains("link"), !passed.contains("lqqk"), !passed.contains("red")
            else { continue }
            let text = value[..<9] + Array(passed.utf8) + value[9...]
            let shown = String(decoding: matcher.redact(Array(text).span), as: UTF8.self)
            #expect(shown == "[redacted:S]", "\(passed.debugDescription)")
        }
    }
}
