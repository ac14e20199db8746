internal import Testing

@testable internal import Redaction

@Suite struct GapTests {
    @Test(arguments: ["", "12345", "  abc  ", "\n\n\n\n\n\n\n"])
    func `A value under the minimum is left alone and named`(value: String) {
        #expect(whyNotRedacted(Array(value.utf8).span) == .tooShort(minimum: 6))
        let matcher = makeMatcher([value, "long-enough"])
        #expect(matcher.notRedacted == ["S0"])
        #expect(matcher.redact("12345 abc long-enough") == "12345 abc [redacted:S1]")
    }

    @Test(arguments: ["password", "LocalHost", " production\n"])
    func `A common word is left alone in any case`(value: String) {
        #expect(whyNotRedacted(Array(value.utf8).span) == .tooCommon)
        #expect(makeMatcher([value]).patternCount == 0)
    }

    @Test func `A lower minimum allows short values, even shorter than the filter's sequences`() {
        #expect(makeMatcher(["ab", "xyz"], minimum: 2).redact("cab.xyzz") == "c[redacted:S0].[redacted:S1]z")
    }

    @Test func `White space around a value does not hide it`() {
        #expect(makeMatcher(["  spaced-out\n"]).redact("[spaced-out]") == "[[redacted:S0]]")
    }

    @Test func `Ordinary text stays as it is`() {
        let text = "GET /index.html 200 in 3.1 ms; correct horses need batteries, 0x7f and dGhlIG90aGVy too.\n"
        #expect(makeMatcher(["correct horse battery", "f00ba4-b4zqux"]).redact(text) == text)
    }
}
