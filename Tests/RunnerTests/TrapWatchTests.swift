import Linux
import Sandbox
import TestSupport
import Testing
import WrittenFiles

@testable import Policy
@testable import Runner

/// What other programs carry out later: where it is looked for, and what is told of it.
struct TrapWatchTests {
    private func watch(_ tree: String, writes: [String] = []) throws -> TrapWatch {
        let policy = try PolicyResolver(BundledPolicies()).resolve(["default"])
        var request = RunRequest(command: [])
        request.writes = writes
        let places = Places(home: "/home/u", user: "u", data: "/d", policies: "/p", runtime: nil)
        return TrapWatch(policy: policy, request: request, places: places, workDirectory: tree)
    }

    private func repositories(in tree: String) throws -> GitDirectories {
        GitDirectories(in: try TreeDirectory(tree), path: tree)
    }

    private func bytes(_ text: String) -> [UInt8] { Array(text.utf8) }

    /// What a watch tells, by whole paths.
    private func written(_ watch: TrapWatch) -> [String] { watch.look(since: ChangeClock()).traps.map(\.place) }

    @Test func `a path names what the held tree has there, whatever it leads to by now`() throws {
        let folder = try TemporaryDirectory()
        for name in ["tree", "tree/in", "tree2", "tree2/in"] { try folder.makeDirectory(name) }
        func identity(_ name: String) throws -> FileIdentity {
            try Files.status(folder.path(name), followingLinks: false).identity
        }
        let (tree, inner) = (try identity("tree"), try identity("tree/in"))
        let held = try WrittenTree(folder.path("tree"))
        try Files.rename(folder.path("tree"), to: folder.path("old"))
        try Files.rename(folder.path("tree2"), to: folder.path("tree"))
        #expect(held.identity(at: folder.path("tree")) == tree)
        #expect(held.identity(at: folder.path("tree/in")) == inner)
        #expect(held.identity(at: folder.path("old")) == nil)
        #expect(held.identity(at: folder.path("tree/none")) == nil)
        #expect(held.identity(at: folder.path("tree2")) == nil)
    }

    /// What the watch beside a launch did not hold would be written to and not be looked through.
    @Test func `a tree that was not there when trees were held is not written to`() throws {
        let folder = try TemporaryDirectory()
        try folder.makeDirectory("work")
        let places = Places(
            home: folder.path("home"), user: "u", data: folder.path("data"), policies: folder.path("policies"),
            runtime: nil)
        var request = RunRequest(command: [Array("true".utf8)])
        request.workDirectory = folder.path("work")
        request.writes = [folder.path("later")]
        let preparation = try Preparation(request, places: places)
        try folder.makeDirectory("later")
        #expect(throws: RunError.self) { try preparation.makeRoot() }
        request.writes = [folder.path("work")]
        _ = try Preparation(request, places: places).makeRoot()
    }

    @Test func `git directories are found where a launch looks`() throws {
        let tree = try TemporaryDirectory()
        #expect(try repositories(in: tree.path).directories.isEmpty)
        for name in [
            ".git/modules/a/b", ".git/modules/c", ".git/worktrees/w", "nested/.git", "x/deep/.git", "sub/mod", "plain",
            "nested/.git/modules/in", "bare/objects", "bare/refs", "kept/.bare/worktrees/w", "separate", "headless",
        ] { try tree.makeDirectory(name) }
        for name in [
            ".git/modules/a/b/HEAD", ".git/modules/c/HEAD", "sub/mod/.git", "file", "nested/.git/modules/in/HEAD",
            "bare/HEAD", "kept/.bare/HEAD", "kept/.bare/worktrees/w/HEAD", "separate/HEAD",
        ] {
            try tree.write("", to: name)
        }
        try Files.makeSymbolicLink(to: "/else", at: tree.path("plain/.git"))
        try tree.write(
            "[submodule \"m\"]\n\tpath = sub/mod\r\n\turl=x\n[submodule \"n\"]\npath=../../etc\npath = /etc\n",
            to: ".gitmodules")
        try tree.makeDirectory("other")
        try tree.makeDirectory("third")
        try tree.write("gitdir: .bare/worktrees/w\n", to: "kept/.git")
        try tree.write("../..\n", to: "kept/.bare/worktrees/w/commondir")
        try tree.write("gitdir: \(tree.path("separate"))", to: "other/.git")
        try tree.write("gitdir: ../headless", to: "third/.git")
        let found = try repositories(in: tree.path)
        let wanted = [
            ".git", ".git/modules/a/b", ".git/modules/c", ".git/worktrees/w", "nested/.git", "nested/.git/modules/in",
            "bare", "kept/.bare", "kept/.bare/worktrees/w", "separate",
        ]
        #expect(found.directories == Set(wanted.map(bytes)))
        #expect(found.files == Set(["sub/mod/.git", "kept/.git", "other/.git", "third/.git"].map(bytes)))
        #expect(found.links == [bytes("plain/.git"): bytes("/else")])
        #expect(found.bare == [bytes("bare")])
        #expect(!found.isCut)
    }

