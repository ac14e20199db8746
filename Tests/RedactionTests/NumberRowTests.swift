internal import Testing

@testable internal import Redaction

@Suite struct `Numbers that end in a colon` {
    @Test func `are read to their end`() {
        let text = Array(" 0  12 120 :".utf8)
        #expect(output(makeMatcher("LIix6MEOLeMa61EqJomTEI1JE"), text.map { byte in [byte] }) == text)
        #expect(makeMatcher("LIix6MEOLeMa61EqJomTEI1JE").redact(text.span) == text)
    }
}
