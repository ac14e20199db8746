import Linux
import SandboxPlan
import TestSupport
import Testing

@testable import Sandbox

/// What patterns in paths mean, over small trees of the host.
struct PathPatternTests {
    /// The paths below a tree that a pattern means.
    private func found(
        _ pattern: String, in tree: borrowing TemporaryDirectory, findsLinks: Bool = false
    ) throws -> [String] {
        let pattern = try #require(PathPattern(tree.path(pattern)))
        return try pattern.matches(findsLinks: findsLinks).map { String($0.path.dropFirst(tree.path.utf8.count + 1)) }
    }

    /// A name, a pattern and whether they fit.
    static let names: [(String, String, Bool)] = [
        ("a.pem", "*.pem", true), (".pem", "*.pem", false), (".a.pem", ".*.pem", true), ("a.pem.bak", "*.pem", false),
        ("", "*", true), ("a", "*", true), (".a", "*", false), (".a", ".*", true), ("abc", "a*c", true),
        ("ac", "a*c", true), ("abcd", "a*c", false), ("a.b.c", "*.*.*", true), ("aab", "*ab", true),
        ("aXbYc", "a*b*c", true), ("[id].js", "[id].*", true), ("i.js", "[id].*", false), ("a?b", "a?b", true),
        ("axb", "a?b", false), ("größe.txt", "gr*e.txt", true),
    ]

    @Test(arguments: names) func `a star stands for any part of one name`(name: String, pattern: String, fits: Bool) {
        #expect(PathPattern.matches(Array(name.utf8), Array(pattern.utf8)) == fits)
    }

    @Test func `a long name costs no more than its length times the pattern's`() {
        let name = [UInt8](repeating: UInt8(ascii: "a"), count: 255)
        let pattern = Array(String(repeating: "*a", count: 100).utf8) + [UInt8(ascii: "b")]
        #expect(!PathPattern.matches(name, pattern))
    }

    @Test func `a path without a star is no pattern`() {
        #expect(PathPattern("/a/b") == nil)
        #expect(PathPattern("/") == nil)
    }

    @Test func `names are looked for in one folder and in all folders of one`() throws {
        let tree = try TemporaryDirectory()
        for path in ["a/x.env", "a/y.env", "b/x.env", ".c/x.env", "a/deep/x.env"] {
            try tree.makeDirectory(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]))
            try tree.write("", to: path)
        }
        #expect(try found("a/*.env", in: tree) == ["a/x.env", "a/y.env"])
        #expect(try found("*/x.env", in: tree) == ["a/x.env", "b/x.env"])
        #expect(try found("*/*/*.env", in: tree) == ["a/deep/x.env"])
        #expect(try found(".*/*", in: tree) == [".c/x.env"])
        #expect(try found("a/x.env/*", in: tree) == [])
        #expect(try found("missing/*", in: tree) == [])
    }

    @Test func `a link is passed over, and only what takes away finds one that stays in the folder`() throws {
        let tree = try TemporaryDirectory()
        let outside = try TemporaryDirectory()
        try outside.write("", to: "secret.env")
        try tree.makeDirectory("in/real")
        try tree.write("", to: "in/real/x.env")
        try Files.makeSymbolicLink(to: outside.path("secret.env"), at: tree.path("in/out.env"))
        try Files.makeSymbolicLink(to: "real/x.env", at: tree.path("in/near.env"))
        try Files.makeSymbolicLink(to: "real", at: tree.path("in/folder"))
        try Files.makeSymbolicLink(to: outside.path, at: tree.path("in/away"))
        #expect(try found("in/*.env", in: tree) == [])
        #expect(try found("in/*/*.env", in: tree) == ["in/real/x.env"])
        #expect(try found("in/*.env", in: tree, findsLinks: true) == ["in/near.env"])
        #expect(try found("in/*/*.env", in: tree, findsLinks: true) == ["in/real/x.env"])
    }

    @Test func `a path that a pattern found and that is a link by the time of the launch ends it`() throws {
        let tree = try TemporaryDirectory()
        let outside = try TemporaryDirectory()
        try tree.makeDirectory("in")
        try tree.write("", to: "in/a.txt")
        let match = try #require(try PathPattern(tree.path("in/*.txt"))?.matches(findsLinks: false).first)
        func plan() throws -> RootPlan {
            let grant = Grant(
                path: match.path, access: .read, isOptional: true, origin: "p:1:1", canonicalPath: match.canonicalPath)
            return try RootLayout(grants: [grant], home: nil, temporarySize: 4096).plan()
        }
        #expect(try plan().steps.contains { $0.path == match.path })
        try Files.remove(tree.path("in/a.txt"))
        try outside.write("", to: "secret")
        try Files.makeSymbolicLink(to: outside.path("secret"), at: tree.path("in/a.txt"))
        #expect {
            try plan()
        } throws: {
            guard case .system(let error, _) = $0 as? SandboxError else { return false }
            return error.errno == .stale
        }
    }

    @Test func `a folder may itself lie behind a link, as a home may`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("real")
        try tree.write("", to: "real/a.txt")
        try Files.makeSymbolicLink(to: "real", at: tree.path("home"))
        let match = try #require(try PathPattern(tree.path("home/*.txt"))?.matches(findsLinks: false).first)
        #expect(match.path == tree.path("home/a.txt"))
        #expect(match.canonicalPath == (try Files.canonicalPath(tree.path("real/a.txt"))))
    }

    @Test func `more than a thousand paths are refused`() throws {
        let tree = try TemporaryDirectory()
        for number in 0...PathPattern.mostMatches { try tree.write("", to: "f\(number)") }
        #expect {
            try found("f*", in: tree)
        } throws: {
            ($0 as? SystemCallError)?.errno == .argumentsTooLong
        }
    }
}
