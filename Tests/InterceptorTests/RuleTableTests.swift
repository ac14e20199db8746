internal import Testing

@testable import Interceptor

/// The published table of rules.
struct RuleTableTests {
    @Test func `every rule stands in the table once, under its own name`() {
        #expect(Rule.table.map(\.id) == RuleID.allCases)
        for id in RuleID.allCases { #expect(Rule.of(id).id == id) }
    }
}
