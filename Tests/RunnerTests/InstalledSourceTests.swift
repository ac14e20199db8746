import Diagnostics
import Linux
import Policy
internal import TestSupport
import Testing

@testable import Runner

/// Policies that others could have written are not believed, whichever way they take part.
struct InstalledSourceTests {
    private static let text = "version = 1\n"
    private static let ordinary: UInt32 = 61_234

    private func places(_ home: String) -> Places {
        Places(home: home, user: "u", data: home + "/d", policies: home + "/policies", runtime: nil)
    }

    /// A home with policies that take part in one another by every way.
    private func home() throws -> TemporaryDirectory {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("policies")
        try tree.write(Self.text, to: "policies/base.toml")
        try tree.write("{\"defaultAction\": \"SCMP_ACT_ALLOW\"}", to: "policies/s.json")
        try tree.write(Self.text + "extends = [\"base\"]\n", to: "policies/byname.toml")
        try tree.write(Self.text + "extends = [\"./base.toml\"]\n", to: "policies/bypath.toml")
        try tree.write(Self.text + "[syscalls]\nprofile = \"s.json\"\n", to: "policies/profiled.toml")
        return tree
    }

    private func setMode(_ path: String, _ mode: UInt32) throws {
        let file = try Files.open(path, [.readOnly])
        try BorrowedDescriptor(file).setPermissions(mode)
    }

    /// What is said of a policy; `nil` where it is used, to run with and to pin.
    private func refusal(_ name: String, _ home: String) -> ErrorReport? {
        do throws(RunError) {
            _ = try PolicyChoice.resolve(names: [name], places: places(home))
        } catch {
            // Nor is it pinned.
            #expect(throws: error) { try PolicyChoice.pin([name], places: places(home)) }
            return error.report
        }
        #expect(throws: Never.self) { try PolicyChoice.pin([name], places: places(home)) }
        return nil
    }

    static let ways: [(name: String, file: String)] = [
        ("base", "base.toml"), ("byname", "base.toml"), ("bypath", "base.toml"), ("profiled", "s.json"), ("base", ""),
        ("byname", ""), ("/base.toml", "base.toml"), ("/bypath.toml", "base.toml"),
    ]

    @Test(arguments: ways) func `what everybody can write is refused by its name`(name: String, file: String) throws {
        let tree = try home()
        let policy = name.hasPrefix("/") ? tree.path("policies" + name) : name
        #expect(refusal(policy, tree.path) == nil)
        let path = tree.path(file.isEmpty ? "policies" : "policies/" + file)
        try setMode(path, file.isEmpty ? 0o777 : 0o666)
        let report = try #require(refusal(policy, tree.path))
        #expect(report.code == .permissionsUnsafe)
        #expect(report.message.contains("\(path): everybody can write it"), "\(report.message)")
        if policy == path { #expect(report.message == "\(path): everybody can write it (mode 666)") }
        #expect(report.hint?.contains("chmod go-w \(path)`") ?? false, "\(report.hint ?? "")")
        #expect(PolicyChoice.listing(places: places(tree.path)).contains { $0.name == "git" })
    }

    static let owners: [(owner: UInt32, group: UInt32, mode: UInt32, says: String?)] = [
        (0, 0, 0o644, nil), (0, 0, 0o664, nil), (0, 0, 0o662, "everybody can write it (mode 662)"), (0, 5, 0o644, nil),
        (0, 5, 0o664, "the group 5 can write it (mode 664)"), (0, ordinary, 0o664, "the group 61234 can write it"),
        (ordinary, ordinary, 0o644, "belongs to another user (61234)"),
        (ordinary, 0, 0o400, "belongs to another user (61234)"), (0, 0, 0o2664, nil),
    ]

    @Test(.requires(.root), arguments: owners)
    func `the owner is the caller or root, and only a group of the owner's own may write`(
        owner: UInt32, group: UInt32, mode: UInt32, says: String?
    ) throws {
        let tree = try home()
        try changeOwner(of: tree.path("policies/base.toml"), to: owner, group: group)
        try setMode(tree.path("policies/base.toml"), mode)
        let report = refusal("base", tree.path)
        #expect(report?.code == says.map { _ in .permissionsUnsafe })
        #expect(report?.message.contains(says ?? "") ?? (says == nil), "\(report?.message ?? "")")
    }

    @Test func `every file that others can write is named at once`() throws {
        let tree = try home()
        try setMode(tree.path("policies/base.toml"), 0o666)
        try setMode(tree.path("policies/s.json"), 0o666)
        try tree.write(Self.text + "extends = [\"base\", \"profiled\"]\n[oops]\n", to: "policies/both.toml")
        let report = try #require(refusal("both", tree.path))
        #expect(report.code == .permissionsUnsafe)
        for name in ["base.toml", "s.json"] {
            #expect(report.message.contains(name) && report.hint?.contains(name) ?? false, "\(report)")
        }
    }

    @Test func `a link leads to what is looked at`() throws {
        let tree = try home()
        try tree.write(Self.text, to: "elsewhere", mode: 0o666)
        try Files.makeSymbolicLink(to: "../elsewhere", at: tree.path("policies/link.toml"))
        #expect(refusal("link", tree.path)?.code == .permissionsUnsafe)
        try setMode(tree.path("elsewhere"), 0o644)
        #expect(refusal("link", tree.path) == nil)
    }

    @Test func `what is no regular file is said to be none`() throws {
        let tree = try home()
        try tree.makePipe("policies/ff.toml")
        try tree.makeDirectory("policies/dir.toml")
        try tree.write(Self.text + "extends = [\"ff\"]\n", to: "policies/on.toml")
        for (name, path) in [
            ("ff", "ff.toml"), (tree.path("policies/ff.toml"), "ff.toml"), ("dir", "dir.toml"), ("on", "ff.toml"),
        ] {
            let report = try #require(refusal(name, tree.path))
            #expect(report.code == .policyInvalid)
            #expect(report.message.hasSuffix("\(tree.path("policies/" + path)): is not a regular file"), "\(report)")
        }
        // The control: what is not there is still missed by its name.
        #expect(
            refusal("bases", tree.path)?.message == "bases:1:1: there is no policy \"bases\"; did you mean \"base\"?")
    }

    @Test func `a pin whose file others can write since is told as changed`() throws {
        let tree = try home()
        let pin = try PolicyChoice.pin(["base"], places: places(tree.path))
        #expect(PolicyChoice.changed(since: pin, places: places(tree.path)) == [])
        try setMode(tree.path("policies/base.toml"), 0o666)
        #expect(PolicyChoice.changed(since: pin, places: places(tree.path)) == ["base"])
    }
}
