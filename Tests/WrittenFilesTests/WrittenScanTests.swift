internal import Linux
internal import Redaction
internal import Secrets
internal import TestSupport
internal import Testing
@testable internal import WrittenFiles

/// Finding secrets in what was written since a moment.
struct WrittenScanTests {
    static let value = "kx7Qm2Zr9Lw4TnB8vY3c"

    /// A folder with one file from before, and a moment after which changes count.
    struct Scene: ~Copyable {
        let folder: TemporaryDirectory
        let tree: String
        let held: WrittenTree
        let clock: ChangeClock

        init() throws {
            let folder = try TemporaryDirectory()
            try Files.makeDirectory(folder.path("tree"), mode: 0o700)
            try folder.write(WrittenScanTests.value, to: "tree/old")
            // Changes are stamped by a clock that moves in steps, or by a finer one where somebody looked at the file.
            let written = try Files.status(folder.path("tree/old"), followingLinks: false).changed
            while Clocks.changeNanoseconds <= written {}
            let held = try WrittenTree(folder.path("tree"))
            tree = folder.path("tree")
            clock = ChangeClock()
            self.held = held
            self.folder = folder
        }

        func shell(_ script: String) throws {
            var request = ProgramRun("/bin/sh", ["-ec", script])
            request.directory = tree
            let outcome = try request.run()
            try #require(outcome.status == .exited(0), "\(outcome.errorText)")
        }

        func scan(blocking: Bool = false, budget: ScanBudget = ScanBudget()) -> WrittenReport {
            WrittenScan.scan(
                trees: [held], excluding: [], since: clock, matcher: WrittenScanTests.matcher, workDirectory: tree,
                quarantine: blocking ? Quarantine(in: folder.path + "/data", run: "RUN") : nil, watch: nil,
                budget: budget)
        }
    }

    static var matcher: Matcher {
        let value = Array(WrittenScanTests.value.utf8)
        let bytes = SecretBytes(count: value.count) { span in
            for index in value.indices { span[index] = value[index] }
        }
        return Matcher(secrets: [RedactionSecret(name: "KEY", value: SharedSecret(bytes))])
    }

    /// What a script leaves, and where and in which form the secret stands in it.
    static let scripts: [(script: String, path: String, form: String, place: WrittenSecret.Place)] = [
        ("printf %s $V > out.log", "out.log", "raw", .content),
        ("printf %s $V >> old", "old", "raw", .content),
        ("printf %s $V | base64 > out.log", "out.log", "base64", .content),
        ("printf %s $V | od -An -tx1 | tr -d ' \\n' > out.log", "out.log", "hex", .content),
        ("printf %s $V | rev > out.log", "out.log", "disguised", .content),
        ("mkdir -p a/b; printf %s $V > a/b/c; chmod 0 a/b/c", "a/b/c", "raw", .content),
        ("ln -s $V link", "link", "raw", .link),
        ("echo > $V.txt", "[redacted:KEY].txt", "raw", .name),
        ("mkdir $V", "[redacted:KEY]", "raw", .name),
        ("mkfifo $V", "[redacted:KEY]", "raw", .name),
        ("printf %s $V | gzip > out.gz", "out.gz", "gzip+raw", .content),
        ("printf %s $V | gzip | gzip > out.gz", "out.gz", "gzip+gzip+raw", .content),
        ("printf %s $V > f; gzip f; tar cf out.tar f.gz; rm f.gz", "out.tar", "gzip+raw", .content),
        ("printf %s $V > f; tar czf out.tgz f; rm f", "out.tgz", "gzip+raw", .content),
        ("mv old other", "other", "raw", .content),
        ("truncate -s 1T sparse; printf %s $V >> sparse", "sparse", "raw", .content),
        ("printf %s $V | dd of=sparse bs=1 seek=1G status=none", "sparse", "raw", .content),
    ]

    @Test(arguments: scripts.indices) func `what a program leaves is found by content, name and link`(
        index: Int
    ) throws {
        let (script, path, form, place) = Self.scripts[index]
        let scene = try Scene()
        #expect(scene.scan().secrets.isEmpty)
        try scene.shell("V=\(Self.value); " + script)
        let found = scene.scan().secrets.filter { $0.place == place }
        #expect(found.map(\.path) == [path] && found.map(\.form) == [form], "\(script): \(found)")
    }

