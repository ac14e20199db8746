internal import CCapability
internal import Glibc

/// The capability sets of this process.
public enum Capabilities {
    /// Gives up every capability in every set: ambient, bounding, inheritable, permitted and effective.
    ///
    /// Keyrings, securebits and groups are not touched. The corresponding C functions are libcap's
    /// `cap_reset_ambient`, `cap_drop_bound` and `cap_set_proc`.
    ///
    /// - Parameter mayKeepBound: Whether the bounding set may stay where the caller has no right to change it: it only
    ///   bounds what executing a file gives, which is nothing under `no_new_privs`.
    public static func dropAll(mayKeepBound: Bool = false) throws(SystemCallError) {
        guard cap_reset_ambient() == 0 else {
            throw SystemCallError(call: "cap_reset_ambient", errno: Errno.current)
        }
        // The kernel may know capabilities that libcap does not: the end is where the kernel says so.
        for capability in 0..<Int32(64) {
            guard cap_get_bound(capability) >= 0 else { break }
            guard cap_drop_bound(capability) == 0 else {
                if mayKeepBound, Errno.current == .notPermitted { break }
                throw SystemCallError(call: "cap_drop_bound", errno: Errno.current, subject: "\(capability)")
            }
        }
        guard let empty = unsafe cap_init() else {
            throw SystemCallError(call: "cap_init", errno: Errno.current)
        }
        defer { unsafe cap_free(UnsafeMutableRawPointer(empty)) }
        guard unsafe cap_set_proc(empty) == 0 else {
            throw SystemCallError(call: "cap_set_proc", errno: Errno.current)
        }
    }
}
