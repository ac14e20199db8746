internal import CLinux
internal import Glibc

/// How a process ended, or that it stopped or went on.
public enum ProcessEvent: Equatable, Sendable {
    /// It called exit with this status, 0 to 255.
    case exited(Int32)
    /// A signal ended it.
    case signalled(Int32)
    /// A signal stopped it.
    case stopped(Int32)
    /// It goes on after a stop.
    case continued
}

/// Calls on processes.
public enum Processes {
    /// What one child did.
    public struct Report: Equatable, Sendable {
        /// The child.
        public let process: Int32
        /// What happened.
        public let event: ProcessEvent
    }

    /// Takes the next event of any child without waiting, stops included; `nil` where there is none, or no child.
    ///
    /// The corresponding C function is `waitid`.
    public static func nextEvent() throws(SystemCallError) -> Report? {
        try wait(type: UInt32(P_ALL.rawValue), id: 0, options: WEXITED | WSTOPPED | WCONTINUED | WNOHANG)
    }

    /// Whether this process has a child, ended or not. The corresponding C function is `waitid`.
    public static var hasChildren: Bool {
        do throws(SystemCallError) {
            var information = unsafe siginfo_t()
            try checked("waitid") {
                unsafe Calls.waitid(UInt32(P_ALL.rawValue), 0, &information, WEXITED | WNOHANG | WNOWAIT)
            }
            return true
        } catch {
            return error.errno != .noChild
        }
    }

    /// Waits for the end of the child behind a pidfd and takes it.
    public static func end(of pidfd: borrowing FileDescriptor) throws(SystemCallError) -> ProcessEvent? {
        try wait(type: 3 /* P_PIDFD, hidden */, id: UInt32(pidfd.rawValue), options: WEXITED)?.event
    }

    private static func wait(type: UInt32, id: UInt32, options: Int32) throws(SystemCallError) -> Report? {
        var information = unsafe siginfo_t()
        do {
            try checked("waitid") { unsafe Calls.waitid(type, id, &information, options) }
        } catch {
            if error.errno == .noChild { return nil }
            throw error
        }
        // si_pid and si_status lie in a union that Swift does not import; their place is fixed by the kernel's ABI.
        let (process, status) = unsafe withUnsafeBytes(of: &information) { bytes in
            unsafe (
                bytes.loadUnaligned(fromByteOffset: 16, as: Int32.self),
                bytes.loadUnaligned(fromByteOffset: 24, as: Int32.self)
            )
        }
        guard process != 0 else { return nil }
        let event: ProcessEvent =
            switch unsafe information.si_code {
            case 1: .exited(status)  // CLD_EXITED
            case 2, 3: .signalled(status)  // CLD_KILLED, CLD_DUMPED
            case 4, 5: .stopped(status)  // CLD_TRAPPED, CLD_STOPPED
            default: .continued
            }
        return Report(process: process, event: event)
    }

    /// Sends a signal; a negative `process` names a process group. The corresponding C function is `kill`.
    public static func send(_ signal: Int32, to process: Int32) throws(SystemCallError) {
        try checked("kill") { Calls.kill(process, signal) }
    }

    /// Sends a signal through a pidfd, so that no number can have been used again.
    public static func send(_ signal: Int32, to pidfd: borrowing FileDescriptor) throws(SystemCallError) {
        let number = pidfd.rawValue
        try checked("pidfd_send_signal") { Calls.pidfdSendSignal(number, signal) }
    }

    /// A descriptor that names a process whatever becomes of its number; readable once the process has ended.
    public static func open(_ process: Int32) throws(SystemCallError) -> FileDescriptor {
        FileDescriptor(owning: try checked("pidfd_open") { Calls.pidfdOpen(process) })
    }

    /// Makes this process the leader of a new session without a controlling terminal.
    public static func startSession() throws(SystemCallError) {
        try checked("setsid") { Calls.setsid() }
    }

    /// The process group of this process.
    public static var ownGroup: Int32 { Calls.getpgrp() }

    /// This process's number, as its own process-id namespace has it.
    public static var current: Int32 { getpid() }

    /// The number of the process behind a pidfd, as this process's namespace has it; 0 where it has ended.
    public static func number(of pidfd: borrowing FileDescriptor) throws(SystemCallError) -> Int32 {
        let text = String(
            decoding: try Files.contents(of: "/proc/self/fdinfo/\(pidfd.rawValue)", limit: 4096), as: UTF8.self)
        for line in text.split(separator: "\n") where line.hasPrefix("Pid:") {
            return max(0, Int32(line.dropFirst(4).drop { $0 == "\t" || $0 == " " }) ?? 0)
        }
        return 0
    }

    /// Whether there is a process of that number, whoever it belongs to.
    public static func exists(_ process: Int32) -> Bool {
        do throws(SystemCallError) {
            try send(0, to: process)
            return true
        } catch {
            return error.errno != .noSuchProcess
        }
    }
    /// The effective user id.
    public static var effectiveUser: UInt32 { geteuid() }
    /// The effective group id.
    public static var effectiveGroup: UInt32 { getegid() }

    /// Ends this process without running exit handlers.
    public static func exit(_ status: Int32) -> Never { _exit(status) }
}
