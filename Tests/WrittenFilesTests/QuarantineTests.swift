internal import Linux
internal import TestSupport
internal import Testing
@testable internal import WrittenFiles

/// Items in quarantine: what is left of one at each moment at which its maker may be killed, and putting it back.
struct QuarantineTests {
    /// A tree with a file, a vault's folder, and what is known of the file.
    struct Scene: ~Copyable {
        let folder: TemporaryDirectory
        let data: String

        init() throws {
            let folder = try TemporaryDirectory()
            try folder.makeDirectory("tree", mode: 0o700)
            try folder.write("content", to: "tree/file")
            data = folder.path("data")
            self.folder = folder
        }

        var file: String { folder.path("tree/file") }
        var place: String { data + "/quarantine/RUN-1" }

        func entry() throws -> TreeEntry {
            try WrittenTree(folder.path("tree")).entry(Array("file".utf8))
        }

        /// Takes the file as a run does.
        func take() throws {
            _ = try Quarantine(in: data, run: "RUN").take(try entry(), path: file, holds: [], label: "1")
        }

        /// Makes what a kill leaves: a record and the named files in the item, and a journal that nobody has locked.
        func leave(_ files: [String: String], record: Bool = true) throws {
            let text = QuarantineRecord(try entry(), path: file, holds: []).text
            try Files.makePrivateDirectories(place)
            try Files.makePrivateDirectories(data + "/journal")
            try folder.write("", to: "data/journal/RUN")
            if record { try folder.write(text, to: "data/quarantine/RUN-1/record") }
            for (name, text) in files { try folder.write(text, to: "data/quarantine/RUN-1/" + name) }
        }

        func text(_ path: String) -> String? {
            (try? Files.contents(of: path, limit: 4096)).map { String(decoding: $0, as: UTF8.self) }
        }

        var itemNames: [String]? { (try? Files.names(in: place))?.sorted() }
        var journals: [String] { (try? Files.names(in: data + "/journal")) ?? [] }
    }

    @Test(arguments: [false, true]) func `an item that got no content goes, with its record or without`(
        hasRecord: Bool
    ) throws {
        let scene = try Scene()
        try scene.leave([:], record: hasRecord)
        RunJournal.cleanUp(in: scene.data)
        #expect(scene.itemNames == nil)
        #expect(scene.text(scene.file) == "content")
        #expect(scene.journals == [])
    }

    @Test(arguments: ["cont", "content"]) func `a copy goes while the file is in its place`(copied: String) throws {
        let scene = try Scene()
        try scene.leave(["part": copied])
        RunJournal.cleanUp(in: scene.data)
        #expect(scene.itemNames == nil)
        #expect(scene.text(scene.file) == "content")
    }

    @Test func `a whole copy of what has left its place becomes the content, whatever is there now`() throws {
        let scene = try Scene()
        try scene.leave(["part": "content"])
        try scene.folder.write("another", to: "tree/new")
        try Files.rename(scene.folder.path("tree/new"), to: scene.file)
        RunJournal.cleanUp(in: scene.data)
        #expect(scene.itemNames == ["content", "record"])
        #expect(scene.text(scene.place + "/content") == "content")
        #expect(scene.text(scene.file) == "another")
    }

    @Test func `half a copy of what is nowhere else stays, and is shown as what it is`() throws {
        let scene = try Scene()
        try scene.leave(["part": "cont"])
        try Files.remove(scene.file)
        RunJournal.cleanUp(in: scene.data)
        #expect(scene.itemNames == ["part", "record"])
        let items = try Quarantine.items(in: scene.data)
        #expect(items.map(\.state) == [.partial])
        #expect(items.map(\.size) == [4])
    }

    @Test(arguments: [true, false]) func `content is never removed by the clean-up`(hasRecord: Bool) throws {
        let scene = try Scene()
        try scene.leave(["content": "kept"], record: hasRecord)
        RunJournal.cleanUp(in: scene.data)
        #expect(scene.text(scene.place + "/content") == "kept")
        #expect(scene.journals == [])
    }

    @Test func `what a living process works on is left alone`() throws {
        let scene = try Scene()
        try scene.leave([:])
        let journal = try RunJournal(in: scene.data, run: "RUN")
        RunJournal.cleanUp(in: scene.data)
        #expect(scene.itemNames == ["record"])
        _ = consume journal
        #expect(scene.journals == [])
    }

