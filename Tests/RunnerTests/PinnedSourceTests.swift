import Linux
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

/// Policies that extend files by relative paths.
struct RelativePolicyTests {
    private func places(_ home: String) -> Places {
        Places(home: home, user: "u", data: home + "/d", policies: home + "/policies", runtime: nil)
    }

    private static let base = "version = 1\n[process]\nset_env = { MARK = \"own\" }\n"

    @Test func `a relative path starts in the folder of the policy that has it, wherever the caller is`() throws {
        let tree = try TemporaryDirectory()
        for folder in ["policies/parts", "project/sub"] { try tree.makeDirectory(folder) }
        try tree.write("version = 1\nextends = [\"./parts/base.toml\"]\n", to: "policies/mine.toml")
        try tree.write("version = 1\nextends = [\"../more.toml\"]\n", to: "policies/parts/base.toml")
        try tree.write(Self.base, to: "policies/more.toml")
        try tree.write("version = 1\nextends = [\"base.toml\"]\n", to: "project/sub/p.toml")
        try tree.write(Self.base, to: "project/sub/base.toml")
        for name in ["mine", tree.path("policies/mine.toml"), tree.path("project/sub/p.toml")] {
            let policy = try PolicyChoice.resolve(names: [name], places: places(tree.path))
            #expect(policy.process.setEnvironment.map(\.value) == ["own"], "\(name)")
        }
    }

    @Test func `a pin keeps what its paths meant`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("policies")
        try tree.write("version = 1\nextends = [\"./base.toml\"]\n", to: "policies/mine.toml")
        try tree.write(Self.base, to: "policies/base.toml")
        let source = PinnedSource(try PolicyChoice.pin(["mine"], places: places(tree.path)))
        #expect(source.names == [tree.path("policies/base.toml"), "mine"])
        removeTree(tree.path("policies"))
        let policy = try PolicyResolver(source).resolve(["mine"])
        #expect(policy.process.setEnvironment.map(\.value) == ["own"])
    }

    @Test func `a pin keeps the seccomp profile that a policy names, and tells that it changed`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("policies")
        try tree.write("version = 1\n[syscalls]\nprofile = \"s.json\"\n", to: "policies/mine.toml")
        try tree.write("{\"defaultAction\": \"SCMP_ACT_KILL\"}", to: "policies/s.json")
        let places = places(tree.path)
        let now = try PolicyChoice.resolve(names: ["mine"], places: places).systemCalls.profile
        #expect(now?.profile.otherwise == .kill)
        let pin = try PolicyChoice.pin(["mine"], places: places)
        #expect(PolicyChoice.changed(since: pin, places: places) == [])
        try tree.write("{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", to: "policies/s.json")
        #expect(PolicyChoice.changed(since: pin, places: places) == [tree.path("policies/s.json")])
        removeTree(tree.path("policies"))
        #expect(try PolicyResolver(PinnedSource(pin)).resolve(["mine"]).systemCalls.profile == now)
    }
}
