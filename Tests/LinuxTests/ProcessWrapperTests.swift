import Testing

@testable import Linux

/// The wrappers of calls on processes, signals, timers, namespaces and mounts, with their exact arguments.
struct ProcessWrapperTests {
    static let processCases = [
        WrapperCase("nextEvent", ["waitid(0, 0, 15)"]) {
            let result = try Processes.nextEvent()
            #expect(result == nil)
        },
        WrapperCase("end of a pidfd", ["waitid(3, 5, 4)", "close(5)"]) {
            let result = try Processes.end(of: owned(5))
            #expect(result == nil)
        },
        WrapperCase("send", ["kill(12, 15)"]) { try Processes.send(Signals.terminate, to: 12) },
        WrapperCase("send to a group", ["kill(-12, 9)"]) { try Processes.send(Signals.kill, to: -12) },
        WrapperCase("send through a pidfd", ["pidfd_send_signal(5, 9)", "close(5)"]) {
            try Processes.send(Signals.kill, to: owned(5))
        },
        WrapperCase("open", [.returns(7)], ["pidfd_open(12)", "close(7)"]) { _ = try Processes.open(12) },
        WrapperCase("startSession", ["setsid()"]) { try Processes.startSession() },
        WrapperCase("dieWithParent", ["prctl(1, 9, 0, 0, 0)"]) {
            try ProcessAttributes.dieWithParent(signal: Signals.kill)
        },
        WrapperCase("makeUndumpable", ["prctl(4, 0, 0, 0, 0)"]) { try ProcessAttributes.makeUndumpable() },
        WrapperCase("denyNewPrivileges", ["prctl(38, 1, 0, 0, 0)"]) { try ProcessAttributes.denyNewPrivileges() },
        WrapperCase("joinNewSessionKeyring", ["keyctl()"]) { try ProcessAttributes.joinNewSessionKeyring() },
        WrapperCase(
            "joinNewSessionKeyring where keyrings of the past use up the quota",
            [.fails(.quotaExceeded), .returns(0), .fails(.quotaExceeded)],
            ["keyctl()", "poll(0, 50)", "keyctl()", "poll(0, 50)", "keyctl()"]
        ) {
            try ProcessAttributes.joinNewSessionKeyring()
        },
        WrapperCase("installFilter", ["seccomp(2)"], retries: false) {
            try ProcessAttributes.installFilter([UInt8](repeating: 0, count: 16))
        },
        WrapperCase("ResourceLimit.current", ["getrlimit(7)"]) { _ = try ResourceLimit.current(.openFiles) },
        // The recorder leaves the ceiling at 0, and no limit may be set above the ceiling.
        WrapperCase("ResourceLimit.apply", ["getrlimit(7)", "setrlimit(7, 0, 0)"]) {
            try ResourceLimit(.openFiles, soft: 100, hard: 200).apply()
        },
        WrapperCase("SignalSet.block", ["rt_sigprocmask(0, 16386)"]) {
            try SignalSet([Signals.interrupt, Signals.terminate]).block()
        },
        WrapperCase("SignalSet.setBlocked", ["rt_sigprocmask(2, 0)"]) { try SignalSet([]).setBlocked() },
        WrapperCase("SignalDescriptor", [.returns(7)], ["signalfd(65536)", "close(7)"]) {
            _ = try SignalDescriptor(SignalSet([Signals.child]))
        },
        WrapperCase("EventDescriptor", [.returns(7)], ["eventfd(526336)", "close(7)"]) { _ = try EventDescriptor() },
        WrapperCase("TimerDescriptor", [.returns(7)], ["timerfd_create()", "close(7)"]) { _ = try TimerDescriptor() },
        WrapperCase("Loopback.bringUp", ["SIOCSIFFLAGS(lo)"], failingCall: "ioctl") { try Loopback.bringUp() },
    ]

