internal import TestSupport
internal import Testing

/// Attacks that an ordinary user is tried with too, since another rule of the kernel's stops them.
@Suite(.requires(.binary, .root, .userNamespaces, .command("python3"))) struct OrdinaryUserTests {
    @Test(arguments: [DescriptorAttacks.standardInput, ResourceAttacks.processes])
    func `an attack that works outside comes to nothing inside`(attacks: [Attack]) throws {
        let outcomes = try AttackRun.outcomes(of: attacks, user: TestHome.ordinaryUser)
        for attack in attacks {
            #expect(outcomes.controls[attack.name] == "worked", "\(attack.name) \(outcomes.complaint)")
            let inside = try #require(outcomes.inside[attack.name], "\(outcomes.complaint)")
            #expect(attack.inside.contains(inside), "\(attack.name) ended with \(inside)")
        }
    }
}
