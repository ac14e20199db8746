import Linux
import Sandbox
import TestSupport
import Testing

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

    @Test func `git directories are found where a launch looks`() throws {
        let tree = try TemporaryDirectory()
        #expect(GitDirectories(in: tree.path).directories.isEmpty)
        for name in [
            ".git/modules/a/b", ".git/modules/c", ".git/worktrees/w", "nested/.git", "x/deep/.git", "sub/mod", "plain",
        ] { try tree.makeDirectory(name) }
        for name in [".git/modules/a/b/HEAD", ".git/modules/c/HEAD", "sub/mod/.git", "file"] {
            try tree.write("", to: name)
        }
        try Files.makeSymbolicLink(to: "/else", at: tree.path("plain/.git"))
        try tree.write(
            "[submodule \"m\"]\n\tpath = sub/mod\r\n\turl=x\n[submodule \"n\"]\npath=../../etc\npath = /etc\n",
            to: ".gitmodules")
        let found = GitDirectories(in: tree.path)
        let wanted = [".git", ".git/modules/a/b", ".git/modules/c", ".git/worktrees/w", "nested/.git"]
        #expect(found.directories == Set(wanted.map { tree.path($0) }))
        #expect(found.files == [tree.path("sub/mod/.git")])
        #expect(found.links == [tree.path("plain/.git"): "/else"])
    }

    @Test func `a tree that was made to hold runs up is looked at for a while only`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory(".git/modules")
        for number in 0..<300 { try tree.makeDirectory(".git/modules/m\(number)/HEAD") }
        let list = (0..<2000).map { "path = s\($0)\n" }.joined()
        try tree.write(list, to: ".gitmodules")
        for number in 0..<1500 { try tree.makeDirectory("s\(number)/.git") }
        let found = GitDirectories(in: tree.path)
        #expect(found.directories.count < 256 + 256 + 1024 + 1)
        #expect(found.directories.contains(tree.path(".git")))
    }

    @Test func `what the policy protects in .git is protected in each git directory`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("nested/.git")
        try tree.makeDirectory("file-repo")
        try tree.write("gitdir: x", to: "file-repo/.git")
        let grants = try watch(tree.path).protections
        #expect(grants.allSatisfy { $0.access == .protect && $0.isOptional })
        let names = ["config", "hooks", "config.worktree", "info", "commondir"]
        let wanted = names.map { tree.path("nested/.git/" + $0) } + [tree.path("file-repo/.git")]
        #expect(Set(grants.map(\.path)) == Set(wanted))
    }

    @Test func `what was made is told by its outermost path, and what was there is not`() throws {
        let tree = try TemporaryDirectory()
        let other = try TemporaryDirectory()
        try tree.makeDirectory("nested/.git")
        try tree.write("", to: ".envrc")
        let watch = try watch(tree.path, writes: [other.path])
        #expect(watch.written(in: tree.path) == [])
        for name in ["nested/.git/hooks", "new/.git/hooks", ".git/info", ".idea", "x"] { try tree.makeDirectory(name) }
        try other.makeDirectory(".git")
        for name in ["HEAD", "objects", "refs"] { try other.makeDirectory(name) }
        let wanted = [".git", ".idea", "nested/.git/hooks", "new/.git"]
        let there = [".git", "HEAD", "objects", "refs"].map { other.path($0) }
        #expect(watch.written(in: tree.path) == (wanted + there).sorted())
    }

    @Test func `a bare repository that was one before is none that was made`() throws {
        let tree = try TemporaryDirectory()
        for name in ["HEAD", "objects", "refs"] { try tree.makeDirectory(name) }
        #expect(try watch(tree.path).written(in: tree.path) == [])
    }

    @Test func `a run that may write nothing is not watched`() throws {
        let tree = try TemporaryDirectory()
        let policy = try PolicyResolver(BundledPolicies()).resolve(["strict"])
        let places = Places(home: "/home/u", user: "u", data: "/d", policies: "/p", runtime: nil)
        let watch = TrapWatch(
            policy: policy, request: RunRequest(command: []), places: places, workDirectory: tree.path)
        try tree.makeDirectory(".git")
        #expect(watch.written(in: tree.path) == [])
        #expect(watch.protections.isEmpty)
    }
}