    @Test func `what was there before and only read is not looked at`() throws {
        let scene = try Scene()
        try scene.shell("cat old >/dev/null; echo harmless > new; mkfifo fifo; ln -s /etc/passwd link")
        #expect(scene.scan() == WrittenReport())
    }

    @Test func `objects of git are unpacked`() throws {
        let scene = try Scene()
        try scene.shell("git init -q . && printf %s \(Self.value) > f && git add f && rm f")
        #expect(scene.scan().secrets.map(\.form) == ["zlib+raw"])
    }

    @Test func `a packed file of zeros is unpacked to a bound, which is told`() throws {
        let scene = try Scene()
        try scene.shell("head -c 30M /dev/zero | gzip -1 > bomb.gz")
        let bomb = try Files.contents(of: scene.tree + "/bomb.gz", limit: 1 << 20)
        let record = ContentRecord(budget: ScanBudget(), mostUnpacked: 1 << 20)
        let scan = ContentScan(matcher: Self.matcher, record: record)
        scan.write(bomb.span)
        scan.finish()
        #expect(record.gaps == ["it unpacks to more than 1 MiB"])
    }

    @Test func `packed files are unpacked to a bound for all together, and the rest is told`() throws {
        let scene = try Scene()
        // In every order of the walk the bombs use the budget up, and what stands as it is is found all the same.
        try scene.shell(
            "for i in 1 2 3 4; do head -c 2M /dev/zero | gzip -1 > bomb$i.gz; printf %s \(Self.value) > plain$i; done")
        let report = scene.scan(budget: ScanBudget(mostUnpacked: 5 << 20))
        #expect(report.secrets.map(\.path).sorted() == ["plain1", "plain2", "plain3", "plain4"])
        #expect(report.unscanned.count == 2, "\(report.unscanned)")
        #expect(
            report.unscanned.allSatisfy { file in
                file.path.hasPrefix("bomb")
                    && file.reason == "the run's files unpack to more than 5 MiB together, or take as long"
            }, "\(report.unscanned)")
    }

    /// Streams that are much work and unpack to nothing: empty blocks with the fixed codes, headers without an end, and
    /// the beginnings of packed parts.
    private static let idleStreams: [(name: String, start: [UInt8], unit: [UInt8])] = [
        ("empty blocks", [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 3], [0x02, 0x08, 0x20, 0x80, 0x00]),
        ("a name without an end", [0x1F, 0x8B, 8, 8, 0, 0, 0, 0, 0, 3], [0x61]),
        ("beginnings", [], [0x1F, 0x8B, 8, 0xE0]),
    ]

    @Test(arguments: idleStreams.indices) func `work that unpacks nothing is counted, too`(index: Int) {
        let (name, start, unit) = Self.idleStreams[index]
        let stream = start + (0..<20_000).flatMap { _ in unit }
        let budget = ScanBudget()
        let scan = ContentScan(matcher: Self.matcher, record: ContentRecord(budget: budget))
        // In pieces, as sparse files have them.
        for start in stride(from: 0, to: stream.count, by: 4096) {
            scan.write(stream.span.extracting(start..<min(start + 4096, stream.count)))
        }
        scan.finish()
        #expect(budget.spent > stream.count, "\(name): \(budget.spent)")
    }

    @Test func `a file is read once, however many names it has`() throws {
        let scene = try Scene()
        try scene.shell("head -c 4M /dev/zero | gzip -1 > 0; for i in $(seq 50); do ln 0 $i; done")
        let budget = ScanBudget()
        #expect(scene.scan(budget: budget) == WrittenReport())
        #expect(budget.spent >= 4 << 20 && budget.spent < 6 << 20, "\(budget.spent)")
    }

    @Test func `a request to stop ends the look, and what was not looked at is told first`() throws {
        let scene = try Scene()
        try scene.shell("mkdir a; for i in $(seq 60); do echo > $i; printf %s \(Self.value) > a/$i; done")
        let none = scene.scan(budget: ScanBudget { true })
        #expect(none.secrets.isEmpty)
        #expect(none.unscanned == [UnscannedFile(path: scene.tree, reason: "a request to stop ended the look at it")])
        #expect(none.omitted == 0)
        // Within a file: its packed part is not unpacked to the end, and the file is named as well.
        try scene.shell("rm -r a [0-9]*; head -c 8M /dev/zero | gzip -1 > bomb.gz")
        let asked = Counter()
        let some = scene.scan(budget: ScanBudget { asked.next() > 20 })
        #expect(some.unscanned.map(\.path) == [scene.tree, "bomb.gz"], "\(some.unscanned)")
        #expect(Set(some.unscanned.map(\.reason)) == ["a request to stop ended the look at it"])
        #expect(scene.scan() == WrittenReport())
    }

    /// Counts how often it was asked.
    private final class Counter {
        private var count = 0

        func next() -> Int {
            count += 1
            return count
        }
    }

    @Test func `archives in archives are unpacked to a bound, which is told`() throws {
        let scene = try Scene()
        try scene.shell("printf %s \(Self.value) | gzip | gzip | gzip | gzip > four")
        try scene.shell("printf %s \(Self.value) | gzip | gzip | gzip | gzip | gzip > five")
        let report = scene.scan()
        #expect(report.secrets.map(\.path) == ["four"])
        #expect(report.unscanned.map(\.path) == ["five"])
    }

    @Test func `a tree deeper than a path may be long is walked to its end`() throws {
        let scene = try Scene()
        try scene.shell(
            """
            d=$(printf %0200d 0); i=0
            while [ $i -lt 40 ]; do mkdir $d; cd -P ./$d; i=$((i + 1)); done
            printf %s \(Self.value) > end
            """)
        let found = scene.scan().secrets
        #expect(found.count == 1 && found.first?.path.hasSuffix("/end") == true)
    }

    @Test func `what holds a secret is moved away, and a record says from where`() throws {
        let scene = try Scene()
        try scene.shell("printf %s \(Self.value) > out.log; ln -s \(Self.value) link; echo fine > other")
        let report = scene.scan(blocking: true)
        #expect(report.secrets.map(\.action) == [.quarantined, .quarantined])
        #expect(try Files.names(in: scene.tree).sorted() == ["old", "other"])
        let quarantine = scene.folder.path + "/data/quarantine"
        let items = try Files.names(in: quarantine).sorted()
        #expect(items == ["RUN-1", "RUN-2"])
        let records = try items.map { item in
            String(
                decoding: try Files.contents(of: quarantine + "/" + item + "/record", limit: 4096), as: UTF8.self)
        }
        #expect(records.contains { $0.hasPrefix("path \(scene.tree)/out.log\nexact yes\n") })
        #expect(records.contains { $0.hasPrefix("path \(scene.tree)/link\nexact yes\n") })
        #expect(records.contains { $0.hasSuffix("holds KEY raw content\nend\n") })
        #expect(try Files.status(quarantine).permissions == 0o700)
    }

    @Test func `a file with two names in the tree is moved with both, one with a name elsewhere is told as a failure`()
        throws
    {
        let scene = try Scene()
        try scene.shell("printf %s \(Self.value) > a; ln a b; printf %s \(Self.value) > c; ln c ../outside")
        let report = scene.scan(blocking: true)
        let actions = Dictionary(uniqueKeysWithValues: report.secrets.map { ($0.path, $0.action) })
        #expect(actions == ["a": .quarantined, "b": .quarantined, "c": .failed])
    }

    @Test func `what other packers made is told, wherever it begins, and text that names them is not`() throws {
        let scene = try Scene()
        try scene.shell(
            """
            python3 -c '
            import bz2, io, lzma, tarfile
            for name, pack in ("xz", lzma.compress), ("bz2", bz2.compress):
                data = pack(b"x" * 5000)
                open("a." + name, "wb").write(data)
                with tarfile.open("in-" + name + ".tar", "w") as archive:
                    info = tarfile.TarInfo("doc")
                    info.size = len(data)
                    archive.addfile(info, io.BytesIO(data))
            '
            python3 -c '
            import lzma
            open("a.lzma", "wb").write(lzma.compress(b"x" * 5000, format=lzma.FORMAT_ALONE))
            open("words.lzma", "wb").write(b"]" * 40)
            '
            { printf 'head '; printf '\\050\\265\\057\\375'; printf tail; } > in-zst
            echo 'BZh91 and 7z and xz' > words
            """)
        let told = Dictionary(grouping: scene.scan().unscanned, by: \.path).mapValues { $0.map(\.reason) }
        #expect(
            told == [
                "a.lzma": ["packed by lzma, which is not unpacked"],
                "a.xz": ["packed by xz, which is not unpacked"], "in-xz.tar": ["packed by xz, which is not unpacked"],
                "a.bz2": ["packed by bzip2, which is not unpacked"],
                "in-bz2.tar": ["packed by bzip2, which is not unpacked"],
                "in-zst": ["packed by zstd, which is not unpacked"],
            ])
    }
}
