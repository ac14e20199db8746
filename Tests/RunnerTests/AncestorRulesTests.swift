import Diagnostics
import Linux
import Sandbox
import TestSupport
import Testing

@testable import Policy
@testable import Runner

/// What a policy takes away in the directories above a work directory.
final class AncestorRulesTests {
    private static let places = Places(home: "/home/u", user: "u", data: "/d", policies: "/p", runtime: nil)
    private let folder: TemporaryDirectory

    init() throws { folder = try TemporaryDirectory() }

    private func rules(
        mask: [String] = [], protect: [String] = [], roots: [String]? = ["r"], in directory: String
    ) throws -> AncestorRules {
        func items(_ texts: [String]) -> [Policy.Item] {
            texts.enumerated().map { index, text in
                let isOptional = text.hasPrefix("?")
                return Policy.Item(
                    text: isOptional ? String(text.dropFirst()) : text, isOptional: isOptional,
                    origin: Policy.Origin(source: "p", line: index + 1, column: 1))
            }
        }
        var policy = Policy(name: "p")
        policy.filesystem.mask = items(mask)
        policy.filesystem.protect = items(protect)
        return try AncestorRules(
            of: policy, roots: roots.map { $0.map { folder.path($0) } }, workDirectory: folder.path(directory),
            places: Self.places)
    }

    private func paths(_ rules: AncestorRules) -> [String] {
        rules.grants.map { String($0.path.dropFirst(folder.path.count + 1)) }
    }

    @Test func `there are none without roots, and none in a root`() throws {
        try folder.makeDirectory("r/a/secrets")
        for (roots, directory) in [(nil, "r/a/secrets"), (["r"], "r"), (["r/a/secrets"], "r/a/secrets")] {
            let found = try rules(mask: ["$WORK_DIR/secrets"], protect: ["$WORK_DIR"], roots: roots, in: directory)
            #expect(found.grants.isEmpty)
        }
    }

    @Test func `each rule is taken from each directory above, and only what moves`() throws {
        try folder.makeDirectory("r/a/b")
        let found = try rules(
            mask: ["?$WORK_DIR/x", "/else", "~/y", "$WORK_DIR/z"], protect: ["$WORK_DIR/p/q"], in: "r/a/b")
        #expect(paths(found) == ["r/x", "r/z", "r/p/q", "r/a/x", "r/a/z", "r/a/p/q"])
        #expect(found.grants.map(\.isOptional) == [true, false, true, true, false, true])
        #expect(found.grants.map(\.origin) == ["p:1:1", "p:4:1", "p:1:1", "p:1:1", "p:4:1", "p:1:1"])
        #expect(found.protectedPaths == [folder.path("r/p/q"), folder.path("r/a/p/q")])
    }

