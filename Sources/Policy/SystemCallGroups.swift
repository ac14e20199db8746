/// Groups of system calls under the names that systemd has for them, and `@default`, which is made of them.
///
/// The source is systemd.exec(5), "SystemCallFilter="; a call that this machine's architecture lacks is passed over.
/// Each group has what systemd's has, so that taking one away takes away as much, but for what is dangerous in those
/// that `@default` is made of: vault-sandbox-policy(5) lists it.
internal enum SystemCallGroups {
    /// What `@default` holds: everything that everyday programs and toolchains call.
    private static let everyday = [
        "@aio", "@basic-io", "@chown", "@file-system", "@io-event", "@ipc", "@memlock", "@network-io", "@pkey",
        "@process", "@resources", "@sandbox", "@setuid", "@signal", "@sync", "@timer", "@system",
    ]

    /// The calls of a group, or `nil` where there is none of that name.
    static func calls(of group: String) -> [Substring]? {
        if group == "@default" || group == "@system-service" {
            return everyday.flatMap { split(words[$0] ?? "") }
        }
        // It names no call: it lets sockets of one more family through.
        if group == netlinkRoute { return [] }
        return words[group].map(split)
    }

    /// Whether there is a group of that name; cheaper than its calls.
    static func isKnown(_ group: String) -> Bool {
        words[group] != nil || group == "@default" || group == "@system-service" || group == netlinkRoute
    }

    /// The words of a text, cut at bytes, since every launch does this to hundreds of them.
    private static func split(_ text: String) -> [Substring] {
        text.utf8.split(separator: UInt8(ascii: " ")).map(Substring.init)
    }

    /// Lets programs list addresses and routes.
    static let netlinkRoute = "@netlink-route"

    /// The names of all groups.
    static var names: [String] { words.keys.sorted() + ["@default", "@system-service", netlinkRoute] }

    /// The names of all calls in a group.
    static var calls: [String] { words.values.flatMap { $0.split(separator: " ").map(String.init) } }

    private static let words = [
        "@aio": "io_cancel io_destroy io_getevents io_pgetevents io_setup io_submit",
        "@basic-io": "close close_range dup dup2 dup3 lseek pread64 preadv preadv2 pwrite64 pwritev pwritev2 read "
            + "readv write writev",
        "@chown": "chown fchown fchownat lchown",
        "@clock": "adjtimex clock_adjtime clock_settime settimeofday",
        "@cpu-emulation": "modify_ldt",
        "@debug": "lookup_dcookie perf_event_open pidfd_getfd process_vm_readv process_vm_writev ptrace kcmp",
        "@file-system":
            "access chdir chmod close copy_file_range creat faccessat faccessat2 fallocate fadvise64 fchdir "
            + "fchmod fchmodat fcntl fgetxattr flistxattr flock fremovexattr fsetxattr fstat fstatfs ftruncate futimesat "
            + "getcwd getdents getdents64 getxattr inotify_add_watch inotify_init inotify_init1 inotify_rm_watch lgetxattr "
            + "link linkat listxattr llistxattr lremovexattr lsetxattr lstat mkdir mkdirat mknod mknodat newfstatat "
            + "open openat openat2 readahead readlink readlinkat removexattr rename renameat renameat2 rmdir sendfile "
            + "setxattr splice stat statfs statx symlink symlinkat tee truncate umask unlink unlinkat utime utimensat "
            + "utimes vmsplice",
        "@io-event": "epoll_create epoll_create1 epoll_ctl epoll_ctl_old epoll_pwait epoll_pwait2 epoll_wait "
            + "epoll_wait_old eventfd eventfd2 poll ppoll pselect6 select",
        "@ipc": "memfd_create mq_getsetattr mq_notify mq_open mq_timedreceive mq_timedsend mq_unlink msgctl msgget "
            + "msgrcv msgsnd pipe pipe2 semctl semget semop semtimedop shmat shmctl shmdt shmget",
        "@keyring": "add_key keyctl request_key",
        "@memlock": "mlock mlock2 mlockall munlock munlockall",
        "@module": "delete_module finit_module init_module",
        "@mount": "chroot fsconfig fsmount fsopen fspick mount mount_setattr move_mount open_tree pivot_root umount2",
        "@network-io":
            "accept accept4 bind connect getpeername getsockname getsockopt listen recvfrom recvmmsg recvmsg "
            + "sendmmsg sendmsg sendto setsockopt shutdown socket socketpair",
        "@obsolete": "_sysctl afs_syscall create_module get_kernel_syms getpmsg nfsservctl putpmsg query_module "
            + "security sysfs tuxcall uselib ustat vserver",
        "@pkey": "pkey_alloc pkey_free pkey_mprotect",
        "@privileged": "_sysctl acct adjtimex bpf capset chown chroot clock_adjtime clock_settime delete_module "
            + "fanotify_init fanotify_mark fchown fchownat finit_module init_module ioperm iopl kexec_file_load kexec_load "
            + "lchown name_to_handle_at nfsservctl open_by_handle_at pivot_root quotactl quotactl_fd reboot setdomainname "
            + "setfsuid setgroups sethostname setns setresuid setreuid settimeofday setuid swapoff swapon unshare "
            + "userfaultfd vhangup",
        "@process": "arch_prctl capget clone execve execveat exit exit_group fork getpgid getpgrp getpid getppid "
            + "getpriority getrusage getsid gettid kill pidfd_open pidfd_send_signal prctl rt_sigqueueinfo "
            + "rt_tgsigqueueinfo set_tid_address setpgid setsid tgkill times tkill vfork wait4 waitid",
        "@raw-io": "ioperm iopl pciconfig_iobase pciconfig_read pciconfig_write",
        "@reboot": "kexec_file_load kexec_load reboot",
        "@resources": "getrlimit ioprio_get ioprio_set mbind get_mempolicy migrate_pages move_pages prlimit64 "
            + "sched_setaffinity sched_setattr sched_setparam sched_setscheduler set_mempolicy setpriority setrlimit",
        "@sandbox": "landlock_add_rule landlock_create_ruleset landlock_restrict_self seccomp",
        "@setuid": "setgid setgroups setregid setresgid setresuid setreuid setuid setfsgid setfsuid",
        "@signal": "pause rt_sigaction rt_sigpending rt_sigprocmask rt_sigsuspend rt_sigtimedwait sigaltstack "
            + "signalfd signalfd4",
        "@swap": "swapoff swapon",
        "@sync": "fdatasync fsync msync sync sync_file_range syncfs",
        "@system":
            "alarm brk clock_getres clock_gettime clock_nanosleep futex futex_waitv get_robust_list getcpu getegid "
            + "geteuid getgid getgroups getitimer getrandom getresgid getresuid gettimeofday getuid ioctl madvise "
            + "membarrier mincore mmap mprotect mremap munmap nanosleep personality process_madvise process_mrelease "
            + "remap_file_pages restart_syscall rseq rt_sigreturn sched_get_priority_max sched_get_priority_min "
            + "sched_getaffinity sched_getattr sched_getparam sched_getscheduler sched_rr_get_interval sched_yield "
            + "set_robust_list setitimer sysinfo time uname",
        "@timer": "alarm getitimer setitimer timer_create timer_delete timer_getoverrun timer_gettime timer_settime "
            + "timerfd_create timerfd_gettime timerfd_settime times",
        "@io-uring": "io_uring_enter io_uring_register io_uring_setup",
        "@system-log": "syslog",
    ]
}
