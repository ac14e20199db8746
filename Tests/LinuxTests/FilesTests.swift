import Linux
import TestSupport
import Testing

/// Calls on paths against the kernel itself.
struct FilesTests {
    @Test(arguments: [
        ("/a/b", "/"), ("/a/./b/", "/a/b"), ("b", "/a"), ("../b", "/a/c"), ("/../..", "/"), ("", "/a/b"),
        ("//a///b", "/x"), ("./../..//c", "/a/b/d"), (".", "/a/b"),
    ])
    func `a path becomes absolute by its names alone, and stays so`(path: String, directory: String) {
        let found = Files.absolutePath(path, from: directory)
        #expect(found.hasPrefix("/"))
        #expect(!found.split(separator: "/").contains { $0 == "." || $0 == ".." })
        #expect(!found.contains("//") && (found == "/" || !found.hasSuffix("/")))
        #expect(Files.absolutePath(found, from: "/elsewhere") == found)
    }

    @Test func `dots take away what stands before them`() {
        #expect(Files.absolutePath("../b", from: "/a/c") == "/a/b")
        #expect(Files.absolutePath("./../..//c", from: "/a/b/d") == "/a/c")
        #expect(Files.absolutePath("/../..", from: "/a") == "/")
        #expect(Files.absolutePath("", from: "/a/b") == "/a/b")
    }

