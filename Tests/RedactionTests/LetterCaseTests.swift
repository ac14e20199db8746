internal import Testing

@testable internal import Disguises
@testable internal import Redaction

@Suite struct `A value in another case` {
    private static let changes: [@Sendable (String) -> String] = [
        { $0.uppercased() }, { $0.lowercased() },
        { value in String(value.map { Character($0.isUppercase ? $0.lowercased() : $0.uppercased()) }) },
    ]

    @Test(
        arguments: [
            "kx7Qm2Zr9Lw4TnB8vY3c+Ws1", "b7Zk\"2&q%Y \\-x9Wq", "sunflowers!", "correctHorse", "0123456789abcdef",
        ], 0..<3)
    func `goes however its characters are written`(value: String, change: Int) {
        var numbers = Numbers(seed: change)
        let matcher = makeMatcher(value)
        let changed = Array(Self.changes[change](value).utf8)
        for writing in Disguise.writings {
            let text = Array("a ".utf8) + writing.write(changed, &numbers)
            let result = String(decoding: output(matcher, [text]), as: UTF8.self)
            // The first colour and the first zero byte stay, and what ends the last ones.
            let isGone = result.contains("[redacted:S0]") && result.utf8.count <= "a [redacted:S0]".utf8.count + 9
            #expect(isGone, "\(writing.label) gives \(result.debugDescription)")
        }
    }

    @Test(arguments: ["\r\n", "\n", " "]) func `goes with its line ends written otherwise`(lineEnd: String) {
        let matcher = makeMatcher("kx7Qm2Zr\r\n9Lw4TnB8")
        #expect(redact(matcher, "<KX7QM2ZR\(lineEnd)9LW4TNB8>") == "<[redacted:S0]>")
    }

    /// Words, names, hosts and paths, and what is too short to be sure.
    @Test(arguments: [
        "Summer", "Summertime", "Summer123", "Shop-Production", "Content-Type",
        "Www.Example.Org", "/Usr/Share/Doc", "Admin@Example.Org", "x7Qm2Zr",
    ])
    func `stays where it may be a word`(value: String) {
        let matcher = makeMatcher(value)
        #expect(redact(matcher, "<\(value)>") == "<[redacted:S0]>")
        for change in Self.changes where change(value) != value {
            #expect(redact(matcher, "<\(change(value))>") == "<\(change(value))>")
        }
    }
}
