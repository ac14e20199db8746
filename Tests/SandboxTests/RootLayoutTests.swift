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

    @Test func `what is hidden is shown by no grant at it or below it, and optional ones are passed over`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("a/vault/deep")
        let (top, vault, deep) = (tree.path("a"), tree.path("a/vault"), tree.path("a/vault/deep"))
        for path in [vault, deep] {
            for access in [Grant.Access.read, .write] {
                #expect(throws: SandboxError.hiddenPath(path, origin: "test:1:1")) {
                    try steps([grant(path, access), grant(vault, .hide)])
                }
                #expect(
                    try steps([grant(path, access, optional: true), grant(vault, .hide), grant(top, .read)]) == [
                        try bind(top, isWritable: false), try mask(vault),
                    ])
            }
        }
        #expect(try steps([grant(vault, .hide)]) == [])
        #expect(
            try steps([grant(top, .write), grant(vault, .hide), grant(deep, .mask), grant(deep, .protect)]) == [
                try bind(top, isWritable: true), try mask(vault),
            ])
    }

    @Test func `a link in a writable tree leads no grant out of it`() throws {
        let tree = try TemporaryDirectory()
        for name in ["work/real", "private", "data"] { try tree.makeDirectory(name) }
        try Files.makeSymbolicLink(to: "../private", at: tree.path("work/out"))
        try Files.makeSymbolicLink(to: "real", at: tree.path("work/in"))
        try Files.makeSymbolicLink(to: "data", at: tree.path("own"))
        try Files.makeSymbolicLink(to: tree.path("private"), at: tree.path("data/out"))
        let (work, private_) = (tree.path("work"), tree.path("private"))
        func layout(_ grants: [Grant], workTree: String? = nil) throws {
            _ = try RootLayout(grants: grants, home: nil, temporarySize: 4096, workTree: workTree).plan()
        }
        let out = grant(tree.path("work/out"), .read)
        let refused = SandboxError.linkInTree(out.path, link: out.path, target: private_, origin: "test:1:1")
        #expect(throws: refused) { try layout([grant(work, .write), out]) }
        #expect(throws: refused) { try layout([out], workTree: work) }
        #expect(throws: SandboxError.self) { try layout([grant(tree.path("work/out"), .write)], workTree: work) }
        // By way of a tree that is itself named by a link.
        #expect(throws: SandboxError.self) {
            try layout([grant(tree.path("own"), .write), grant(tree.path("own/out"), .read)])
        }
        try layout([grant(work, .write), grant(tree.path("work/in"), .write)])
        try layout([grant(tree.path("own"), .write)], workTree: work)
        try layout([grant(work, .write), grant(tree.path("work/out"), .mask)])
        try layout([out])
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

    @Test(
        arguments: ["/", "/proc", "/proc/self", "/proc/sys/kernel", "/sys", "/dev", "/dev/null"],
        [Grant.Access.read, .write])
    func `the whole host, its processes and its devices cannot be granted`(path: String, access: Grant.Access) {
        #expect(throws: SandboxError.ungrantablePath(path, origin: "test:1:1")) { try steps([grant(path, access)]) }
        #expect(throws: Never.self) { try steps([grant(path, .mask)]) }
    }

    @Test func `a part of /sys can be read and not written`() throws {
        let path = "/sys/devices/system/cpu"
        #expect(try steps([grant(path, .read)]) == [try bind(path, isWritable: false)])
        #expect(throws: SandboxError.ungrantablePath(path, origin: "test:1:1")) { try steps([grant(path, .write)]) }
    }

    @Test func `a mask of a file with more than one name is refused where the file is visible`() throws {
        let tree = try TemporaryDirectory()
        try tree.write("secret", to: "secret")
        let path = tree.path("secret")
        try tree.link("secret", as: "other")
        let tops = [grant(tree.path, .read)]
        #expect(throws: SandboxError.linkedMask(path, origin: "test:1:1")) { try steps(tops + [grant(path, .mask)]) }
        #expect(try steps(tops + [grant(path, .mask, optional: true)]).last == (try mask(path)))
        #expect(try steps([grant(path, .mask)]) == [])
    }

    @Test func `what is granted below /var/tmp makes it a folder of its own and no link`() throws {
        let tree = try TemporaryDirectory(in: "/var/tmp")
        let steps = try RootLayout(grants: [grant(tree.path, .write)], home: nil, temporarySize: 4096).plan().steps
        #expect(
            steps == [
                .sharedMemory(size: 4096), .temporary(path: "/tmp", size: 4096, mode: 0o1777),
                .temporary(path: "/var/tmp", size: 4096, mode: 0o1777), try bind(tree.path, isWritable: true),
            ])
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

    @Test func `a work directory that has become a link since is refused, another link is followed`() throws {
        let tree = try TemporaryDirectory()
        let elsewhere = try tree.makeDirectory("elsewhere")
        try Files.makeSymbolicLink(to: elsewhere, at: tree.path("judged"))
        func plan(_ workTree: String) throws -> RootPlan {
            try RootLayout(
                grants: [grant(tree.path("judged"), .write)], home: nil, temporarySize: 4096, workTree: workTree
            ).plan()
        }
        _ = try plan(tree.path("other"))
        #expect {
            try plan(tree.path("judged"))
        } throws: { error in
            guard case .system(let error, _)? = error as? SandboxError else { return false }
            return error.errno == .stale
        }
    }
}
