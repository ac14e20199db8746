import Testing

@testable import Linux
@testable import Policy

/// What the system call filters of policies decide, call by call.
struct FilterTests {
    typealias Action = SystemCallFilter.Action

    /// What a filter decides of a call with these arguments.
    private func action(_ filter: SystemCallFilter, _ name: String, _ arguments: [UInt64] = []) throws -> Action {
        let rule = filter.rule(for: try #require(SystemCallFilter.number(of: name)))
        let check = rule.checks.first { check in
            check.matches.allSatisfy { match in
                match.holds(for: match.argument < arguments.count ? arguments[match.argument] : 0)
            }
        }
        return check?.action ?? rule.otherwise
    }

    private func filter(_ policies: String...) throws -> SystemCallFilter {
        try PolicyResolver(BundledPolicies()).resolve(policies).systemCalls.filter()
    }

    /// The filter of one text's `[syscalls]`.
    private func filter(calls: String) throws -> SystemCallFilter {
        let text = "version = 1\nextends = [\"default\"]\n[syscalls]\n" + calls
        return try PolicyResolver(TextSource(["p": text])).resolve(["p"]).systemCalls.filter()
    }

    @Test(arguments: [
        "read", "write", "openat", "close", "mmap", "mprotect", "execve", "execveat", "vfork", "wait4",
        "exit_group",
        "futex", "epoll_wait", "epoll_pwait2", "pipe2", "connect", "bind", "sendmsg", "recvmsg", "getrandom",
        "memfd_create",
        "rseq", "statx", "newfstatat", "renameat2", "sched_setaffinity", "kill", "tgkill", "rt_sigreturn",
        "clock_nanosleep",
        "landlock_restrict_self", "seccomp", "prctl", "inotify_add_watch", "copy_file_range", "pidfd_open",
        "setpriority",
        "set_robust_list", "sysinfo", "uname", "fsync", "timerfd_create", "mlock", "shmget", "flock",
    ])
    func `what everyday programs call is allowed`(name: String) throws {
        #expect(try action(filter("default"), name) == .allow)
    }

    @Test(arguments: [
        "ptrace", "process_vm_readv", "process_vm_writev", "pidfd_getfd", "kcmp", "perf_event_open", "bpf",
        "userfaultfd",
        "mount", "umount2", "pivot_root", "chroot", "fsopen", "fsmount", "move_mount", "open_tree", "mount_setattr",
        "unshare", "setns", "keyctl", "add_key", "request_key", "io_uring_setup", "io_uring_enter", "io_uring_register",
        "init_module", "finit_module", "delete_module", "kexec_load", "kexec_file_load", "reboot", "swapon", "swapoff",
        "acct", "quotactl", "open_by_handle_at", "name_to_handle_at", "fanotify_init", "vhangup", "capset", "syslog",
        "settimeofday", "clock_settime", "adjtimex", "lookup_dcookie", "uselib", "ustat", "nfsservctl",
    ])
    func `what reaches beyond the program fails with EPERM under every bundled policy`(name: String) throws {
        for policy in BundledPolicies.names { #expect(try action(filter(policy), name) == .fail(.notPermitted)) }
    }

    @Test func `clone3 is missing, so that libraries fall back on clone`() throws {
        #expect(try action(filter("default"), "clone3") == .fail(.notImplemented))
        #expect(try action(filter(calls: "deny = [\"@process\"]"), "clone3") == .fail(.notImplemented))
    }

    /// A call, its arguments and what becomes of it under `default`.
    static let checked: [(String, [UInt64], Action)] = [
        ("socket", [1, 1], .allow), ("socket", [2, 1], .allow), ("socket", [10, 2], .allow),
        ("socket", [16, 3, 0], .fail(.familyNotSupported)), ("socket", [17, 3], .fail(.familyNotSupported)),
        ("socket", [38, 5], .fail(.familyNotSupported)), ("socket", [40, 1], .fail(.familyNotSupported)),
        ("socket", [1 << 32 | 16, 3], .fail(.familyNotSupported)), ("socket", [0, 1], .fail(.familyNotSupported)),
        ("socketpair", [1, 1], .allow), ("socketpair", [2, 1], .fail(.familyNotSupported)),
        ("clone", [0x11], .allow), ("clone", [0x3D_0F00], .allow), ("clone", [0x1000_0011], .fail(.notPermitted)),
        ("clone", [0x2_0011], .fail(.notPermitted)), ("clone", [0x200_0011], .fail(.notPermitted)),
        ("clone", [0x400_0011], .fail(.notPermitted)), ("clone", [0x800_0011], .fail(.notPermitted)),
        ("clone", [0x2000_0011], .fail(.notPermitted)), ("clone", [0x4000_0011], .fail(.notPermitted)),
        ("clone", [1 << 32 | 0x1000_0011], .fail(.notPermitted)),
        ("ioctl", [0, 0x5401], .allow), ("ioctl", [0, 0x5412], .fail(.notPermitted)),
        ("ioctl", [0, 1 << 32 | 0x5412], .fail(.notPermitted)), ("ioctl", [0, 0x541C], .fail(.notPermitted)),
        ("ioctl", [0, 0x5423], .fail(.notPermitted)), ("personality", [0], .allow),
        ("personality", [0xFFFF_FFFF], .allow),
        ("personality", [.max], .allow), ("personality", [0x4_0000], .fail(.notPermitted)),
        ("personality", [8], .fail(.notPermitted)), ("prctl", [38, 1], .allow), ("prctl", [15, 0], .allow),
        ("prctl", [35], .fail(.notPermitted)), ("prctl", [28], .fail(.notPermitted)),
        ("prctl", [0x5961_6D61], .fail(.notPermitted)), ("prctl", [47], .fail(.notPermitted)),
        ("mknodat", [0, 0, 0o010644], .allow), ("mknodat", [0, 0, 0o100644], .allow),
        ("mknodat", [0, 0, 0o644], .allow),
        ("mknodat", [0, 0, 0o020644], .fail(.notPermitted)), ("mknodat", [0, 0, 0o060644], .fail(.notPermitted)),
        ("prlimit64", [0, 4, 0, 1], .allow), ("prlimit64", [0, 4, 1, 0], .fail(.notPermitted)),
        ("prlimit64", [0, 4, 1 << 32, 0], .fail(.notPermitted)), ("prlimit64", [0, 7, 1, 0], .allow),
    ]

    /// A call that makes a file or changes its mode, with the mode's argument; `flags` must say that one is made.
    static let modes: [(call: String, flags: Int?, mode: Int)] = [
        ("chmod", nil, 1), ("fchmod", nil, 1), ("fchmodat", nil, 2), ("mkdir", nil, 1), ("mkdirat", nil, 2),
        ("mknod", nil, 1), ("mknodat", nil, 2), ("creat", nil, 1), ("open", 1, 2), ("openat", 2, 3),
    ]

    @Test(arguments: modes)
    func `no file is made set-uid or set-gid`(call: String, flags: Int?, mode: Int) throws {
        let filter = try filter("default")
        // O_CREAT and O_TMPFILE.
        let makes: [UInt64] = flags == nil ? [0] : [0o101, 0o2020_0002, 1 << 32 | 0o100]
        for make in makes {
            for (bits, isFine): (UInt64, Bool) in [
                (0o755, true), (0o1777, true), (0o4755, false), (0o2755, false), (0o6000, false), (0o4000, false),
                (1 << 32 | 0o4755, false),
            ] {
                var arguments = [UInt64](repeating: 0, count: 6)
                if let flags { arguments[flags] = make }
                arguments[mode] = bits
                #expect(try action(filter, call, arguments) == (isFine ? .allow : .fail(.notPermitted)), "\(bits)")
            }
        }
        guard let flags else { return }
        var arguments = [UInt64](repeating: 0o6777, count: 6)
        arguments[flags] = 0o2
        #expect(try action(filter, call, arguments) == .allow, "without O_CREAT there is no mode")
    }

    @Test func `openat2, whose mode no filter can see, is missing, so that programs fall back on openat`() throws {
        for policy in BundledPolicies.names { #expect(try action(filter(policy), "openat2") == .fail(.notImplemented)) }
        #expect(try action(filter(calls: "allow = [\"openat2\"]"), "openat2") == .fail(.notImplemented))
        // Newer than the list of calls: a policy that names it gets it with the same check.
        #expect(try action(filter("default"), "fchmodat2") == .fail(.notImplemented))
        guard SystemCallFilter.number(of: "fchmodat2") != nil else { return }
        let named = try filter(calls: "allow = [\"?fchmodat2\"]")
        #expect(try action(named, "fchmodat2", [0, 0, 0o755]) == .allow)
        #expect(try action(named, "fchmodat2", [0, 0, 0o4755]) == .fail(.notPermitted))
    }

    @Test(arguments: checked)
    func `a call that is allowed is held to its arguments`(name: String, arguments: [UInt64], wanted: Action) throws {
        #expect(try action(filter("default"), name, arguments) == wanted)
    }

    @Test func `routes can be listed under host-network, and no other netlink socket made`() throws {
        let filter = try filter("host-network")
        #expect(try action(filter, "socket", [16, 3, 0]) == .allow)
        #expect(try action(filter, "socket", [16, 2, 1 << 32]) == .allow)
        for family: UInt64 in [2, 4, 9, 12, 15, 16] {
            #expect(try action(filter, "socket", [16, 3, family]) == .fail(.familyNotSupported))
        }
        #expect(try action(filter, "socket", [17, 3, 0]) == .fail(.familyNotSupported))
    }

    @Test func `deny wins over allow, and allowing a call anew takes no check away`() throws {
        let denied = try filter(calls: "allow = [\"connect\"]\ndeny = [\"@network-io\"]")
        #expect(try action(denied, "connect") == .fail(.notPermitted))
        #expect(try action(denied, "socket", [1]) == .fail(.notPermitted))
        #expect(try action(denied, "read") == .allow)
        let allowed = try filter(calls: "allow = [\"ioctl\", \"clone\", \"ptrace\"]")
        #expect(try action(allowed, "ioctl", [0, 0x5412]) == .fail(.notPermitted))
        #expect(try action(allowed, "clone", [0x1000_0011]) == .fail(.notPermitted))
        #expect(try action(allowed, "ptrace") == .allow)
    }

    @Test func `without what it extends a policy allows nothing`() throws {
        let filter = try filter(calls: "allow = [\"-*\", \"read\"]")
        #expect(try action(filter, "read") == .allow)
        #expect(try action(filter, "write") == .fail(.notPermitted))
    }

    @Test func `every call that a group names is a call`() {
        for group in SystemCallGroups.names {
            let calls = SystemCallGroups.calls(of: group) ?? []
            let unknown = calls.filter { !SystemCallFilter.isKnown(String($0)) }
            #expect(unknown == [], "\(group)")
        }
        #expect(SystemCallGroups.calls(of: "@defualt") == nil)
    }
}
