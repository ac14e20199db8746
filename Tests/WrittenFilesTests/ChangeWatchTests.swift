internal import Linux
internal import TestSupport
internal import Testing
@testable internal import WrittenFiles

/// What a watch beside a run leaves for its end, against a look at everything.
struct ChangeWatchTests {
    /// A tree of directories three deep, with a file in each, from before a moment.
    struct Scene: ~Copyable {
        let folder: TemporaryDirectory
        let tree: String
        let held: WrittenTree
        let clock: ChangeClock
        let watch: ChangeWatch

        init() throws {
            let folder = try TemporaryDirectory()
            let tree = folder.path("tree")
            try Files.makeDirectory(tree, mode: 0o700)
            try Self.shell(
                """
                for a in 0 1 2; do for b in 0 1 2; do
                    mkdir -p d$a/d$b/d0
                    echo x | tee f d$a/f d$a/d$b/f d$a/d$b/d0/f >/dev/null
                done; done
                touch -d '1 hour ago' end
                """, in: tree)
            let written = try Files.status(tree + "/end", followingLinks: false).changed
            while Clocks.changeNanoseconds <= written {}
            let clock = ChangeClock()
            let held = try WrittenTree(tree)
            watch = try ChangeWatch(trees: [held], excluding: [], since: clock)
            self.held = held
            self.clock = clock
            self.tree = tree
            self.folder = folder
        }

        static func shell(_ script: String, in folder: String) throws {
            var request = ProgramRun("/bin/bash", ["-ec", script])
            request.directory = folder
            let outcome = try request.run()
            try #require(outcome.status == .exited(0), "\(script): \(outcome.errorText)")
        }

        func shell(_ script: String) throws { try Self.shell(script, in: tree) }

        /// What the watch left, looked at; `nil` where it left everything.
        func watched() -> Set<String>? {
            guard let remainder = watch.remainder() else { return nil }
            var found: Set<String> = []
            var walk = ChangeWalk(since: clock, excluding: [])
            walk.walk(remainder, found: { add($0, to: &found) }, missed: { _, error in Issue.record(error) })
            return found
        }

        /// What a look at everything gives.
        func all() -> Set<String> {
            var found: Set<String> = []
            var walk = ChangeWalk(since: clock, excluding: [])
            walk.walk(held, found: { add($0, to: &found) }, missed: { _, error in Issue.record(error) })
            return found
        }

        private func add(_ entry: TreeEntry, to found: inout Set<String>) -> Bool {
            // A directory's own time also says that something was removed from it.
            let isFile = entry.status.kind != .directory
            if isFile { found.insert(String(decoding: entry.place.dropFirst(tree.utf8.count + 1), as: UTF8.self)) }
            return true
        }
    }

    static let scripts = [
        "", "echo y >> f", "echo y > d1/d2/d0/f", "echo y > d1/new", "mkdir n; echo y > n/f", "mv d0 d1/d0/moved",
        "mv d0/d1 x; mv d0/d0 d0/d1; mv x d0/d0", "mv d0/d1/f g", "chmod 0 d2/f", "ln -s x d0/l",
        "rm -r d1; mkdir -p d1/d0/d0; echo y > d1/d0/d0/f", "truncate -s 1 d2/d2/f", "touch -d '1 hour ago' d2/d0/f",
        "mkfifo d0/p", "mv -T d2/d0/d0 d2/d1/d0/y; echo y > d2/d1/d0/y/f", "mv d0 n; mkdir d0; mv n d0/n",
        "for i in $(seq 3000); do echo y > d0/n$i; done",
        "chmod 300 d0; chmod 400 d1; chmod 100 d2/d0/d0; echo y > d0/f",
        """
        python3 -c '
        import mmap
        file = open("d2/d0/f", "r+b")
        view = mmap.mmap(file.fileno(), 0)
        file.close()
        view[0] = 90
        view.flush()'
        """,
        """
        python3 -c '
        import os
        file = os.open("d2/d0", os.O_TMPFILE | os.O_RDWR)
        os.link(f"/proc/self/fd/{file}", "d1/d1/t", src_dir_fd=os.open("/", 0), follow_symlinks=True)
        os.write(file, b"y")'
        """,
        "exec 5>>d1/f; mv d1 n; echo y >&5", "exec 5>>d1/f; ln d1/f d2/g; rm d1/f; echo y >&5",
    ]

    @Test(arguments: scripts) func `every change is found, and no more is looked at than it takes`(script: String)
        throws
    {
        for isEarly in [true, false] {
            let scene = try Scene()
            if !isEarly { scene.watch.watchEach() }
            try scene.shell(script)
            if isEarly { scene.watch.watchEach() }
            let (found, all) = (scene.watched(), scene.all())
            #expect(found == all, "\(script)")
        }
    }

    @Test(arguments: 0..<12) func `a change is found whenever it comes`(seed: Int) throws {
        let scene = try Scene()
        let script = """
            set +e
            exec 2>/dev/null
            shopt -s globstar nullglob
            RANDOM=\(seed)
            pick() { local all=($1); picked=${all[RANDOM % ${#all[@]}]}; }
            for step in $(seq 60); do
                pick '**/f*'; file=$picked
                pick '**/'; folder=$picked
                case $((RANDOM % 7)) in
                0) echo y >> $file ;;
                1) echo y > ${folder}f$step ;;
                2) mkdir ${folder}d$step; echo y > ${folder}d$step/f ;;
                3) pick '**/'; mv -n $folder $picked ;;
                4) mv $file $folder ;;
                5) [ $((RANDOM % 5)) = 0 ] && rm -r $folder ;;
                6) rm $file ;;
                esac
            done
            true
            """
        // While the thread goes from directory to directory.
        let watch = scene.watch
        try Threads.start { watch.watchEach() }
        try scene.shell(script)
        #expect(scene.watched() == scene.all())
    }

    @Test func `more events than the kernel keeps leave everything to the end`() throws {
        let scene = try Scene()
        scene.watch.watchEach()
        let limit = String(
            decoding: try Files.contents(of: "/proc/sys/fs/inotify/max_queued_events", limit: 64), as: UTF8.self)
        let count = try #require(Int(limit.dropLast())) + 1
        try scene.shell("for i in $(seq \(count / 2 + 1)); do : > d0/$i; done; ls d0 | wc -l")
        #expect(scene.watch.remainder() == nil)
    }

    @Test func `a watch that has ended leaves everything`() throws {
        let scene = try Scene()
        scene.watch.watchEach()
        scene.watch.end()
        #expect(scene.watch.remainder() == nil)
    }

    @Test func `every name of a file that holds a secret is found`() throws {
        let scene = try WrittenScanTests.Scene()
        try scene.shell("mkdir a b; echo x > a/f; ln a/f b/f")
        let written = try Files.status(scene.tree + "/b/f", followingLinks: false).changed
        while Clocks.changeNanoseconds <= written {}
        let clock = ChangeClock()
        let watch = try ChangeWatch(trees: [scene.held], excluding: [], since: clock)
        watch.watchEach()
        try scene.shell("printf %s \(WrittenScanTests.value) > a/f")
        let report = WrittenScan.scan(
            trees: [scene.held], excluding: [], since: clock, matcher: WrittenScanTests.matcher,
            workDirectory: scene.tree, quarantine: nil, watch: watch)
        #expect(Set(report.secrets.map(\.path)) == ["a/f", "b/f"])
    }
}
