internal import Foundation
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

    @Test func `A large value goes in its usual forms as a whole`() {
        let value = (0..<9000).map { (number: Int) -> UInt8 in UInt8(33 + (number * number + number / 7) % 90) }
        let matcher = makeMatcher([value.text])
        #expect(matcher.patternCount <= 17)
        let hex = Array(value.map { String($0, radix: 16) }.joined().utf8)
        for form in [value, hex, Array(Data(value).base64EncodedData())] {
            #expect(matcher.redact([1] + form + [2]).text == "\u{1}[redacted:S0]\u{2}")
        }
        let shifted = Array(Data([UInt8(7)] + value).base64EncodedData())
        #expect(matcher.redact(shifted).text == String(shifted.text.prefix(2)) + "[redacted:S0]")
    }
}
