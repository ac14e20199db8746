internal import Diagnostics
internal import Testing

@testable import Interceptor

/// The published table of rules.
struct RuleTableTests {
    @Test func `every rule stands in the table once, under its own name`() {
        #expect(Rule.table.map(\.id) == RuleID.allCases)
        for id in RuleID.allCases { #expect(Rule.of(id).id == id) }
    }

    @Test(arguments: RuleID.allCases) func `a rule finds its own example and lets its alternative pass`(id: RuleID) {
        let rule = Rule.of(id)
        let example = CorpusLine(number: 0, command: rule.example, rule: nil).verdict()
        #expect(example.findings.map(\.rule) == [id], "\(example.findings.map(\.summary))")
        let alternative = CorpusLine(number: 0, command: rule.alternative, rule: nil).verdict()
        #expect(alternative.isClean, "\(alternative.findings.map(\.summary))")
    }

    @Test(arguments: RuleID.allCases) func `a refusal says what, where, why and what to do instead`(id: RuleID) throws {
        let verdict = CorpusLine(number: 0, command: Rule.of(id).example, rule: nil).verdict()
        let report = try #require(verdict.refusal)
        #expect(report.code == .commandBlocked)
        #expect(report.message.hasPrefix("vault_run blocked: \(id.rawValue): "))
        #expect(report.message.contains(Rule.of(id).reason))
        #expect(report.hint?.contains(Rule.of(id).advice) == true)
        #expect(!report.message.contains(Rule.exampleValue))
        #expect(!report.message.contains("ghp_"))
    }
}
