internal import Linux

/// The highest process number of the sandbox, which bounds how many processes and threads it can have.
///
/// It holds root, too, whom RLIMIT_NPROC does not. A process-id namespace has one of its own since Linux 6.14.
internal struct ProcessCeiling: ~Copyable {
    /// /proc/sys/kernel/pid_max of the sandbox's own /proc, opened before that becomes read-only.
    private let setting: FileDescriptor?

    /// The numbers below this are given out only once.
    private static let reserved: UInt64 = 300

    /// Opens the setting in a procfs that was just mounted.
    init(in processes: borrowing FileDescriptor) {
        setting = try? Files.open("sys/kernel/pid_max", [.writeOnly], from: .open(processes))
    }

    /// Sets the ceiling; `false` where this kernel has none.
    borrowing func set(_ count: UInt64) -> Bool {
        switch setting {
        case .some(let setting):
            (try? BorrowedDescriptor(setting).writeAll("\(count + Self.reserved + 1)")) != nil
        case .none: false
        }
    }
}
