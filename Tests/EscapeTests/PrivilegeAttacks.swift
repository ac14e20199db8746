/// Rights and interfaces of the kernel's that a program has no use for.
enum PrivilegeAttacks {
    static let all = namespaces + mounts + identity + kernel + numbers + specialFiles

    private static let namespaces =
        [
            ("user", "0x10000000"), ("mount", "0x20000"), ("process", "0x20000000"), ("network", "0x40000000"),
            ("host name", "0x4000000"), ("control group", "0x2000000"), ("time", "0x80"),
        ].map { name, flag in
            Attack("making a \(name) namespace by unshare", "call('unshare', \(flag))", inside: "EPERM")
        } + [
            Attack(
                "making a user namespace by clone",
                "call('clone', 0x10000000 | 17, 0, 0, 0, 0) or os._exit(0)", inside: "EPERM"),
            Attack(
                "making a user namespace by clone3",
                "a = ctypes.create_string_buffer(struct.pack('11Q', 0x10000000, 0, 0, 0, 17, 0, 0, 0, 0, 0, 0))\n"
                    + "call('clone3', a, 88) or os._exit(0)", inside: "ENOSYS"),
            Attack("joining a namespace", "call('setns', os.open('/proc/self/ns/uts', 0), 0)", inside: "EPERM"),
            Attack(
                "naming the machine", "n = socket.gethostname().encode(); call('sethostname', n, len(n))",
                inside: "EPERM"),
        ]

    private static let mounts = [
        Attack("a mount by the new calls", "call('fsopen', b'tmpfs', 0)", inside: "EPERM"),
        Attack("a copy of the tree of mounts", "call('open_tree', -100, b'/', 1)", inside: "EPERM"),
        Attack(
            "moving a mount", "reaches('move_mount', -1, b'x', -1, b'x', 0, reply=errno.EBADF)", inside: "EPERM"),
        Attack(
            "the attributes of a mount",
            "apart(); a = ctypes.create_string_buffer(struct.pack('4Q', 0, 1, 0, 0)); "
                + "call('mount_setattr', -100, b'/', 0, a, 32)",
            inside: "EPERM"),
        Attack("choosing a file system", "call('fspick', -100, b'/', 0)", inside: "EPERM"),
        Attack(
            "another root by pivot_root", "reaches('pivot_root', b'/missing', b'/missing', reply=errno.ENOENT)",
            inside: "EPERM"),
        Attack("another root by chroot", "os.chroot('/usr')", inside: "EPERM"),
    ]

    private static let identity = [
        Attack(
            "any capability",
            "s = open('/proc/self/status').read().splitlines()\n"
                + "any(int(l.split()[1], 16) for l in s if l.startswith('Cap')) or stop('none')", inside: "none"),
        Attack(
            "new privileges by a program",
            "'NoNewPrivs:\\t0' in open('/proc/self/status').read() or stop('denied')", inside: "denied"),
        Attack(
            "a system call filter that is not there",
            "'Seccomp:\\t0' in open('/proc/self/status').read() or stop('filtered')", inside: "filtered"),
        Attack(
            "a set-uid program",
            "subprocess.run(['./suid', '-u'], capture_output=True).stdout == b'61234\\n' or stop('kept')",
            inside: "kept",
            setup: "shutil.copy('/usr/bin/id', 'suid'); os.chown('suid', 61234, 61234); os.chmod('suid', 0o4755)"),
        Attack("another user", "os.setuid(61234)", inside: "EINVAL"),
        Attack("another group", "os.setgid(61234)", inside: "EINVAL"),
        Attack("other groups", "os.setgroups([61234])", inside: "EPERM", "EINVAL"),
        Attack(
            "giving a file away", "write('gift'); os.chown('gift', 61234, 61234)", inside: "EINVAL",
            cleanup: "remove('gift')"),
        Attack("the bits that keep root's rights", "call('prctl', 28, 0, 0, 0, 0)", inside: "EPERM"),
        Attack("the ambient capabilities", "call('prctl', 47, 4, 0, 0, 0)", inside: "EPERM"),
        Attack("keeping capabilities", "call('prctl', 24, 0, 0, 0, 0)", inside: "EPERM"),
    ]

