import Linux
import TestSupport
import Testing

@testable import Sandbox

/// Following the links of a granted path.
struct ResolvedPathTests {
    @Test func `a path without links is itself, with the identity of what it names`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/b")
        let found = try ResolvedPath(tree.path("a/b"))
        #expect(found.path == tree.path("a/b"))
        #expect(found.links.isEmpty)
        #expect(found.identity == (try Files.status(tree.path("a/b")).identity))
        #expect(found.identity.kind == .directory)
    }

    @Test(arguments: [
        ("b", "a/b"), ("../a/b", "a/b"), ("./b/../b", "a/b"), ("b/", "a/b"), (".", "a"), ("..", ""),
    ])
    func `a link of any spelling leads where the kernel goes`(target: String, place: String) throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/b")
        try Files.makeSymbolicLink(to: target, at: tree.path("a/link"))
        let found = try ResolvedPath(tree.path("a/link"))
        #expect(found.path == (place.isEmpty ? tree.path : tree.path(place)))
        #expect(found.path == (try Files.canonicalPath(tree.path("a/link"))))
        #expect(found.links == [.init(path: tree.path("a/link"), target: target)])
    }

    @Test func `links on the way and at the end are listed in the order in which they are followed`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("real/deep")
        try tree.write("x", to: "real/deep/file")
        try Files.makeSymbolicLink(to: "real", at: tree.path("one"))
        try Files.makeSymbolicLink(to: tree.path("one/deep"), at: tree.path("two"))
        try Files.makeSymbolicLink(to: "file", at: tree.path("real/deep/three"))
        let found = try ResolvedPath(tree.path("two/three"))
        #expect(found.path == tree.path("real/deep/file"))
        #expect(found.links.map(\.path) == [tree.path("two"), tree.path("one"), tree.path("real/deep/three")])
        #expect(found.identity.kind == .regular)
    }

    @Test func `a circle of links ends as the kernel ends it`() throws {
        let tree = try TemporaryDirectory()
        try Files.makeSymbolicLink(to: "b", at: tree.path("a"))
        try Files.makeSymbolicLink(to: "a", at: tree.path("b"))
        let error = #expect(throws: SystemCallError.self) { try ResolvedPath(tree.path("a")) }
        #expect(error?.errno == .tooManyLinks)
    }

    @Test(arguments: [("missing", Errno.noSuchFile), ("file/below", .notDirectory), ("dangling", .noSuchFile)])
    func `what is not there is an error`(name: String, errno: Errno) throws {
        let tree = try TemporaryDirectory()
        try tree.write("x", to: "file")
        try Files.makeSymbolicLink(to: "nowhere", at: tree.path("dangling"))
        let error = #expect(throws: SystemCallError.self) { try ResolvedPath(tree.path(name)) }
        #expect(error?.errno == errno)
    }

    @Test func `the root is the root`() throws {
        let found = try ResolvedPath("/")
        #expect(found.path == "/")
        #expect(found.links.isEmpty)
    }
}
