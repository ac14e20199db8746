internal import Diagnostics
internal import Policy
internal import Secrets

/// A secret that opens nothing, made up for one run: whoever reads everything there is and passes it on is noticed.
internal struct Decoy: Equatable {
    /// The name of the variable that holds it.
    let name: String

    /// The decoys of a policy, none of which may be the name of a secret or a variable of one.
    static func select(_ policy: Policy, beside selected: [SelectedSecret]) throws(RunError) -> [Decoy] {
        let taken = Set(selected.flatMap { [$0.name, $0.variable] })
        for item in policy.redaction.decoys where taken.contains(item.text) {
            throw .part(
                ErrorReport(
                    .policyInvalid, "\(item.origin): the decoy \(item.text) has the name of a secret of this run",
                    hint: "take it out of [redaction] decoys, or leave the secret out"))
        }
        return policy.redaction.decoys.map { Decoy(name: $0.text) }
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ".utf8)
    private static let digits = Array("0123456789".utf8)
    private static let word = letters + Array("abcdefghijklmnopqrstuvwxyz".utf8) + digits
    private static let base64 = word + Array("+/".utf8)

    /// What a name lets a thief expect: a fixed beginning, random characters, a fixed end.
    private static let shapes: [(part: String, start: String, characters: [UInt8], count: Int, end: String)] = [
        ("AWS_ACCESS_KEY_ID", "AKIA", letters + Array("234567".utf8), 16, ""),
        ("AWS_SECRET", "", base64, 40, ""),
        ("GITHUB", "ghp_", word, 36, ""), ("GH_TOKEN", "ghp_", word, 36, ""),
        ("GITLAB", "glpat-", word, 20, ""), ("NPM", "npm_", word, 36, ""),
        ("ANTHROPIC", "sk-ant-api03-", word, 95, ""), ("OPENAI", "sk-proj-", word, 48, ""),
        ("STRIPE", "sk_live_", word, 24, ""), ("SLACK", "xoxb-", digits, 24, ""),
        ("DATABASE_URL", "postgres://app:", word, 24, "@db.internal:5432/app"),
    ]

    /// A new value of the shape that the name suggests.
    func makeValue() -> SecretBytes {
        let shape = Self.shapes.first { name.contains($0.part) }
        let (start, end) = (Array((shape?.start ?? "").utf8), Array((shape?.end ?? "").utf8))
        let characters = shape?.characters ?? Self.word
        let count = shape?.count ?? 40
        var generator = SystemRandomNumberGenerator()
        return SecretBytes(count: start.count + count + end.count) { span in
            for index in 0..<span.count {
                if index < start.count {
                    span[index] = start[index]
                } else if index < start.count + count {
                    span[index] = characters[Int.random(in: 0..<characters.count, using: &generator)]
                } else {
                    span[index] = end[index - start.count - count]
                }
            }
        }
    }
}
