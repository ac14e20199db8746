internal import TestSupport
internal import Testing

/// The attacks once more with one layer left out at a time, which only a debug binary can do: `make escape`.
@Suite(
    .requires(.binary, .root, .userNamespaces, .command("python3"), .command("cc"), .landlock(version: 6)),
    .enabled(if: environmentVariable("VAULT_SANDBOX_ESCAPE_TABLE") == "1", "make escape runs it"))
struct LayerTests {
    /// The layers as the launcher's debug build names them.
    static let layers = [
        "landlock", "filter", "capabilities", "masks", "readOnly", "network", "limits", "undumpable", "environment",
    ]

    /// What came of one attack.
    private struct Row {
        let attackClass: AttackClass
        let name: String
        /// The layers without which it works.
        var held: [String] = []
        /// The layers without which it ends otherwise, but does not work.
        var felt: [String] = []
    }

    @Test func `each layer stops attacks, and the table says which`() throws {
        var rows: [Row] = []
        for attackClass in AttackClass.allCases {
            let attacks = attackClass.attacks.filter { $0.knownIssue == nil }
            let whole = try AttackRun.outcomes(of: attacks, controls: false).inside
            var found = attacks.map { Row(attackClass: attackClass, name: $0.name) }
            for layer in Self.layers {
                let without = try AttackRun.outcomes(
                    of: attacks, controls: false, variables: ["VAULT_SANDBOX_TEST_WITHOUT": layer])
                for index in attacks.indices {
                    let name = attacks[index].name
                    guard let outcome = without.inside[name], outcome != whole[name] else { continue }
                    if outcome == "worked" { found[index].held.append(layer) } else { found[index].felt.append(layer) }
                }
            }
            for row in found { #expect(whole[row.name] != "worked", "\(row.name) works with every layer") }
            rows += found
        }
        print(Self.table(rows))
        // A layer that none of the attacks feels would be one that no test sees fail.
        for layer in Self.layers {
            #expect(rows.contains { $0.held.contains(layer) || $0.felt.contains(layer) }, "nothing feels \(layer)")
        }
    }

    /// The table, and behind it the attacks that the loss of one layer lets through.
    private static func table(_ rows: [Row]) -> String {
        func line(_ fields: [String]) -> String { "| " + fields.joined(separator: " | ") + " |" }
        func words(_ layers: [String]) -> String { layers.isEmpty ? "-" : layers.joined(separator: ", ") }
        var lines = [line(["class", "attack", "works without", "ends otherwise without"])]
        lines.append("| --- | --- | --- | --- |")
        lines += rows.map { line([$0.attackClass.rawValue, $0.name, words($0.held), words($0.felt)]) }
        let alone = rows.filter { !$0.held.isEmpty }
        lines += ["", "\(alone.count) of \(rows.count) attacks work where one layer is left out; by that layer:"]
        for layer in layers {
            let names = alone.filter { $0.held.contains(layer) }.map(\.name)
            if !names.isEmpty { lines.append("- \(layer): \(names.joined(separator: "; "))") }
        }
        return lines.joined(separator: "\n")
    }
}
