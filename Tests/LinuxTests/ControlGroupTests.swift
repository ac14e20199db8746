internal import TestSupport
import Testing

@testable import Linux

/// Control groups: where this process is by the kernel's texts, and a real group where one can be made.
struct ControlGroupTests {
    static let mounts = """
        31 23 0:28 / /sys/fs/cgroup rw,relatime - tmpfs tmpfs rw,mode=755
        35 31 0:32 / /sys/fs/cgroup/memory rw,relatime shared:9 - cgroup cgroup rw,memory
        39 31 0:36 / /sys/fs/cgroup/pids rw,relatime - cgroup cgroup rw,pids
        41 31 0:38 / /sys/fs/cgroup/unified rw,relatime master:1 shared:7 - cgroup2 cgroup2 rw
        """

    @Test func `both versions are found side by side`() {
        let places = ControlGroupPlaces(groups: "8:pids:/\n4:memory:/a/b\n0::/\n", mounts: Self.mounts)
        #expect(places.memory == "/sys/fs/cgroup/memory/a/b")
        #expect(places.unified == "/sys/fs/cgroup/unified")
    }

    @Test func `in a container, a mount shows the tree from the container's group on`() {
        let mounts = "1 2 0:3 /docker/x /sys/fs/cgroup ro - cgroup2 cgroup rw\n"
        #expect(ControlGroupPlaces(groups: "0::/docker/x\n", mounts: mounts).unified == "/sys/fs/cgroup")
        #expect(ControlGroupPlaces(groups: "0::/docker/x/y\n", mounts: mounts).unified == "/sys/fs/cgroup/y")
        #expect(ControlGroupPlaces(groups: "0::/docker/xy\n", mounts: mounts).unified == nil)
    }

    @Test(arguments: ["", "\n\n", "0", "0:", "::::", "4:memory", "- - - - - - - - -", "1 2 3 4 5 - cgroup2"])
    func `a text of another shape says nothing`(text: String) {
        #expect(ControlGroupPlaces(groups: text, mounts: text) == ControlGroupPlaces(groups: "", mounts: ""))
    }

    @Test func `the tree that counts processor time is found alone and beside another controller`() {
        for controllers in ["cpuacct", "cpu,cpuacct"] {
            let mounts = "1 2 0:3 / /sys/fs/cgroup/cpu rw - cgroup cgroup rw,\(controllers)\n"
            let places = ControlGroupPlaces(groups: "2:\(controllers):/a\n", mounts: mounts)
            #expect(places.processorTime == "/sys/fs/cgroup/cpu/a")
            #expect(places.memory == nil)
        }
    }

    @Test func `a count of processor time is read in the forms of both versions`() {
        #expect(ProcessorTimeCounter.milliseconds("2000000000\n") == 2000)
        #expect(ProcessorTimeCounter.milliseconds("usage_usec 1500999\nuser_usec 7\n") == 1500)
        for text in ["", "x\n", "user_usec 7\n"] { #expect(ProcessorTimeCounter.milliseconds(text) == nil) }
    }

    @Test func `a ceiling of processor time is looked at when what is left could be used up, and not all the time`() {
        var ceiling = ProcessorTimeCeiling(milliseconds: 256_000_000)
        #expect(ceiling.pause > 900_000 && !ceiling.isDue)
        for (used, isTooMuch): (UInt64, Bool) in [
            (255_999_000, false), (256_000_000, false), (256_000_001, true),
        ] {
            let found = ceiling.isExceeded(by: used)
            #expect(found == isTooMuch, "\(used)")
            if !isTooMuch { #expect(ceiling.pause <= 50) }
        }
    }

    @Test(.requires(.root, .processorGroups)) func `a group counts what a process in it uses`() throws {
        guard let group = ControlGroup.makeCounting() else {
            Issue.record("no group could be made")
            return
        }
        var request = ProgramRun("/bin/sh", ["-c", "read x; i=0; while [ $i -lt 100000 ]; do i=$((i+1)); done"])
        request.input = Array("go\n".utf8)
        var program = try request.start()
        try group.admit(program.process)
        let before = try #require(group.processorTime.milliseconds)
        _ = try program.finish()
        #expect(try #require(group.processorTime.milliseconds) > before)
    }

    @Test(.requires(.root, .memoryGroups)) func `a group is removed with its owner, and so is one left behind`() throws
    {
        let places = ControlGroupPlaces.ofThisProcess()
        let parent = try #require(places.memory ?? places.unified)
        func groups() throws -> [String] { try Files.names(in: parent).filter { $0.hasPrefix("vault-sandbox-") } }
        // No process has so high a number: pid_max is at most 2^22.
        try Files.makeDirectory(parent + "/vault-sandbox-99999999-0", mode: 0o755)
        do {
            guard let group = ControlGroup.make(memory: 64 << 20) else {
                Issue.record("no group could be made")
                return
            }
            #expect(group.ended == 0)
            #expect(try groups().allSatisfy { !$0.contains("99999999") })
            #expect(try groups().contains { $0.hasPrefix("vault-sandbox-\(Processes.current)-") })
        }
        #expect(try !groups().contains { $0.hasPrefix("vault-sandbox-\(Processes.current)-") })
    }
}
