import Testing

@testable import Linux

/// Terminals, pseudo-terminals, and descriptors that travel over sockets.
struct TerminalTests {
    static let cases = [
        WrapperCase("terminalModes", ["ioctl(5, 21505)"]) { _ = try five.terminalModes() },
        WrapperCase("setTerminalModes", ["ioctl(5, 21506)"]) {
            try five.setTerminalModes(try #require(TerminalModes(bytes: [UInt8](repeating: 0, count: 36))))
        },
        WrapperCase("windowSize", ["ioctl(5, 21523)"]) { _ = try five.windowSize() },
        WrapperCase("setWindowSize", ["ioctl(5, 21524)"]) { try five.setWindowSize(.usual) },
        WrapperCase("foregroundGroup", ["ioctl(5, 21519)"]) { _ = try five.foregroundGroup() },
        WrapperCase("takeControl", ["ioctl(5, 21518)"]) { try five.takeControl() },
        WrapperCase("giveUpControl", ["ioctl(5, 21538)"]) { try five.giveUpControl() },
        WrapperCase(
            "PseudoTerminal", [.returns(7), .returns(0), .returns(8)],
            ["openat2(-100, /m, 524290, 0, 0)", "ioctl(7, 1074025521)", "ioctl(7, 21569)", "close(7)", "close(8)"]
        ) { _ = try PseudoTerminal(multiplexer: "/m") },
        WrapperCase("SignalSet.unblock", ["rt_sigprocmask(1, 524288)"]) {
            try SignalSet([Signals.terminalStop]).unblock()
        },
        WrapperCase("TimerDescriptor.remaining", [.returns(7)], ["timerfd_create()", "timerfd_gettime(7)", "close(7)"])
        {
            let left = try TimerDescriptor().remaining()
            #expect(left == .zero)
        },
        WrapperCase("send with a descriptor", [.returns(1)], ["sendmsg(5)"]) {
            let bytes: [UInt8] = [1]
            let count = try five.send(bytes.span, with: five)
            #expect(count <= 1)
        },
        WrapperCase("receive with a descriptor", [.returns(1)], ["recvmsg(5)"]) {
            var buffer: [UInt8] = [0]
            var span = buffer.mutableSpan
            var descriptor: FileDescriptor?
            let count = try five.receive(into: &span, from: 0, descriptor: &descriptor)
            #expect(count <= 1)
        },
    ]

    @Test(arguments: cases) func `a wrapper makes its calls with exact arguments`(wrapper: WrapperCase) {
        wrapper.expectExactCalls()
    }

    @Test(arguments: cases) func `a wrapper starts again when a signal interrupts it, or says so`(wrapper: WrapperCase)
    {
        wrapper.expectInterruption()
    }

    @Test(arguments: cases) func `a wrapper throws the kernel's error with the call's name`(wrapper: WrapperCase) {
        wrapper.expectFailure(.notPermitted)
    }

    @Test func `a pseudo-terminal echoes in its usual modes and not when raw`() throws {
        let pair = try PseudoTerminal(multiplexer: "/dev/ptmx")
        let (master, terminal) = (BorrowedDescriptor(pair.master), BorrowedDescriptor(pair.terminal))
        #expect(terminal.isTerminal)
        let modes = try terminal.terminalModes()
        #expect(modes.endOfInput == 4)
        // Read at once: the kernel echoes later than the write returns, and in the modes of then.
        var echo: [UInt8] = [0]
        try master.writeAll("a")
        try read(&echo, from: master)
        #expect(echo == Array("a".utf8))
        try terminal.setTerminalModes(modes.raw)
        #expect(try terminal.terminalModes() == modes.raw)
        #expect(modes.raw.endOfInput == nil)
        #expect(modes.raw.raw == modes.raw)
        try master.writeAll("b")
        try terminal.writeAll("c\n")
        var shown: [UInt8] = [0, 0]
        try read(&shown, from: master)
        #expect(shown == Array("c\n".utf8))
        try terminal.setTerminalModes(modes)
        #expect(try master.terminalModes() == modes)
    }

    private func read(_ buffer: inout [UInt8], from descriptor: BorrowedDescriptor) throws {
        var span = buffer.mutableSpan
        try descriptor.readExactly(into: &span)
    }

    @Test func `the size of a window is what was set`() throws {
        let pair = try PseudoTerminal(multiplexer: "/dev/ptmx")
        let size = WindowSize(rows: 513, columns: 258, width: 3, height: 4)
        try BorrowedDescriptor(pair.master).setWindowSize(size)
        #expect(try BorrowedDescriptor(pair.terminal).windowSize() == size)
    }

    @Test func `a descriptor arrives with the first byte, and none where none was sent`() throws {
        let sockets = try SocketPair()
        let pipe = try Pipe()
        let bytes: [UInt8] = [1, 2, 3]
        #expect(try BorrowedDescriptor(sockets.near).send(bytes.span, with: BorrowedDescriptor(pipe.reading)) == 3)
        try BorrowedDescriptor(pipe.writing).writeAll("x")
        var buffer = [UInt8](repeating: 0, count: 4)
        var received: FileDescriptor?
        var span = buffer.mutableSpan
        let count = try BorrowedDescriptor(sockets.far).receive(into: &span, from: 1, descriptor: &received)
        #expect(count == 3)
        #expect(buffer == [0, 1, 2, 3])
        switch received {
        case .some(let reading):
            var byte: [UInt8] = [0]
            var span = byte.mutableSpan
            try BorrowedDescriptor(reading).readExactly(into: &span)
            #expect(byte == Array("x".utf8))
        case .none: Issue.record("no descriptor came")
        }
    }

    @Test func `modes of another size are none`() {
        #expect(TerminalModes(bytes: [UInt8](repeating: 0, count: 60)) == nil)
    }
}
