import Policy
internal import TestSupport
import Testing
import Vault

@testable import Runner

/// The texts that are pinned to an app: what was written is read, and damage takes away and adds nothing.
struct PinnedSourceTests {
    static let texts: [String: [UInt8]] = [
        "default": Array("version = 1\n".utf8), "./a.toml": [], "ünï": [0, 0xFF, 0x0A, 0x31, 0x0A],
    ]

    private func read(_ bytes: [UInt8]) -> [String: [UInt8]] {
        let source = PinnedSource(PinnedPolicy(sources: ["default"], text: bytes))
        return Dictionary(uniqueKeysWithValues: source.names.map { ($0, source.text(of: $0)?.bytes ?? []) })
    }

    @Test func `texts come back as they were`() {
        #expect(read(PinnedSource.encode(Self.texts)) == Self.texts)
        #expect(read(PinnedSource.encode([:])) == [:])
        let source = PinnedSource(PinnedPolicy(sources: [], text: PinnedSource.encode(Self.texts)))
        #expect(source.text(of: "default")?.source == "pinned default")
        #expect(source.text(of: "git") == nil)
    }

    @Test func `texts that are cut anywhere are read up to the cut`() {
        let whole = PinnedSource.encode(Self.texts)
        for length in 0..<whole.count {
            let texts = read(Array(whole[..<length]))
            #expect(texts.count < Self.texts.count)
            for (name, text) in texts { #expect(Self.texts[name] == text) }
        }
    }

    @Test(arguments: [
        "-1\na1\nb", "9223372036854775807\na", "99999999999999999999\n", "\n\n", "x\n", "1", "1\n", "2\na\n",
    ])
    func `a length that lies gives nothing`(text: String) {
        #expect(read(Array(text.utf8)) == [:])
    }

    @Test func `random bytes never crash the reader`() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<2000 {
            let bytes = (0..<Int.random(in: 0...60, using: &generator)).map { _ in
                let digits = Array("0123456789\n-".utf8)
                return digits.randomElement(using: &generator) ?? 0
            }
            #expect(read(bytes).values.allSatisfy { $0.count <= bytes.count })
        }
    }
}
