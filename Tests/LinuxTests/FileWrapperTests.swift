import Testing

@testable import Linux

/// The wrappers of calls on descriptors and paths, with their exact arguments.
struct FileWrapperTests {
    static let descriptorCases = [
        WrapperCase("close", ["close(5)"], retries: false) { try owned(5).close() },
        WrapperCase("duplicate", [.returns(17)], ["fcntl(5, 1030, 16)", "close(17)"]) {
            _ = try five.duplicate(atLeast: 16)
        },
        WrapperCase("rewind", ["lseek(5, 0, 0)"]) { try five.rewind() },
        WrapperCase("seek", ["lseek(5, 9, 0)"]) { try five.seek(to: 9) },
        WrapperCase("setSize", ["ftruncate(5, 9)"]) { try five.setSize(9) },
        WrapperCase("stepBack", ["lseek(5, -7, 1)"]) { try five.stepBack(7) },
        WrapperCase("move", [.returns(3)], ["splice(5, 6, 4096, 2)"]) {
            let result = try five.move(to: BorrowedDescriptor(rawValue: 6), atMost: 4096)
            #expect(result == 3)
        },
        WrapperCase("copy", [.returns(3)], ["tee(5, 6, 4096, 2)"]) {
            let result = try five.copy(toPipe: BorrowedDescriptor(rawValue: 6), atMost: 4096)
            #expect(result == 3)
        },
        WrapperCase("read", [.returns(3)], ["read(5, 3)"]) {
            var buffer = [UInt8](repeating: 0, count: 4)
            var span = buffer.mutableSpan
            let result = try five.read(into: &span, from: 1)
            #expect(result == 3)
        },
        WrapperCase("readExactly", [.returns(2), .returns(2)], ["read(5, 4)", "read(5, 2)"]) {
            var buffer = [UInt8](repeating: 0, count: 4)
            var span = buffer.mutableSpan
            try five.readExactly(into: &span)
        },
        WrapperCase("readToEnd", [.returns(2), .returns(0)], ["read(5, 11)", "read(5, 11)"]) {
            let result = try five.readToEnd(limit: 10)
            #expect(result == [0, 0])
        },
        WrapperCase("write", [.returns(3)], ["write(5, 3)"]) {
            let bytes: [UInt8] = [1, 2, 3]
            let result = try five.write(bytes.span)
            #expect(result == 3)
        },
        WrapperCase("writeAll", [.returns(2), .returns(1)], ["write(5, 3)", "write(5, 1)"]) {
            try five.writeAll("abc")
        },
        WrapperCase("lock", ["flock(5, 6)"]) { try five.lock(waiting: false) },
        WrapperCase("lock, waiting", ["flock(5, 2)"]) { try five.lock(waiting: true) },
        WrapperCase("synchronize", ["fsync(5)"]) { try five.synchronize() },
        WrapperCase("setPermissions", ["fchmod(5, 384)"]) { try five.setPermissions(0o600) },
        WrapperCase("setNonBlocking", [.returns(1)], ["fcntl(5, 3, 0)", "fcntl(5, 4, 2049)"]) {
            try five.setNonBlocking(true)
        },
        WrapperCase("setNonBlocking, off", [.returns(2049)], ["fcntl(5, 3, 0)", "fcntl(5, 4, 1)"]) {
            try five.setNonBlocking(false)
        },
        WrapperCase(
            "MemoryFile.make", [.returns(7), .returns(20)],
            ["memfd_create(name, 3)", "fcntl(7, 1030, 16)", "close(7)", "close(20)"]
        ) { _ = try MemoryFile.make(name: "name", atLeast: 16) },
        WrapperCase("MemoryFile.seal", ["fcntl(5, 1033, 15)", "close(5)"]) { try MemoryFile.seal(owned(5)) },
    ]

