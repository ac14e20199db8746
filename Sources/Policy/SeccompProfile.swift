public import Linux

/// What an OCI seccomp profile permits a program without capabilities on this machine.
///
/// The format is that of the OCI runtime specification ("linux.seccomp"), with what Docker and Podman write beyond it:
/// `archMap`, `includes`, `excludes` and names of errors.
public struct SeccompProfile: Equatable, Sendable {
    /// What happens to calls without a rule.
    public var otherwise: SystemCallFilter.Action
    /// The rules by the call's number; where several checks of a call hold, the strictest decides.
    public var rules: [Int32: SystemCallFilter.Rule]

    /// Makes a profile.
    public init(otherwise: SystemCallFilter.Action, rules: [Int32: SystemCallFilter.Rule]) {
        self.otherwise = otherwise
        self.rules = rules
    }

    /// The machine that a profile is read for.
    internal struct Machine: Equatable {
        /// The kernel.
        var kernel = KernelVersion.running
        #if arch(x86_64)
            /// The architecture by libseccomp's name.
            var architecture = "SCMP_ARCH_X86_64"
            /// The architecture by the name that rules of Docker's include and exclude it by.
            var shortName = "amd64"
        #elseif arch(arm64)
            /// The architecture by libseccomp's name.
            var architecture = "SCMP_ARCH_AARCH64"
            /// The architecture by the name that rules of Docker's include and exclude it by.
            var shortName = "arm64"
        #endif
    }
}

extension SeccompProfile {
    /// Calls that Linux has since 5.18 and that an older library, and so this one, may not know by name: each is refused
    /// whatever a profile says, so that a profile that names it is no mistake.
    internal static let later: Set<String> = [
        "cachestat", "fchmodat2", "file_getattr", "file_setattr", "futex_requeue", "futex_wait", "futex_wake",
        "getxattrat", "listmount", "listns", "listxattrat", "lsm_get_self_attr", "lsm_list_modules",
        "lsm_set_self_attr", "map_shadow_stack", "mseal", "open_tree_attr", "removexattrat", "riscv_hwprobe",
        "setxattrat", "statmount", "uprobe", "uretprobe",
    ]
}
