extension BorrowedDescriptor {
    /// Requests of ioctl_tty(2).
    private enum Request {
        static let getModes: UInt = 0x5401
        static let setModes: UInt = 0x5402
        static let takeControl: UInt = 0x540E
        static let getForeground: UInt = 0x540F
        static let getWindow: UInt = 0x5413
        static let setWindow: UInt = 0x5414
        static let giveUpControl: UInt = 0x5422
    }

    /// Hands the kernel a structure, which it reads or fills.
    private func control(_ request: UInt, _ structure: inout [UInt8]) throws(SystemCallError) {
        try checked("ioctl") {
            unsafe structure.withUnsafeMutableBytes { unsafe Calls.ioctl(rawValue, request, $0.baseAddress) }
        }
    }

    /// The modes of this terminal, or of the other end of this pseudo-terminal. The corresponding C function is
    /// `tcgetattr`.
    public func terminalModes() throws(SystemCallError) -> TerminalModes {
        var structure = [UInt8](repeating: 0, count: TerminalModes.size)
        try control(Request.getModes, &structure)
        guard let modes = TerminalModes(bytes: structure) else { preconditionFailure("the size is the kernel's") }
        return modes
    }

    /// Sets the modes at once; input that waits stays. In the background this stops the process group, unless SIGTTOU is
    /// blocked or ignored. The corresponding C function is `tcsetattr`.
    public func setTerminalModes(_ modes: TerminalModes) throws(SystemCallError) {
        var structure = modes.bytes
        try control(Request.setModes, &structure)
    }

    /// The size of this terminal's window. The corresponding request is `TIOCGWINSZ`.
    public func windowSize() throws(SystemCallError) -> WindowSize {
        var structure = [UInt8](repeating: 0, count: 8)
        try control(Request.getWindow, &structure)
        func number(_ index: Int) -> UInt16 { UInt16(structure[2 * index]) | UInt16(structure[2 * index + 1]) << 8 }
        return WindowSize(rows: number(0), columns: number(1), width: number(2), height: number(3))
    }

    /// Sets the size; where it is another than before, the foreground hears of it by SIGWINCH. The corresponding request
    /// is `TIOCSWINSZ`.
    public func setWindowSize(_ size: WindowSize) throws(SystemCallError) {
        var structure = [size.rows, size.columns, size.width, size.height].flatMap {
            [UInt8(truncatingIfNeeded: $0), UInt8(truncatingIfNeeded: $0 >> 8)]
        }
        try control(Request.setWindow, &structure)
    }

    /// The process group in the foreground of this terminal, which must be the controlling one. The corresponding C
    /// function is `tcgetpgrp`.
    public func foregroundGroup() throws(SystemCallError) -> Int32 {
        var structure = [UInt8](repeating: 0, count: 4)
        try control(Request.getForeground, &structure)
        return structure.reversed().reduce(0) { $0 << 8 | Int32($1) }
    }

    /// Makes this the controlling terminal of this process, which leads a session without one. The corresponding request
    /// is `TIOCSCTTY`.
    public func takeControl() throws(SystemCallError) {
        try checked("ioctl") { unsafe Calls.ioctl(rawValue, Request.takeControl, nil) }
    }

    /// Gives the controlling terminal up; its foreground gets SIGHUP and SIGCONT. The corresponding request is
    /// `TIOCNOTTY`.
    public func giveUpControl() throws(SystemCallError) {
        try checked("ioctl") { unsafe Calls.ioctl(rawValue, Request.giveUpControl, nil) }
    }
}

/// The two ends of a pseudo-terminal; see pty(7).
@frozen
public struct PseudoTerminal: ~Copyable {
    /// Where what is shown comes out and what is typed goes in.
    public let master: FileDescriptor
    /// What a program takes for its terminal.
    public let terminal: FileDescriptor

    /// Makes a pair from the multiplexer of a devpts.
    ///
    /// The corresponding requests are `TIOCSPTLCK`, whose 0 unlocks, and `TIOCGPTPEER`, which needs no path.
    public init(multiplexer path: String) throws(SystemCallError) {
        let master = try Files.open(path, .readWrite)
        let number = master.rawValue
        var unlocked: Int32 = 0
        try checked("ioctl", path) { unsafe Calls.ioctl(number, 0x4004_5431, &unlocked) }
        // O_RDWR, O_NOCTTY and O_CLOEXEC.
        let flags = 0o2 | 0o400 | 0o2000000
        let terminal = try checked("ioctl", path) {
            unsafe Calls.ioctl(number, 0x5441, UnsafeMutableRawPointer(bitPattern: flags))
        }
        self.terminal = FileDescriptor(owning: terminal)
        self.master = master
    }
}