    @Test func `a canonical path has no link left`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("real/deep")
        try Files.makeSymbolicLink(to: "real", at: tree.path("link"))
        #expect(try Files.canonicalPath(tree.path("link/deep/..")) == tree.path("real"))
        #expect(throws: SystemCallError.self) { try Files.canonicalPath(tree.path("missing")) }
    }

    @Test func `a folder of the user's own is made with those above it, for nobody else`() throws {
        let tree = try TemporaryDirectory()
        try Files.makePrivateDirectories(tree.path("a/b/c"))
        for name in ["a", "a/b", "a/b/c"] { #expect(try Files.status(tree.path(name)).permissions == 0o700) }
        try Files.makePrivateDirectories(tree.path("a/b/c"))
        try tree.write("", to: "file")
        let error = #expect(throws: SystemCallError.self) { try Files.makePrivateDirectories(tree.path("file/b")) }
        #expect(error?.errno == .notDirectory)
    }

    @Test func `a walk stays where it is told to stay`() throws {
        let tree = try TemporaryDirectory()
        try tree.makeDirectory("in")
        try tree.write("outside", to: "secret")
        try tree.write("inside", to: "in/file")
        try Files.makeSymbolicLink(to: "../secret", at: tree.path("in/up"))
        try Files.makeSymbolicLink(to: "file", at: tree.path("in/same"))
        let inside = try Files.open(tree.path("in"), [.path, .directory])
        let from = DirectoryReference.open(inside)
        #expect(throws: SystemCallError.self) { _ = try Files.open("up", .readOnly, from: from, resolving: .beneath) }
        #expect(throws: SystemCallError.self) {
            _ = try Files.open("../secret", .readOnly, from: from, resolving: .beneath)
        }
        let link = #expect(throws: SystemCallError.self) {
            _ = try Files.open("same", .readOnly, from: from, resolving: .noSymbolicLinks)
        }
        #expect(link?.errno == .tooManyLinks)
        // The same walks without the limits succeed, so it is the limits that stopped them.
        _ = try Files.open("up", .readOnly, from: from)
        _ = try Files.open("same", .readOnly, from: from, resolving: .beneath)
    }

    @Test func `a file beyond the limit is refused, one of the limit's size is not`() throws {
        let tree = try TemporaryDirectory()
        try tree.write("12345", to: "file")
        #expect(try Files.contents(of: tree.path("file"), limit: 5).count == 5)
        #expect(throws: SystemCallError.self) { try Files.contents(of: tree.path("file"), limit: 4) }
    }

    @Test func `names come without the folder itself and its parent`() throws {
        let tree = try TemporaryDirectory()
        try tree.write("", to: ".hidden")
        try tree.makeDirectory("folder")
        #expect(try Files.names(in: tree.path).sorted() == [".hidden", "folder"])
        try Files.makeSymbolicLink(to: ".hidden", at: tree.path("link"))
        let statuses = try Files.statuses(in: tree.path).sorted { $0.name < $1.name }
        #expect(statuses.map(\.name) == [".hidden", "folder"])
        for (name, status) in statuses { #expect(try Files.status(tree.path(name)) == status) }
        #expect(throws: SystemCallError.self) { try Files.statuses(in: tree.path("missing")) }
    }

    @Test(arguments: [
        ("file", FileKind.regular), ("folder", .directory), ("link", .symbolicLink), ("/dev/null", .characterDevice),
    ])
    func `a path's kind is told`(name: String, kind: FileKind) throws {
        let tree = try TemporaryDirectory()
        try tree.write("", to: "file")
        try tree.makeDirectory("folder")
        try Files.makeSymbolicLink(to: "file", at: tree.path("link"))
        let path = name.hasPrefix("/") ? name : tree.path(name)
        #expect(try Files.status(path, followingLinks: false).kind == kind)
    }

    @Test func `a read takes no more than it may`() throws {
        let pipe = try Pipe()
        try BorrowedDescriptor(pipe.writing).writeAll("abcdef")
        var buffer = [UInt8](repeating: 0, count: 8)
        var span = buffer.mutableSpan
        let reading = BorrowedDescriptor(pipe.reading)
        #expect(try reading.read(into: &span, from: 2, atMost: 3) == 3)
        #expect(try reading.read(into: &span, from: 5, atMost: 100) == 3)
        #expect(buffer == [0, 0, 97, 98, 99, 100, 101, 102])
    }

    @Test func `a sealed file in memory can be read and never changed`() throws {
        let file = try MemoryFile.make(name: "test")
        let descriptor = BorrowedDescriptor(file)
        try descriptor.writeAll("sealed")
        try MemoryFile.seal(file)
        let error = #expect(throws: SystemCallError.self) { try descriptor.writeAll("x") }
        #expect(error?.errno == .notPermitted)
        try descriptor.rewind()
        #expect(try descriptor.readToEnd(limit: 100) == Array("sealed".utf8))
    }

    @Test func `a timer says when its time is over, and not before`() throws {
        let timer = try TimerDescriptor()
        let entry = PollEntry(BorrowedDescriptor(timer.descriptor), .readable)
        #expect(try Polling.wait([entry], milliseconds: 20) == [[]])
        try timer.arm(.milliseconds(10))
        #expect(try Polling.wait([entry], milliseconds: 5000) == [.readable])
    }

    @Test func `a pipe without a writer hangs up, one without a reader fails`() throws {
        func end(_ keepReading: Bool) throws -> FileDescriptor {
            let pipe = try Pipe()
            return try (keepReading ? pipe.reading : pipe.writing).duplicate()
        }
        let reading = try end(true)
        #expect(try Polling.wait([PollEntry(BorrowedDescriptor(reading), .readable)])[0].contains(.hungUp))
        let writing = try end(false)
        #expect(try Polling.wait([PollEntry(BorrowedDescriptor(writing), .writable)])[0].contains(.failed))
    }
    @Test func `what is in a directory goes, however deep it is, and nothing that a link leads to`() throws {
        let folder = try TemporaryDirectory()
        try folder.makeDirectory("tree")
        try folder.write("kept", to: "kept")
        // Deeper than a path may be long, without rights, and with a name that is used on the way.
        let script = """
            ln -s ../kept link; ln -s .. up; mkdir -p .removed-1/x; echo x > .removed-1/x/y; chmod 0 .removed-1/x
            python3 -c '
            import os
            for _ in range(40):
                os.mkdir("d" * 200), os.mkdir("other"), os.mknod("other/file"), os.chdir("d" * 200)'
            """
        var request = ProgramRun("/bin/sh", ["-ec", script])
        request.directory = folder.path("tree")
        #expect(try request.run().status == .exited(0))
        try TreeDirectory(folder.path("tree")).removeContents(folder.path("tree"))
        #expect(try Files.names(in: folder.path("tree")) == [])
        #expect(try Files.names(in: folder.path).sorted() == ["kept", "tree"])
    }
}
