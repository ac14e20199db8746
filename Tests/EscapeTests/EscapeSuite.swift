internal import TestSupport
internal import Testing

/// Every attack, first tried outside: there it must succeed, or "denied" would only mean "missing".
@Suite(.requires(.binary, .root, .userNamespaces, .command("python3"), .command("cc"), .landlock(version: 6)))
struct EscapeSuite {
    /// An attack of a class, as one case of the test.
    struct Case: Sendable, CustomTestStringConvertible {
        let attackClass: AttackClass
        let attack: Attack
        var testDescription: String { "\(attackClass.rawValue): \(attack.name)" }
    }

    static let cases = AttackClass.allCases.flatMap { each in each.attacks.map { Case(attackClass: each, attack: $0) } }

    @Test(arguments: cases) func `an attack that works outside comes to nothing inside`(each: Case) async throws {
        let outcomes = try await AttackRuns.shared.outcomes(of: each.attackClass)
        let attack = each.attack
        let control = try #require(outcomes.controls[attack.name], "\(outcomes.complaint)")
        #expect(control == "worked", "the attack, or its harmless twin, must work where nothing stops it")
        let inside = try #require(outcomes.inside[attack.name], "\(outcomes.complaint)")
        if let reason = attack.knownIssue {
            withKnownIssue("\(reason)") { #expect(attack.inside.contains(inside), "it ended with \(inside)") }
        } else {
            #expect(attack.inside.contains(inside), "it ended with \(inside)\n\(outcomes.complaint)")
        }
    }

    @Test func `there are at least 80 attacks, some in every class, each under its own name`() {
        #expect(Self.cases.count >= 80)
        for each in AttackClass.allCases {
            #expect(each.attacks.count >= 5, "\(each.rawValue)")
            #expect(Set(each.attacks.map(\.name)).count == each.attacks.count, "\(each.rawValue)")
        }
    }
}
