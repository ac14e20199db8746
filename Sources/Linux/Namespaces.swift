internal import CLinux

/// Kinds of namespace that a process can be cloned into.
public struct NamespaceSet: OptionSet, Hashable, Sendable {
    /// The `CLONE_NEW*` bits of clone(2).
    public let rawValue: UInt64

    /// Wraps the bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// User and group ids, and capabilities.
    public static let user = NamespaceSet(rawValue: vs_clone_newuser)
    /// Mounts.
    public static let mount = NamespaceSet(rawValue: vs_clone_newns)
    /// Process ids.
    public static let process = NamespaceSet(rawValue: vs_clone_newpid)
    /// Network devices, addresses, ports and abstract sockets.
    public static let network = NamespaceSet(rawValue: vs_clone_newnet)
    /// System V IPC and POSIX message queues.
    public static let interprocess = NamespaceSet(rawValue: vs_clone_newipc)
    /// Host and domain name.
    public static let hostName = NamespaceSet(rawValue: vs_clone_newuts)
    /// The root of the cgroup tree that is visible.
    public static let controlGroup = NamespaceSet(rawValue: vs_clone_newcgroup)
    /// The boot-time and monotonic clocks (Linux 5.6).
    public static let time = NamespaceSet(rawValue: vs_clone_newtime)

    /// Moves this process into new namespaces of these kinds; the process must have one thread.
    ///
    /// The corresponding C function is `unshare`.
    public func unshare() throws(SystemCallError) {
        try checked("unshare") { Calls.unshare(Int32(truncatingIfNeeded: rawValue)) }
    }

    /// Every kind with the name that /proc/PID/ns has for it.
    public static let names: [(kind: NamespaceSet, name: String)] = [
        (.user, "user"), (.mount, "mnt"), (.process, "pid"), (.network, "net"), (.interprocess, "ipc"),
        (.hostName, "uts"), (.controlGroup, "cgroup"), (.time, "time"),
    ]
}

/// The namespace of the boot-time and monotonic clocks.
public enum TimeNamespace {
    /// Whether this kernel has such namespaces.
    public static var isKnown: Bool { (try? Files.status("/proc/self/ns/time")) != nil }

    /// Moves this process, which must have one thread, into a new one, as clone(2) and unshare(2) do for children only.
    ///
    /// The corresponding C functions are `unshare` and `setns`.
    public static func enterNew() throws(SystemCallError) {
        try NamespaceSet.time.unshare()
        let children = try Files.open("/proc/self/ns/time_for_children", .readOnly)
        try checked("setns", "time") {
            Calls.setns(children.rawValue, Int32(truncatingIfNeeded: NamespaceSet.time.rawValue))
        }
    }
}

/// What a network namespace needs before a program can talk to itself.
public enum Loopback {
    /// Brings `lo` up in the network namespace of this process, which must be empty of traffic that matters.
    public static func bringUp() throws(SystemCallError) {
        try checked("ioctl", "lo") { Calls.loopbackUp() }
    }
}
