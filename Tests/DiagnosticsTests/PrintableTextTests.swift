import Diagnostics
import Testing

struct PrintableTextTests {
    @Test(
        arguments: zip(
            ["plain ü 中 e\u{301}", "a\tb\n", "\u{1b}[31m", "\u{7f}\u{9b}1m", "a\u{202e}b\u{200b}c\u{2028}", ""],
            [
                "plain ü 中 e\u{301}", "a\\u{9}b\\u{a}", "\\u{1b}[31m", "\\u{7f}\\u{9b}1m",
                "a\\u{202e}b\\u{200b}c\\u{2028}", "",
            ]))
    func `what commands a terminal is written out, and all else stays`(text: String, expected: String) {
        #expect(printable(text) == expected)
    }
}
