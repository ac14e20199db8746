import Linux
import Testing

/// Error numbers and the errors that carry them.
struct ErrnoTests {
    @Test(arguments: [
        (Errno.noSuchFile, "ENOENT", "No such file or directory"), (.interrupted, "EINTR", "Interrupted system call"),
        (.stale, "ESTALE", "Stale file handle"), (Errno(rawValue: 0), "0", "Success"),
    ])
    func `a number has the kernel's name and glibc's sentence`(errno: Errno, name: String, message: String) {
        #expect(errno.name == name)
        #expect(errno.message == message)
    }

    @Test func `an unknown number is told as a number`() {
        #expect(Errno(rawValue: 4095).name == "errno 4095")
        #expect(Errno(rawValue: 4095).message == "unknown error")
    }

    @Test func `an error says call, subject, sentence and name`() {
        #expect(
            SystemCallError(call: "openat2", errno: .accessDenied, subject: "/etc/shadow").description
                == "openat2 /etc/shadow: Permission denied (EACCES)")
        #expect(
            SystemCallError(call: "setsid", errno: .notPermitted).description
                == "setsid: Operation not permitted (EPERM)")
    }

    @Test(arguments: [([], 0), ([1], 1), ([2, 15], 16386), ([64], 1 << 63)] as [([Int32], UInt64)])
    func `a signal set has one bit for each signal`(signals: [Int32], bits: UInt64) {
        let set = SignalSet(signals)
        #expect(set.rawValue == bits)
        for signal in Int32(1)...64 { #expect(set.contains(signal) == signals.contains(signal)) }
    }

    @Test func `strings lie one behind the other, each ended by a zero`() {
        var block = StringBlock([Array("ab".utf8), []])
        block.append([0xff])
        #expect(block.bytes == [97, 98, 0, 0, 0xff, 0])
        #expect(StringBlock([]).bytes.isEmpty)
    }
}
