internal import Glibc

/// Properties of this process that prctl(2) and keyctl(2) set.
public enum ProcessAttributes {
    /// Has what this process's descendants leave behind become its children. The corresponding C function is `prctl`.
    public static func adoptOrphans() throws(SystemCallError) {
        try checked("prctl", "PR_SET_CHILD_SUBREAPER") { Calls.prctl(36, 1) }
    }

    /// Asks for a signal when the thread that made this process ends; for none with 0.
    public static func dieWithParent(signal: Int32) throws(SystemCallError) {
        try checked("prctl", "PR_SET_PDEATHSIG") { Calls.prctl(1, UInt(signal)) }
    }

    /// Keeps others of the same user from reading this process's memory, descriptors and environment, and the kernel
    /// from dumping it.
    public static func makeUndumpable() throws(SystemCallError) {
        try checked("prctl", "PR_SET_DUMPABLE") { Calls.prctl(4, 0) }
    }

    /// Keeps this process and all it starts from gaining privileges by exec.
    public static func denyNewPrivileges() throws(SystemCallError) {
        try checked("prctl", "PR_SET_NO_NEW_PRIVS") { Calls.prctl(38, 1) }
    }

    /// Names this process in listings; at most 15 bytes count.
    public static func setName(_ name: StaticString) {
        _ = Calls.prctl(15, unsafe UInt(bitPattern: name.utf8Start))
    }

    /// Lets the owner of what this process and its children make keep the rights that they ask for, whatever the caller
    /// masks out; what is masked out for others stays so. The corresponding C function is `umask`.
    ///
    /// Goes before any thread: there is no way to read the mask without setting it.
    public static func keepOwnersRights() {
        let mask = Calls.umask(0o077)
        _ = Calls.umask(mask & 0o077)
    }

    /// Leaves the caller's session keyring for a new and empty one; keyrings belong to no namespace.
    ///
    /// The kernel takes its time to give back the keyrings of sessions that have ended. Where they use up what an ordinary
    /// user may have, it is asked again for two seconds. The corresponding C function is `keyctl`.
    public static func joinNewSessionKeyring() throws(SystemCallError) {
        var patience = 40
        while true {
            do throws(SystemCallError) {
                try checked("keyctl") { Calls.joinNewSessionKeyring() }
                return
            } catch {
                guard error.errno == .quotaExceeded, patience > 0 else { throw error }
                patience -= 1
                _ = try? Polling.wait([], milliseconds: 50)
            }
        }
    }

    /// Installs a seccomp program for this process and all it starts.
    ///
    /// - Parameter program: The instructions, eight bytes each.
    public static func installFilter(_ program: [UInt8]) throws(SystemCallError) {
        let result = unsafe program.withUnsafeBytes { unsafe Calls.installFilter($0, UInt16($0.count / 8)) }
        guard result == 0 else { throw SystemCallError(call: "seccomp", errno: Errno.current) }
    }
}