    @Test(arguments: [
        ("$WORK_DIR/a", "r/a"), ("$WORK_DIR/a", "r/a/b/c"), ("$WORK_DIR/b", "r/a/b/c"), ("$WORK_DIR/./x/../a", "r/a"),
        ("$WORK_DIR", "r/a"), ("$WORK_DIR/*", "r/a/b"), ("$WORK_DIR/*/b", "r/a/b/c"), ("$WORK_DIR/link", "r/a/b"),
        ("$WORK_DIR/link/c", "r/a/b/c"),
    ])
    func `a directory at or below what a rule means is refused`(rule: String, directory: String) throws {
        try folder.makeDirectory("r/a/b/c")
        try Files.makeSymbolicLink(to: "a/b", at: folder.path("r/link"))
        for (mask, protect) in [([rule], []), ([], [rule])] {
            let error = #expect(throws: RunError.self) {
                _ = try rules(mask: mask, protect: protect, in: directory)
            }
            guard case .coveredDirectory(let refused, _, let reason) = error else {
                Issue.record("\(String(describing: error))")
                continue
            }
            #expect(refused == folder.path(directory))
            let kind = protect.isEmpty ? "mask" : "protect"
            #expect(reason.hasPrefix("\(kind) = \"\(rule)\" (p:1:1), which holds from "))
            #expect(error?.report.code == .workDirRefused)
        }
    }

    @Test(arguments: [
        ("$WORK_DIR/a", "r/ab"), ("$WORK_DIR/a/b/c", "r/a/b"), ("$WORK_DIR/c", "r/a/b/c"), ("$WORK_DIR/*/c", "r/a/b/c"),
        ("$WORK_DIR/missing", "r/a"),
    ])
    func `a directory beside or above it is not`(rule: String, directory: String) throws {
        try folder.makeDirectory("r/a/b/c")
        try folder.makeDirectory("r/ab")
        if rule == "$WORK_DIR/c" || rule == "$WORK_DIR/*/c" {
            // These mean it in the directory above it.
            #expect(throws: RunError.self) { try rules(mask: [rule], in: directory) }
            #expect(try !rules(mask: [rule], in: "r/a").grants.contains { $0.path == folder.path("r/a") })
        } else {
            #expect(throws: Never.self) { try rules(mask: [rule], protect: [rule], in: directory) }
        }
    }

    @Test func `a path that is spelled out covers what it holds inside the root, and not the root`() throws {
        try folder.makeDirectory("r/a/b")
        for path in ["r/a", "r/a/b"] {
            #expect(throws: RunError.self) { try rules(protect: [folder.path(path)], in: "r/a/b") }
        }
        for path in ["r", "", "r/a/b/c", "r/x"] {
            #expect(try rules(mask: [folder.path + "/" + path], in: "r/a/b").grants.isEmpty)
        }
    }

    @Test func `links are followed as far as there is something, so that what is missing is found where it will be`()
        throws
    {
        try folder.makeDirectory("r/real/deep")
        try Files.makeSymbolicLink(to: "real", at: folder.path("r/link"))
        try Files.makeSymbolicLink(to: "nowhere", at: folder.path("r/real/dangling"))
        let found = try rules(
            protect: ["$WORK_DIR/link/later/x", "$WORK_DIR/link/dangling"], in: "r/real/deep")
        #expect(paths(found).prefix(2) == ["r/real/later/x", "r/real/dangling"])
    }

    @Test func `patterns mean what is there`() throws {
        try folder.makeDirectory("r/a/x")
        for name in ["r/a/one.env", "r/two.env", "r/.env"] { try folder.write("", to: name) }
        #expect(paths(try rules(mask: ["$WORK_DIR/*.env"], in: "r/a/x")) == ["r/two.env", "r/a/one.env"])
        #expect(paths(try rules(mask: ["$WORK_DIR/*/*.env"], in: "r/a/x")) == ["r/a/one.env"])
    }

    @Test func `what stands of .git holds for the submodules of a directory above`() throws {
        for name in ["r/.git", "r/a/deep/m/.git", "r/a/deep/n"] { try folder.makeDirectory(name) }
        try folder.write("gitdir: x", to: "r/a/deep/n/.git")
        try folder.write("path = a/deep/m\npath = a/deep/n\n", to: "r/.gitmodules")
        let found = try rules(protect: ["?$WORK_DIR/.git/hooks", "$WORK_DIR/ci"], in: "r/a")
        #expect(paths(found) == ["r/.git/hooks", "r/ci", "r/a/deep/m/.git/hooks", "r/a/deep/n/.git"])
        #expect(found.grants.allSatisfy { $0.access == .protect && $0.isOptional })
    }

    @Test func `of several roots the outermost counts`() throws {
        try folder.makeDirectory("r/a/b")
        for roots in [["r", "r/a"], ["r/a", "r"], ["r/a", "else", "r", "r/a/b"]] {
            #expect(paths(try rules(mask: ["$WORK_DIR/x"], roots: roots, in: "r/a/b")) == ["r/x", "r/a/x"])
        }
        #expect(paths(try rules(mask: ["$WORK_DIR/x"], roots: ["r/a", "r2"], in: "r/a/b")) == ["r/a/x"])
    }

    @Test func `the root of all may be one`() throws {
        try folder.makeDirectory("r")
        let places = Self.places
        var policy = Policy(name: "p")
        let origin = Policy.Origin(source: "p", line: 1, column: 1)
        policy.filesystem.mask = [Policy.Item(text: "$WORK_DIR/x", isOptional: false, origin: origin)]
        let found = try AncestorRules(of: policy, roots: ["/"], workDirectory: folder.path("r"), places: places)
        #expect(found.grants.map(\.path) == ["/x", "/tmp/x", folder.path("x")])
    }

    @Test func `a directory that lies too deep is refused`() throws {
        let names = Array(repeating: "d", count: AncestorRules.deepest + 1)
        try folder.makeDirectory("r/" + names.joined(separator: "/"))
        #expect(throws: Never.self) { try rules(in: "r/" + names.dropLast().joined(separator: "/")) }
        #expect(throws: RunError.self) { try rules(in: "r/" + names.joined(separator: "/")) }
    }
}