    @Test func `no link is followed, and what is no file is not read`() throws {
        let tree = try TemporaryDirectory()
        let other = try TemporaryDirectory()
        try other.makeDirectory("r/.git")
        try other.write("", to: "r/.git/HEAD")
        try tree.makeDirectory(".git/modules")
        try tree.makeDirectory("a")
        try Files.makeSymbolicLink(to: other.path, at: tree.path(".git/modules/l"))
        try Files.makeSymbolicLink(to: other.path, at: tree.path("a/l"))
        try Files.makeSymbolicLink(to: other.path("r"), at: tree.path("l"))
        try tree.write("path = a/l/r\n", to: ".gitmodules")
        try tree.write("gitdir: l/.git", to: "a/.git")
        #expect(try repositories(in: tree.path).directories == [bytes(".git")])
        try Files.remove(tree.path(".gitmodules"), isDirectory: false)
        try Files.remove(tree.path("a/.git"), isDirectory: false)
        try tree.makePipe(".gitmodules")
        try tree.makePipe("a/.git")
        // A file that says where the directory is would be read here.
        #expect(try repositories(in: tree.path).files == [bytes("a/.git")])
    }

    @Test func `a tree that was made to hold runs up is looked at for a while only`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory(".git/modules")
        for number in 0..<1100 { try tree.makeDirectory(".git/modules/m\(number)/HEAD") }
        let list = (0..<2000).map { "path = s\($0)\n" }.joined()
        try tree.write(list, to: ".gitmodules")
        for number in 0..<1500 { try tree.makeDirectory("s\(number)/.git") }
        let found = try repositories(in: tree.path)
        #expect(found.directories.count <= 1024)
        #expect(found.isCut)
        // What was not looked at is protected as a whole.
        let protected = try Set(watch(tree.path).protections.map(\.path))
        #expect(
            protected.contains {
                $0.hasPrefix(tree.path(".git/modules/m")) && !$0.dropFirst(tree.path.count + 14).contains("/")
            })
        #expect(found.directories.contains(bytes(".git")))
    }

    @Test func `what the policy protects in .git is protected in each git directory`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("nested/.git")
        try tree.makeDirectory("file-repo")
        try tree.write("gitdir: x", to: "file-repo/.git")
        let grants = try watch(tree.path).protections
        #expect(grants.allSatisfy { $0.access == .protect && $0.isOptional })
        let names = [
            "config", "hooks", "config.worktree", "info", "commondir", "rebase-merge", "rebase-apply", "sequencer",
        ]
        let wanted = names.map { tree.path("nested/.git/" + $0) } + [tree.path("file-repo/.git")]
        #expect(Set(grants.map(\.path)) == Set(wanted))
    }

    @Test func `what was made is told by its outermost path, and what was there is not`() throws {
        let tree = try TemporaryDirectory()
        let other = try TemporaryDirectory()
        try tree.makeDirectory("nested/.git")
        try tree.write("", to: ".envrc")
        let watch = try watch(tree.path, writes: [other.path])
        #expect(written(watch) == [])
        for name in ["nested/.git/hooks", "new/.git/hooks", ".git/info", ".idea", "x"] { try tree.makeDirectory(name) }
        try other.makeDirectory(".git")
        for name in ["HEAD", "objects", "refs"] { try other.makeDirectory(name) }
        let wanted = [".git", ".idea", "nested/.git/hooks", "new/.git"].map { tree.path($0) }
        let there = [".git", "HEAD", "objects", "refs"].map { other.path($0) }
        #expect(written(watch) == (wanted + there).sorted())
    }

    @Test func `a bare repository that was one before is none that was made`() throws {
        let tree = try TemporaryDirectory()
        for name in ["HEAD", "objects", "refs"] { try tree.makeDirectory(name) }
        #expect(written(try watch(tree.path)) == [])
    }

    @Test func `a run that may write nothing is not watched`() throws {
        let tree = try TemporaryDirectory()
        let policy = try PolicyResolver(BundledPolicies()).resolve(["strict"])
        let places = Places(home: "/home/u", user: "u", data: "/d", policies: "/p", runtime: nil)
        let watch = TrapWatch(
            policy: policy, request: RunRequest(command: []), places: places, workDirectory: tree.path)
        try tree.makeDirectory(".git")
        #expect(written(watch) == [])
        #expect(watch.protections.isEmpty)
    }
}
