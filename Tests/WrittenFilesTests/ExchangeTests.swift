internal import Linux
internal import TestSupport
internal import Testing

@testable internal import WrittenFiles

/// What another run, or a stranger, puts in the place of what is being looked at: nothing else is read, moved or opened.
struct ExchangeTests {
    /// A tree with a folder of one file, and a folder outside with one of the same name.
    private struct Scene: ~Copyable {
        let folder: TemporaryDirectory
        let tree: WrittenTree

        init() throws {
            let folder = try TemporaryDirectory()
            for name in ["tree/a/d", "outside/d", "data"] { try folder.makeDirectory(name) }
            try folder.write("inside", to: "tree/a/d/f")
            try folder.write("outside", to: "outside/d/f")
            let tree = try WrittenTree(folder.path("tree"))
            self.folder = folder
            self.tree = tree
        }

        func entry(_ path: String) throws -> TreeEntry { try tree.entry(Array(path.utf8)) }

        var quarantine: Quarantine { Quarantine(in: folder.path("data"), run: "RUN") }

        func take(_ entry: TreeEntry) -> Errno? {
            do throws(SystemCallError) {
                _ = try quarantine.take(entry, path: "p", holds: [], label: "1")
                return nil
            } catch {
                return error.errno
            }
        }
    }

    @Test func `what lies behind a link that was put on the way is neither moved nor seen`() throws {
        let scene = try Scene()
        let entry = try scene.entry("a/d/f")
        try Files.rename(scene.folder.path("tree/a"), to: scene.folder.path("tree/b"))
        try Files.makeSymbolicLink(to: scene.folder.path("outside"), at: scene.folder.path("tree/a"))
        #expect(scene.take(entry) == .tooManyLinks)
        #expect(try scene.folder.text(of: "outside/d/f") == "outside")
        let directory = scene.tree.directory
        for path in ["a/d/f", "a/d"].map({ Array($0.utf8) }) {
            #expect(throws: SystemCallError.self) { try directory.status(path) }
            #expect(throws: SystemCallError.self) { try directory.remove(path) }
            #expect(throws: SystemCallError.self) { try directory.linkTarget(path) }
            #expect(throws: SystemCallError.self) { try directory.restoreAccess(to: path) { _ in true } }
        }
        #expect(try scene.folder.text(of: "outside/d/f") == "outside")
    }

    @Test func `another file under the same name is not moved`() throws {
        let scene = try Scene()
        let entry = try scene.entry("a/d/f")
        try Files.rename(scene.folder.path("tree/a/d/f"), to: scene.folder.path("tree/a/d/g"))
        try scene.folder.write("other", to: "tree/a/d/f")
        #expect(scene.take(entry) == .stale)
        #expect(try scene.folder.text(of: "tree/a/d/f") == "other")
    }

    @Test func `a tree that was exchanged is not taken for the one that was held`() throws {
        let scene = try Scene()
        #expect(scene.tree.isInPlace)
        try Files.rename(scene.folder.path("tree"), to: scene.folder.path("moved"))
        try Files.makeSymbolicLink(to: scene.folder.path("outside"), at: scene.folder.path("tree"))
        #expect(!scene.tree.isInPlace)
        #expect(scene.take(try scene.entry("a/d/f")) == nil)
        #expect(try scene.folder.text(of: "outside/d/f") == "outside")
        #expect((try? Files.status(scene.folder.path("moved/a/d/f"))) == nil)
        #expect(throws: SystemCallError.self) { try WrittenTree(scene.folder.path("tree")) }
    }

    @Test func `only directories that the run shut are opened, and only by what they are`() throws {
        let scene = try Scene()
        let directory = scene.tree.directory
        try scene.folder.write("#!/bin/sh", to: "tree/x", mode: 0)
        #expect(throws: SystemCallError.self) { try directory.restoreAccess(to: Array("x".utf8)) { _ in true } }
        #expect(try Files.status(scene.folder.path("tree/x")).permissions == 0)
        try scene.folder.makeDirectory("tree/shut", mode: 0o077)
        try directory.restoreAccess(to: Array("shut".utf8)) { _ in false }
        #expect(try Files.status(scene.folder.path("tree/shut")).permissions & 0o700 == 0)
        let before = try Files.status(scene.folder.path("tree/shut")).permissions
        try directory.restoreAccess(to: Array("shut".utf8)) { _ in true }
        #expect(try Files.status(scene.folder.path("tree/shut")).permissions == before | 0o500)
        // A file that was exchanged for the one that was listed is not opened.
        let listed = try scene.entry("x").status.identity
        try Files.rename(scene.folder.path("tree/x"), to: scene.folder.path("tree/y"))
        try scene.folder.write("other", to: "tree/x", mode: 0)
        #expect(throws: SystemCallError.self) { _ = try directory.shutFile(Array("x".utf8), listed) }
        #expect(try Files.status(scene.folder.path("tree/x")).permissions == 0)
    }
}