    static let pathCases = [
        WrapperCase("open", [.returns(7)], ["openat2(-100, a, 524288, 0, 0)", "close(7)"]) {
            _ = try Files.open("a", .readOnly)
        },
        WrapperCase("open, new", [.returns(7)], ["openat2(-100, a, 524481, 384, 12)", "close(7)"]) {
            _ = try Files.open(
                "a", [.writeOnly, .create, .exclusive], mode: 0o600, resolving: [.beneath, .noSymbolicLinks])
        },
        WrapperCase("open, path only", [.returns(7)], ["openat2(5, a, 2752512, 0, 2)", "close(7)", "close(5)"]) {
            let directory = owned(5)
            _ = try Files.open("a", [.path, .noFollow], from: .open(directory), resolving: .noMagicLinks)
        },
        WrapperCase("status", ["fstatat(-100, a, 0)"]) { _ = try Files.status("a") },
        WrapperCase("status of a link", ["fstatat(-100, a, 256)"]) {
            _ = try Files.status("a", followingLinks: false)
        },
        WrapperCase("status of a descriptor", ["fstatat(5, , 4096)"]) { _ = try Files.status(of: five) },
        WrapperCase("makeDirectory", ["mkdirat(-100, a, 448)"]) { try Files.makeDirectory("a", mode: 0o700) },
        WrapperCase("makeSymbolicLink", ["symlinkat(target, -100, a)"]) {
            try Files.makeSymbolicLink(to: "target", at: "a")
        },
        WrapperCase("linkTarget", ["readlinkat(-100, a, 4096)"]) {
            let result = try Files.linkTarget("a")
            #expect(result == "")
        },
        WrapperCase("remove", ["unlinkat(-100, a, 0)"]) { try Files.remove("a") },
        WrapperCase("remove a directory", ["unlinkat(-100, a, 512)"]) {
            try Files.remove("a", isDirectory: true)
        },
        WrapperCase("rename", ["renameat(-100, a, -100, b)"]) { try Files.rename("a", to: "b") },
        WrapperCase("changeDirectory", ["chdir(/a)"]) { try Files.changeDirectory("/a") },
        WrapperCase("changeDirectory to a descriptor", ["fchdir(5)", "close(5)"]) {
            try Files.changeDirectory(to: owned(5))
        },
    ]

    @Test(arguments: descriptorCases + pathCases)
    func `a wrapper makes its calls with exact arguments`(wrapper: WrapperCase) {
        wrapper.expectExactCalls()
    }

    @Test(arguments: descriptorCases + pathCases)
    func `a wrapper starts again when a signal interrupts it, or says so`(wrapper: WrapperCase) {
        wrapper.expectInterruption()
    }

    @Test(arguments: descriptorCases + pathCases)
    func `a wrapper throws the kernel's error with the call's name`(wrapper: WrapperCase) {
        wrapper.expectFailure(.noMemory)
    }

    @Test func `an error about a path names the path`() throws {
        for wrapper in Self.pathCases where !wrapper.name.contains("descriptor") {
            let error = try #require(wrapper.record([.fails(.accessDenied)]).error)
            #expect(error.subject == "a" || error.subject == "/a", "\(wrapper.name)")
        }
    }

    @Test func `an end before the last byte is a broken pipe`() {
        let wrapper = WrapperCase("readExactly", [String]()) {
            var buffer = [UInt8](repeating: 0, count: 4)
            var span = buffer.mutableSpan
            try five.readExactly(into: &span)
        }
        let (calls, error) = wrapper.record([.returns(3), .returns(0)])
        #expect(calls == ["read(5, 4)", "read(5, 1)"])
        #expect(error == SystemCallError(call: "read", errno: .brokenPipe))
    }

    @Test func `questions with yes or no never throw`() {
        let recorder = SystemCallRecorder([
            .returns(1), .fails(.badDescriptor), .fails(.badDescriptor), .returns(0), .returns(1), .fails(.interrupted),
        ])
        SystemCallRecorder.$current.withValue(recorder) {
            #expect(five.isTerminal)
            #expect(!five.isTerminal)
            #expect(!five.isOpen)
            #expect(!five.isWritable)
            #expect(five.isWritable)
            five.closeUnowned()
        }
        #expect(
            recorder.calls == [
                "isatty(5)", "isatty(5)", "fcntl(5, 1, 0)", "fcntl(5, 3, 0)", "fcntl(5, 3, 0)", "close(5)",
            ])
    }

    @Test func `two descriptors are one open file where the kernel says so, or where they look alike`() {
        let six = BorrowedDescriptor(rawValue: 6)
        for (answers, expected) in [
            ([SystemCallRecorder.Result.returns(0)], true), ([.returns(2)], false),
            ([.fails(.notPermitted), .returns(0), .returns(0), .returns(1), .returns(1)], true),
            ([.fails(.notPermitted), .returns(0), .returns(0), .returns(1), .returns(2)], false),
            ([.fails(.notPermitted), .fails(.badDescriptor)], false),
        ] {
            let recorder = SystemCallRecorder(answers)
            SystemCallRecorder.$current.withValue(recorder) { #expect(five.isSameOpenFile(as: six) == expected) }
            #expect(recorder.calls.first == "kcmp(\(Processes.current), 5, 6)")
        }
    }

    @Test func `what lies in a pipe is counted, and a pipe stays as it is where it may not grow`() {
        let recorder = SystemCallRecorder([.fails(.badDescriptor), .fails(.notPermitted)])
        SystemCallRecorder.$current.withValue(recorder) {
            #expect(five.unreadBytes == 0)
            five.setPipeCapacity(1 << 30)
        }
        #expect(recorder.calls == ["FIONREAD(5)", "fcntl(5, 1031, 1073741824)"])
    }
}
