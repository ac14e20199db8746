internal import Linux
internal import TestSupport
internal import Testing

@testable internal import WrittenFiles

/// What another program, or another run, changes while the look at written files goes on.
struct RestlessTreeTests {
    private typealias Scene = WrittenScanTests.Scene
    private static let value = WrittenScanTests.value

    /// A look during which something happens at each moment that is asked whether it goes on.
    private static func budget(_ event: @escaping (_ moment: Int) -> Void) -> ScanBudget {
        var moment = 0
        return ScanBudget(isUnwanted: {
            event(moment)
            moment += 1
            return false
        })
    }

    /// A tree with folders of a few files, in one of which a file holds the secret.
    private static func scene() throws -> Scene {
        let scene = try Scene()
        try scene.shell(
            """
            mkdir a b c d; for i in a b c d; do echo x > $i/1; echo x > $i/2; mkdir $i/in; done
            echo \(value) > b/secret; mkdir c/folder; echo \(value) > c/folder/other
            """)
        return scene
    }

    @Test(arguments: 0..<32, [false, true]) func `what is moved once during the look is found where it is then`(
        moment: Int, blocking: Bool
    ) throws {
        for target in ["a", "c", "d"] {
            let scene = try Self.scene()
            let tree = scene.tree
            let report = scene.scan(
                blocking: blocking,
                budget: Self.budget { now in
                    guard now == moment else { return }
                    try? Files.rename(tree + "/b/secret", to: tree + "/\(target)/secret")
                    try? Files.rename(tree + "/c/folder", to: tree + "/\(target)/in/folder")
                })
            let held = Set(report.secrets.map { $0.path.split(separator: "/").last })
            #expect(held == ["secret", "other"], "\(report)")
            #expect(report.unscanned.isEmpty, "\(report)")
            guard blocking else { continue }
            #expect(report.secrets.allSatisfy { $0.action != .failed }, "\(report)")
            for file in ["b/secret", "\(target)/secret", "c/folder/other", "\(target)/in/folder/other"] {
                #expect((try? Files.status(tree + "/" + file)) == nil, "\(file): \(report)")
            }
        }
    }

    @Test func `folders that do not come to rest are told`() throws {
        let scene = try Self.scene()
        let tree = scene.tree
        let report = scene.scan(
            budget: Self.budget { now in
                let places = [tree + "/b/secret", tree + "/d/secret"]
                try? Files.rename(places[now % 2], to: places[1 - now % 2])
            })
        let restless = report.unscanned.filter { $0.reason.contains("again and again") }
        #expect(restless.map(\.path).sorted() == ["b", "d"], "\(report)")
    }

    @Test(arguments: 0..<24) func `what is moved to a watched folder without a change is found there`(
        moment: Int
    ) throws {
        let scene = try Scene()
        try scene.shell("mkdir a b c; echo x > a/1; echo x > b/1; mkdir c/in; echo x > c/in/1")
        let written = try Files.status(scene.tree + "/c/in/1", followingLinks: false).changed
        while Clocks.changeNanoseconds <= written {}
        let clock = ChangeClock()
        let watch = try ChangeWatch(trees: [scene.held], excluding: [], since: clock)
        watch.watchEach()
        try scene.shell("echo \(Self.value) > b/secret")
        let tree = scene.tree
        let report = WrittenScan.scan(
            trees: [scene.held], excluding: [], since: clock, matcher: WrittenScanTests.matcher, workDirectory: tree,
            quarantine: nil, watch: watch,
            budget: Self.budget { now in
                if now == moment { try? Files.rename(tree + "/b/secret", to: tree + "/c/in/secret") }
            })
        #expect(Set(report.secrets.map { $0.path.split(separator: "/").last }) == ["secret"], "\(report)")
        #expect(report.unscanned.isEmpty, "\(report)")
        #expect(watch.remainder() == nil)
    }

    @Test(arguments: 0..<8) func `what is gone before it is moved away is no failure`(moment: Int) throws {
        let scene = try Scene()
        try scene.shell("echo \(Self.value) > secret")
        let file = scene.tree + "/secret"
        let report = scene.scan(
            blocking: true, budget: Self.budget { now in if now == moment { try? Files.remove(file) } })
        #expect(report.secrets.allSatisfy { $0.action != .failed }, "\(report)")
        #expect((try? Files.names(in: scene.tree)) == ["old"])
    }

    @Test func `a file that grows during the look is told`() throws {
        let scene = try Scene()
        try scene.shell("head -c 2M /dev/zero > log")
        let log = scene.tree + "/log"
        let report = scene.scan(
            budget: Self.budget { _ in
                guard let file = try? Files.open(log, [.writeOnly, .append]) else { return }
                try? BorrowedDescriptor(file).writeAll("more\n")
            })
        #expect(report.unscanned == [UnscannedFile(path: "log", reason: "it was changed during the look")])
    }

    @Test func `a folder that was moved away is not told as one that was not looked at`() throws {
        let scene = try Scene()
        try scene.shell("mkdir -p \(Self.value)/in; echo x > \(Self.value)/in/file")
        let report = scene.scan(blocking: true)
        #expect(report.secrets.map(\.action) == [.quarantined])
        #expect(report.unscanned.isEmpty, "\(report)")
    }

    @Test(.requires(.command("setfattr"))) func `two attributes that hold the same are told once`() throws {
        let scene = try Scene()
        try scene.shell("echo x > f; setfattr -n user.a -v \(Self.value) f; setfattr -n user.b -v \(Self.value) f")
        #expect(scene.scan().secrets.map(\.place) == [.attribute])
    }
}
