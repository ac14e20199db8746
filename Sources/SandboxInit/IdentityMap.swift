internal import Linux
internal import SandboxPlan

/// The one user and one group that exist in the sandbox's user namespace.
internal enum IdentityMap {
    /// Maps the caller's user and group to themselves, so that files in the working tree keep their owner.
    ///
    /// Giving up setgroups first is what allows an ordinary user to map a group at all (user_namespaces(7)). It must
    /// come before the process makes itself undumpable, which gives these files to root.
    static func apply(_ identity: Groundwork) throws(LaunchFailure) {
        try during(.mapIdentity) { () throws(SystemCallError) in
            try Files.write("deny", toExisting: "/proc/self/setgroups")
            try Files.write("\(identity.user) \(identity.user) 1\n", toExisting: "/proc/self/uid_map")
            try Files.write("\(identity.group) \(identity.group) 1\n", toExisting: "/proc/self/gid_map")
        }
    }
}
