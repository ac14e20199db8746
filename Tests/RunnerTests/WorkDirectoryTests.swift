import Linux
import TestSupport
import Testing

@testable import Runner

/// Which directories a run may have as its working tree.
struct WorkDirectoryTests {
    static let places = Places(
        home: "/home/nobody-there", user: "u", data: "/data/vault-sandbox", policies: "/configuration/policies",
        runtime: "/run-of-u")

    /// Why a directory is refused; `nil` where it is not.
    private func refusal(_ path: String, _ places: Places = places) -> String? {
        do throws(RunError) {
            try WorkDirectory.check(path, places: places, home: places.home)
            return nil
        } catch {
            guard case .workDirectory(path, let reason, _) = error else { return "another error" }
            return reason
        }
    }

    @Test(arguments: ["/", "/home/nobody-there"])
    func `the root and the whole home are refused`(path: String) {
        #expect(refusal(path) == "a run may not write to / or to a whole home")
    }

    @Test func `what holds the home is refused with it`() {
        var places = Self.places
        places.home = "/data/homes/of/u"
        for path in ["/data", "/data/homes", "/data/homes/of", "/data/homes/of/u"] {
            #expect(refusal(path, places) == "a run may not write to / or to a whole home")
        }
        for path in ["/dat", "/data/homes/o", "/data/homes/of/u2", "/data/homes/of/u/x"] {
            #expect(refusal(path, places) == nil)
        }
    }

    @Test(arguments: [
        "/bin", "/boot", "/dev", "/dev/shm", "/etc", "/etc/x/y", "/lib", "/lib32", "/lib64", "/libx32", "/proc",
        "/proc/1",
        "/run", "/run/user/1000", "/sbin", "/sys", "/usr", "/usr/local/src", "/media", "/mnt", "/opt", "/root", "/srv",
        "/var", "/var/lib", "/var/log", "/var/log/x", "/var/spool/cron",
    ])
    func `a system folder is refused`(path: String) {
        #expect(refusal(path) == "a system folder is no working tree")
    }

    @Test(arguments: [
        "/home/nobody-there/.ssh", "/home/nobody-there/.ssh/x", "/home/nobody-there/.aws", "/home/nobody-there/.gnupg",
        "/home/nobody-there/.config/gh", "/home/nobody-there/.docker", "/home/nobody-there/.kube",
        "/home/nobody-there/.password-store", "/home/nobody-there/.local/share/keyrings/a", "/data/vault-sandbox",
        "/data/vault-sandbox/x", "/configuration/policies", "/run-of-u/vault-sandbox",
    ])
    func `a credential store and what is the launcher's own are refused`(path: String) {
        #expect(refusal(path) == "a credential store is no working tree")
    }

    @Test(arguments: [
        "/home/nobody-there/a", "/home/nobody-there/.sshx", "/home/other/a", "/tmp/a", "/srv/a", "/opt/a", "/mnt/a/b",
        "/var/lib/a", "/var/tmp/a", "/var/www", "/root/a", "/binx", "/usrx", "/data", "/a",
        "/data/vault-sandbox2",
    ])
    func `any other directory is taken`(path: String) {
        #expect(refusal(path) == nil)
    }

    @Test(arguments: ["/tmp", "/var/tmp"]) func `a folder of everybody's is refused`(path: String) {
        #expect(refusal(path) == "a folder of everybody's is no working tree")
    }

    @Test func `another user's home is refused, and what lies in it is not`() {
        #expect(refusal("/home/other") == "a run may not write to / or to a whole home")
        #expect(refusal("/home/other/project") == nil)
    }

    @Test(arguments: [
        "/home/nobody-there/.config", "/home/nobody-there/.local/bin", "/home/other/.config/x", "/root/.cargo/bin",
        "/srv/a/.git", "/srv/a/.git/hooks", "/home/nobody-there/a/.git/modules/b",
    ])
    func `what steers other programs is known by its path`(path: String) {
        #expect(WorkDirectory.executedLater(path, home: Self.places.home) != nil)
    }