    static let mountCases = [
        WrapperCase("copyTree", [.returns(7)], ["open_tree(5, , 561153)", "close(7)", "close(5)"]) {
            let source = owned(5)
            _ = try Mounts.copyTree(at: source)
        },
        WrapperCase("attach at a descriptor", ["move_mount(5, 6, , 68)", "close(6)", "close(5)"]) {
            let tree = owned(5)
            let place = owned(6)
            try Mounts.attach(tree, to: place)
        },
        WrapperCase("attach below a descriptor", ["move_mount(5, 6, a, 4)", "close(6)", "close(5)"]) {
            let tree = owned(5)
            let place = owned(6)
            try Mounts.attach(tree, to: place, path: "a")
        },
        WrapperCase("restrict", ["mount_setattr(5, 4096, 3, 0, 0, 0)", "close(5)"]) {
            try Mounts.restrict(owned(5), adding: [.readOnly, .noSetUID], recursively: false)
        },
        WrapperCase("restrict recursively", ["mount_setattr(5, 36864, 2097164, 0, 0, 0)", "close(5)"]) {
            try Mounts.restrict(owned(5), adding: [.noDevices, .noExecute, .noSymbolicLinks], recursively: true)
        },
        WrapperCase(
            "make", [.returns(7), .returns(0), .returns(0), .returns(0), .returns(8)],
            [
                "fsopen(tmpfs, 1)", "fsconfig(7, 1, size, 1m)", "fsconfig(7, 0, ro, -)", "fsconfig(7, 6, -, -)",
                "fsmount(7, 1, 6)", "close(7)", "close(8)",
            ]
        ) {
            _ = try Mounts.make("tmpfs", options: [("size", "1m"), ("ro", nil)], attributes: [.noSetUID, .noDevices])
        },
        WrapperCase("makePrivate", ["mount(/, 278528)"]) { try Mounts.makePrivate() },
        WrapperCase("unshare the network", ["unshare(1073741824)"]) { () throws in
            try NamespaceSet.network.unshare()
        },
        WrapperCase(
            "enter a new time namespace", [.returns(0), .returns(5), .returns(0)],
            [
                "unshare(128)", "openat2(-100, /proc/self/ns/time_for_children, 524288, 0, 0)", "setns(5, 128)",
                "close(5)",
            ]
        ) {
            try TimeNamespace.enterNew()
        },
        WrapperCase(
            "Landlock of the first version", [.returns(7)],
            ["landlock_create_ruleset(8191, 0, 0, 8)", "landlock_add_rule(7, 13, 5)", "close(7)", "close(5)"]
        ) {
            let place = owned(5)
            let rules = try LandlockRules(version: 1)
            try rules.allow(.read, at: place, isDirectory: true)
        },
        WrapperCase(
            "Landlock of the seventh version", [.returns(7)],
            [
                "landlock_create_ruleset(65535, 0, 3, 24)", "landlock_add_rule(7, 16391, 5)",
                "landlock_restrict_self(7)", "close(7)", "close(5)",
            ]
        ) {
            let place = owned(5)
            let rules = try LandlockRules(version: 7)
            try rules.allow(.write, at: place, isDirectory: false)
            try rules.enter()
        },
        WrapperCase("enterRootHere", ["pivot_root(., .)", "umount2(., 2)", "chdir(/)"]) {
            try Mounts.enterRootHere()
        },
    ]

    @Test(arguments: processCases + mountCases)
    func `a wrapper makes its calls with exact arguments`(wrapper: WrapperCase) {
        wrapper.expectExactCalls()
    }

    @Test(arguments: processCases + mountCases)
    func `a wrapper starts again when a signal interrupts it, or says so`(wrapper: WrapperCase) {
        wrapper.expectInterruption()
    }

    @Test(arguments: processCases + mountCases)
    func `a wrapper throws the kernel's error with the call's name`(wrapper: WrapperCase) {
        wrapper.expectFailure(.notPermitted)
    }

    @Test func `a mask keeps what it takes from others, and nothing that it takes from the owner`() {
        let recorder = SystemCallRecorder([.returns(0o762)])
        SystemCallRecorder.$current.withValue(recorder) { ProcessAttributes.keepOwnersRights() }
        #expect(recorder.calls == ["umask(63)", "umask(50)"])
    }

    @Test func `no child is no event and no error`() {
        for wrapper in Self.processCases where wrapper.calls[0].hasPrefix("waitid") {
            #expect(wrapper.record([.fails(.noChild)]).error == nil)
        }
    }

    @Test func `a file system that fails half-made is closed`() {
        for wrapper in Self.mountCases where wrapper.name == "make" {
            let (calls, error) = wrapper.record([.returns(7), .returns(0), .fails(.invalidArgument)])
            #expect(calls.last == "close(7)")
            #expect(error == SystemCallError(call: "fsconfig", errno: .invalidArgument, subject: "tmpfs ro"))
        }
    }

    @Test func `a wait for descriptors is not started again by a signal, but says nothing`() throws {
        let recorder = SystemCallRecorder([.fails(.interrupted)])
        let answer = try SystemCallRecorder.$current.withValue(recorder) {
            try Polling.wait([PollEntry(five, .readable), PollEntry(nil, [])], milliseconds: 100)
        }
        #expect(recorder.calls == ["poll(2, 100)"])
        #expect(answer == [[], []])
    }

    @Test(arguments: [
        (Duration.seconds(90), "timerfd_settime(7, 90, 0)"), (.milliseconds(1500), "timerfd_settime(7, 1, 500000000)"),
        (.zero, "timerfd_settime(7, 0, 0)"),
    ])
    func `a timer is armed with seconds and nanoseconds`(duration: Duration, call: String) throws {
        let recorder = SystemCallRecorder([.returns(7)])
        try SystemCallRecorder.$current.withValue(recorder) {
            let timer = try TimerDescriptor()
            try timer.arm(duration)
        }
        #expect(recorder.calls == ["timerfd_create()", call, "close(7)"])
    }

    @Test func `no signal waiting is no arrival, and a short record is none either`() throws {
        let recorder = SystemCallRecorder([.returns(7), .fails(.wouldBlock), .returns(4)])
        try SystemCallRecorder.$current.withValue(recorder) {
            let signals = try SignalDescriptor(SignalSet([Signals.child]))
            #expect(try signals.next() == nil)
            #expect(try signals.next() == nil)
        }
        #expect(recorder.calls == ["signalfd(65536)", "read(7, 128)", "read(7, 128)", "close(7)"])
    }

    @Test(arguments: [Errno(rawValue: 24), .noMemory])
    func `a pipe and a socket pair that cannot be made say why`(errno: Errno) {
        let pipe = WrapperCase("pipe", [String]()) { _ = try Pipe() }
        #expect(pipe.record([.fails(errno)]) == (["pipe2(524288)"], SystemCallError(call: "pipe2", errno: errno)))
        let sockets = WrapperCase("sockets", [String]()) { _ = try SocketPair() }
        #expect(
            sockets.record([.fails(errno)])
                == (["socketpair(524289)"], SystemCallError(call: "socketpair", errno: errno)))
    }
}