    @Test func `a file is put back as it was, and never over another one`() throws {
        let scene = try Scene()
        let before = try Files.status(scene.file)
        try scene.take()
        #expect(scene.text(scene.file) == nil)
        let item = try #require(try Quarantine.items(in: scene.data).first)
        #expect(item.record?.path == scene.file && item.record?.isExact == true && item.size == 7)
        try scene.folder.write("mine", to: "tree/file")
        #expect(throws: SystemCallError.self) { try Quarantine.restore(item, in: scene.data, to: scene.file) }
        #expect(scene.text(scene.file) == "mine")
        #expect(scene.itemNames == ["content", "record"])
        try Files.remove(scene.file)
        try Quarantine.restore(item, in: scene.data, to: scene.file)
        #expect(try Files.status(scene.file).identity == before.identity)
        #expect(scene.itemNames == nil)
        #expect(scene.journals == [])
    }

    @Test func `a copy takes no more room than the file, and has every byte`() throws {
        let folder = try TemporaryDirectory()
        var request = ProgramRun(
            "/bin/sh",
            ["-ec", "printf start > f; truncate -s 1T f; printf middle | dd of=f bs=1 seek=500G conv=notrunc"])
        request.directory = folder.path
        try #require(try request.run().status == .exited(0))
        do {
            let source = try Files.open(folder.path("f"), .readOnly)
            let copy = try Files.open(folder.path("copy"), [.writeOnly, .create, .exclusive], mode: 0o600)
            try Quarantine.copyContent(of: BorrowedDescriptor(source), to: BorrowedDescriptor(copy))
        }
        request.arguments = [
            "-ec",
            """
            stat -c %s copy; head -c 6 copy; echo; tail -c +$((500 * 1024 * 1024 * 1024 + 1)) copy | head -c 7 | od -An -c
            test $(stat -c %b copy) -lt 1000 && echo sparse
            """,
        ]
        #expect(
            try request.run().outputText
                == "1099511627776\nstart\u{0}\n   m   i   d   d   l   e  \\0\nsparse\n")
    }

    @Test func `no link leads a file elsewhere that is put back`() throws {
        let scene = try Scene()
        try scene.take()
        let item = try #require(try Quarantine.items(in: scene.data).first)
        try scene.folder.makeDirectory("elsewhere", mode: 0o700)
        try Files.rename(scene.folder.path("tree"), to: scene.folder.path("moved"))
        try Files.makeSymbolicLink(to: "elsewhere", at: scene.folder.path("tree"))
        #expect(throws: SystemCallError.self) { try Quarantine.restore(item, in: scene.data, to: scene.file) }
        #expect(try Files.names(in: scene.folder.path("elsewhere")) == [])
        #expect(scene.itemNames == ["content", "record"])
    }

    @Test func `a file that has its place again leaves quarantine, and one that has not stays`() throws {
        let scene = try Scene()
        try scene.take()
        let marker = "\(scene.file)\n\(scene.folder.path("tree"))/.copy\n"
        try scene.folder.makeDirectory("data/journal", mode: 0o700)
        for isBack in [false, true] {
            try scene.folder.write(marker, to: "data/quarantine/RUN-1/restoring")
            try scene.folder.write("", to: "data/journal/RUN-1")
            if isBack {
                try Files.link(scene.place + "/content", to: scene.file)
            } else {
                try scene.folder.write("cont", to: "tree/.copy")
            }
            RunJournal.cleanUp(in: scene.data)
            #expect(scene.itemNames == (isBack ? nil : ["content", "record"]))
            #expect(scene.text(scene.file) == (isBack ? "content" : nil))
            #expect(scene.text(scene.folder.path("tree/.copy")) == nil)
        }
    }

    @Test func `a folder is removed with all that is in it, however deep and whatever its permissions`() throws {
        let scene = try Scene()
        try Files.remove(scene.file)
        var request = ProgramRun(
            "/bin/sh",
            [
                "-ec",
                """
                mkdir file; cd file; i=0
                while [ $i -lt 300 ]; do mkdir a0123456789 b; echo x > c; ln -s / d; cd -P a0123456789; i=$((i + 1)); done
                mkdir -p e/f; chmod 0 e
                """,
            ])
        request.directory = scene.folder.path("tree")
        #expect(try request.run().status == .exited(0))
        try scene.take()
        // The moment after the first step of a removal.
        try Files.rename(scene.place + "/content", to: scene.place + "/" + Quarantine.discarded + "content")
        try scene.folder.makeDirectory("data/journal", mode: 0o700)
        try scene.folder.write("", to: "data/journal/RUN-1")
        RunJournal.cleanUp(in: scene.data)
        #expect(scene.itemNames == nil)
        #expect(scene.journals == [])
    }

    @Test func `a record that is cut off is none`() throws {
        let scene = try Scene()
        let record = QuarantineRecord(
            try scene.entry(), path: scene.file, holds: [.init(secret: "KEY", form: "gzip+raw", place: .content)])
        #expect(QuarantineRecord(record.text) == record)
        for count in 0..<(record.text.count - 4) { #expect(QuarantineRecord(String(record.text.prefix(count))) == nil) }
    }
}