    @Test(arguments: ["/home/nobody-there/a/.config", "/srv/.git2", "/srv/git", "/home/other/a", "/tmp/.x"])
    func `and what does not is not`(path: String) {
        #expect(WorkDirectory.executedLater(path, home: Self.places.home) == nil)
    }

    @Test(arguments: [(UInt32(0o1777), true), (0o1770, false), (0o777, false), (0o755, false)])
    func `a folder that everybody writes to is refused where it is sticky`(mode: UInt32, isRefused: Bool) throws {
        let folder = try TemporaryDirectory(mode: mode)
        #expect((WorkDirectory.sharing(try Files.status(folder.path)) != nil) == isRefused)
        let found = try? WorkDirectory.find(folder.path, places: Self.places)
        #expect(found == (isRefused ? nil : folder.path))
    }

    @Test(.requires(.root)) func `a folder that everybody writes to is refused where it is somebody else's`() throws {
        let folder = try TemporaryDirectory(mode: 0o777, owner: TestHome.ordinaryUser)
        #expect(throws: RunError.self) { try WorkDirectory.find(folder.path, places: Self.places) }
    }

    @Test func `a git directory is refused by what it holds, unless it is named to be written`() throws {
        let folder = try TemporaryDirectory()
        for name in ["HEAD", "refs"] { try folder.makeDirectory("bare/" + name) }
        let bare = folder.path("bare")
        #expect(try WorkDirectory.find(bare, places: Self.places) == bare)
        try folder.makeDirectory("bare/objects")
        #expect(throws: RunError.self) { try WorkDirectory.find(bare, places: Self.places) }
        #expect(try WorkDirectory.find(bare, writes: ["/none", folder.path], places: Self.places) == bare)
    }

    @Test func `a home of the root itself refuses no more than the root`() {
        var places = Self.places
        places.home = "/"
        #expect(refusal("/a", places) == nil)
        #expect(refusal("/", places) != nil)
    }

    @Test func `a directory is found by its canonical path, and what is none is refused`() throws {
        let folder = try TemporaryDirectory()
        let made = try folder.makeDirectory("a/b")
        try folder.write("", to: "file")
        #expect(try WorkDirectory.find(folder.path("a/../a/./b/"), places: Self.places) == made)
        for name in ["file", "missing"] {
            #expect(throws: RunError.self) { try WorkDirectory.find(folder.path(name), places: Self.places) }
        }
        #expect(throws: RunError.self) { try WorkDirectory.find("/tmp/../etc", places: Self.places) }
    }

    @Test func `with roots, only what lies at or below one of them is taken, links followed`() throws {
        let folder = try TemporaryDirectory()
        let inside = try folder.makeDirectory("root/inside")
        try folder.makeDirectory("root2")
        try Files.makeSymbolicLink(to: folder.path("root2"), at: folder.path("root/outward"))
        try Files.makeSymbolicLink(to: inside, at: folder.path("inward"))
        func find(_ name: String) throws -> String {
            try WorkDirectory.find(folder.path(name), roots: [folder.path("root")], places: Self.places)
        }
        for name in ["root", "root/inside", "inward", "root2/../root"] { _ = try find(name) }
        for name in ["root2", "root/outward", "root/..", "."] {
            #expect(throws: RunError.self, "\(name)") { try find(name) }
        }
        #expect(throws: RunError.self) { try WorkDirectory.find(inside, roots: [], places: Self.places) }
    }

    @Test func `a home, the root and a system folder are no work directories, a project is`() throws {
        for path in ["/", "/usr/share", "/home/nobody-there"] {
            #expect(!WorkDirectory.isUsable(path, places: Self.places))
        }
        let project = try TemporaryDirectory()
        #expect(WorkDirectory.isUsable(project.path, places: Self.places))
    }
}
