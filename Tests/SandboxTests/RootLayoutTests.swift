import Linux
import SandboxPlan
import TestSupport
import Testing

@testable import Sandbox

/// What a root is made of, over small trees of the host.
struct RootLayoutTests {
    /// A rule about a path of a tree.
    private func grant(_ path: String, _ access: Grant.Access, optional: Bool = false) -> Grant {
        Grant(path: path, access: access, isOptional: optional, origin: "test:1:1")
    }

    /// The steps of grants, without those that every root has.
    private func steps(_ grants: [Grant], home: String? = nil) throws -> [RootStep] {
        try RootLayout(grants: grants, home: home, temporarySize: 1 << 20).plan().steps.filter {
            switch $0 {
            case .sharedMemory, .symbolicLink("/var/tmp", "/tmp"), .temporary("/tmp", _, _): false
            default: true
            }
        }
    }

    /// The step that shows a path of the host under its own name.
    private func bind(_ path: String, isWritable: Bool) throws -> RootStep {
        .bind(
            source: path, identity: try Files.status(path, followingLinks: false).identity, path: path,
            isWritable: isWritable)
    }

    private func mask(_ path: String) throws -> RootStep {
        .mask(path: path, identity: try Files.status(path, followingLinks: false).identity)
    }

    @Test func `a root of no grants has its own devices, files and home, and nothing of the host`() throws {
        let steps = try RootLayout(grants: [], home: "/home/u", temporarySize: 4096).plan().steps
        #expect(
            steps == [
                .sharedMemory(size: 4096), .symbolicLink(path: "/var/tmp", target: "/tmp"),
                .temporary(path: "/tmp", size: 4096, mode: 0o1777),
                .temporary(path: "/home/u", size: 4096, mode: 0o700),
            ])
    }

    @Test func `a parent comes before what lies in it, whatever the order of the rules`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/b/c")
        let grants = [
            grant(tree.path("a/b/c"), .write), grant(tree.path("a"), .write), grant(tree.path("a/b"), .read),
        ]
        let wanted = [
            try bind(tree.path("a"), isWritable: true), try bind(tree.path("a/b"), isWritable: false),
            try bind(tree.path("a/b/c"), isWritable: true),
        ]
        #expect(try steps(grants) == wanted)
        #expect(try steps(grants.reversed()) == wanted)
    }

    @Test func `what a parent gives already is not mounted again`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/b")
        let path = tree.path("a")
        #expect(
            try steps([grant(path, .write), grant(tree.path("a/b"), .write)]) == [try bind(path, isWritable: true)])
        #expect(
            try steps([grant(path, .read), grant(tree.path("a/b"), .read)]) == [try bind(path, isWritable: false)])
        #expect(
            try steps([grant(path, .read), grant(tree.path("a/b"), .protect)]) == [try bind(path, isWritable: false)])
    }

    @Test func `a protected file is bound read-only, and each folder above it is pinned against renaming`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/x/y")
        try tree.write("", to: "a/x/y/config")
        let steps = try steps([grant(tree.path("a"), .write), grant(tree.path("a/x/y/config"), .protect)])
        #expect(
            steps == [
                try bind(tree.path("a"), isWritable: true), try bind(tree.path("a/x"), isWritable: true),
                try bind(tree.path("a/x/y"), isWritable: true),
                try bind(tree.path("a/x/y/config"), isWritable: false),
            ])
    }

    @Test(arguments: [Grant.Access.read, .write])
    func `a mask covers what is visible`(access: Grant.Access) throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/secret")
        let steps = try steps([grant(tree.path("a/secret"), .mask), grant(tree.path("a"), access)])
        #expect(steps == [try bind(tree.path("a"), isWritable: access == .write), try mask(tree.path("a/secret"))])
    }

    @Test func `a mask wins over every other rule for the same path`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/b")
        for access in [Grant.Access.read, .write, .protect] {
            let found = try steps([
                grant(tree.path("a/b"), .mask), grant(tree.path("a/b"), access), grant(tree.path("a"), .write),
            ])
            #expect(found.last == (try mask(tree.path("a/b"))), "\(access)")
        }
    }

    @Test func `what is not visible needs no mask, and what cannot be written no protection`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/b")
        #expect(try steps([grant(tree.path("a/b"), .mask), grant(tree.path("a/b"), .protect)]) == [])
    }

    @Test func `a granted folder inside a masked one stays visible, its siblings do not`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("home/keep")
        try tree.makeDirectory("home/other")
        let home = tree.path("home")
        let steps = try steps([
            grant(tree.path, .read), grant(home, .mask), grant(tree.path("home/keep"), .write),
        ])
        #expect(
            steps == [
                try bind(tree.path, isWritable: false), .temporary(path: home, size: 65536, mode: 0o555),
                try bind(tree.path("home/keep"), isWritable: true),
            ])
    }

    @Test func `a link is made again and what it leads to is mounted under its own name`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("real")
        try Files.makeSymbolicLink(to: "real", at: tree.path("link"))
        let steps = try steps([grant(tree.path("link"), .read)])
        #expect(
            steps == [
                .symbolicLink(path: tree.path("link"), target: "real"), try bind(tree.path("real"), isWritable: false),
            ])
    }

    @Test func `a link inside a mounted tree is there already`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/real")
        try Files.makeSymbolicLink(to: "real", at: tree.path("a/link"))
        let steps = try steps([grant(tree.path("a"), .read), grant(tree.path("a/link"), .read)])
        #expect(steps == [try bind(tree.path("a"), isWritable: false)])
    }

    @Test func `a mask named through a link covers what the link leads to`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/real")
        try Files.makeSymbolicLink(to: "real", at: tree.path("a/link"))
        let steps = try steps([grant(tree.path("a"), .read), grant(tree.path("a/link"), .mask)])
        #expect(steps == [try bind(tree.path("a"), isWritable: false), try mask(tree.path("a/real"))])
    }

    @Test(arguments: [Grant.Access.read, .write])
    func `a missing path is an error that names the rule, unless it may be missing`(access: Grant.Access) throws {
        let tree = try TemporaryDirectory()
        let path = tree.path("missing")
        #expect(throws: SandboxError.missingPath(path, origin: "test:1:1")) { try steps([grant(path, access)]) }
        #expect(try steps([grant(path, access, optional: true)]) == [])
    }

    @Test(arguments: [Grant.Access.mask, .protect])
    func `a missing path needs no cover`(access: Grant.Access) throws {
        let tree = try TemporaryDirectory()
        #expect(try steps([grant(tree.path("missing"), access)]) == [])
    }

    @Test func `a cache is another folder of the host, writable under the rule's name`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("cache")
        let source = try tree.makeDirectory("private")
        let steps = try steps([grant(tree.path("cache"), .cache(source: source))])
        #expect(
            steps == [
                .bind(
                    source: source, identity: try Files.status(source).identity, path: tree.path("cache"),
                    isWritable: true)
            ])
    }

    @Test func `a work directory of which home is part is still covered by the private home`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("u/project")
        let steps = try steps([grant(tree.path("u/project"), .write)], home: tree.path("u"))
        #expect(
            steps == [
                .temporary(path: tree.path("u"), size: 1 << 20, mode: 0o700),
                try bind(tree.path("u/project"), isWritable: true),
            ])
    }
}