    private static let kernel = [
        Attack("changing the personality", "call('personality', 0x0040000)", inside: "EPERM"),
        Attack("the session keyring", "call('keyctl', 0, -3, 1)", inside: "EPERM"),
        Attack("a key of its own", "call('add_key', b'user', b'attack', b'x', 1, -1)", inside: "EPERM"),
        Attack(
            "asking for a key", "reaches('request_key', b'user', b'attack-missing', 0, 0, reply=errno.ENOKEY)",
            inside: "EPERM"),
        Attack("a program for the kernel (bpf)", "reaches('bpf', 99, 0, 0, reply=errno.EINVAL)", inside: "EPERM"),
        Attack(
            "watching the processor", "reaches('perf_event_open', 0, 0, -1, -1, 0, reply=errno.EFAULT)",
            inside: "EPERM"),
        Attack("userfaultfd", "call('userfaultfd', 1)", inside: "EPERM"),
        Attack("io_uring", "call('io_uring_setup', 1, ctypes.create_string_buffer(120))", inside: "EPERM"),
        Attack("watching every file", "call('fanotify_init', 0, 0)", inside: "EPERM"),
        Attack("another kernel", "call('kexec_load', 0, 99, 0, 0)", inside: "EPERM", control: "call(39)"),
        Attack("a module", "call('init_module', 0, 0, b'')", inside: "EPERM", control: "call(39)"),
        Attack("restarting the machine", "reaches('reboot', 0, 0, 0, 0, reply=errno.EINVAL)", inside: "EPERM"),
        Attack("a swap file", "reaches('swapon', b'/missing', 0, reply=errno.ENOENT)", inside: "EPERM"),
        Attack("the kernel's accounts", "reaches('acct', b'/missing', reply=errno.ENOENT)", inside: "EPERM"),
        Attack("the kernel's log", "call('syslog', 10, 0, 0)", inside: "EPERM"),
        Attack("the clock", "reaches('clock_settime', 99, 0, reply=errno.EINVAL)", inside: "EPERM"),
        Attack("the processor's ports", "call('iopl', 0)", inside: "EPERM", control: "call(39)"),
        Attack(
            "the local descriptor table", "call('modify_ldt', 0, ctypes.create_string_buffer(64), 64)",
            inside: "EPERM"),
    ]

    private static let numbers = [
        Attack(
            "a 32-bit call",
            "r = subprocess.run(['./narrow']).returncode\nif r: stop(signal.Signals(-r).name if r < 0 else str(r))",
            inside: "SIGSYS",
            setup: """
                open('narrow.c', 'w').write('''int main(void) {
                    int r; __asm__ volatile("int $0x80" : "=a"(r) : "a"(20)); return r < 0; }''')
                os.path.exists('narrow') or subprocess.run(['cc', '-o', 'narrow', 'narrow.c'], check=True)
                """),
        Attack(
            "a call by its x32 number", "call(0x40000000 | 39)", inside: "ENOSYS", "SIGSYS", control: "call(39)"),
        Attack("a call that nobody knows", "call(9999)", inside: "ENOSYS", control: "call(39)"),
    ]

    /// A file that is set-uid or set-gid stays on the host, where it would run with its owner's rights.
    private static let specialFiles =
        [
            ("a set-uid file by chmod", "open('s1', 'w').close(); os.chmod('s1', 0o4755)", "s1", "EPERM"),
            (
                "a set-gid file as it is made",
                "os.umask(0); os.close(os.open('s2', os.O_CREAT | os.O_WRONLY, 0o2755))", "s2", "EPERM"
            ),
            (
                "a set-uid file by openat2",
                "h = ctypes.create_string_buffer(struct.pack('QQQ', os.O_CREAT | 1, 0o4755, 0)); "
                    + "call('openat2', -100, b's3', h, 24)",
                "s3", "ENOSYS"
            ),
            (
                "a set-uid file by fchmodat2", "open('s4', 'w').close(); call('fchmodat2', -100, b's4', 0o4755, 0)",
                "s4", "ENOSYS"
            ),
            ("a set-uid file by fchmod", "os.fchmod(os.open('s5', os.O_CREAT | 1), 0o4755)", "s5", "EPERM"),
            ("a set-gid folder", "os.mkdir('s6'); os.chmod('s6', 0o2755)", "s6", "EPERM"),
            ("a set-uid file by mknod", "call('mknodat', -100, b's7', 0o104755, 0)", "s7", "EPERM"),
        ].map { name, payload, file, error in
            Attack(
                name, payload, inside: error, check: "os.stat('\(file)').st_mode & 0o6000",
                cleanup: "remove('\(file)')")
        } + [
            Attack(
                "a set-uid file without a name",
                "os.open('.', os.O_TMPFILE | os.O_WRONLY, 0o4755)", inside: "EPERM")
        ]
}
