/// Reaching other processes.
enum ProcessAttacks {
    private static let victim = "victim = subprocess.Popen(['sleep', '60']); open('victim', 'w').write(str(victim.pid))"
    private static let endVictim = "victim.kill(); victim.wait()"
    private static let vector =
        "b = ctypes.create_string_buffer(b'data'); "
        + "v = ctypes.create_string_buffer(struct.pack('QQ', ctypes.addressof(b), 4)); "

    static let all = [
        Attack("being traced", "call('ptrace', 0, 0, 0, 0)", inside: "EPERM"),
        Attack(
            "attaching a debugger to a child",
            """
            child = os.fork()
            if child == 0: time.sleep(5); os._exit(0)
            try: call('ptrace', 16, child, 0, 0)
            finally: os.kill(child, 9)
            """, inside: "EPERM"),
        Attack(
            "seizing a child",
            """
            child = os.fork()
            if child == 0: time.sleep(5); os._exit(0)
            try: call('ptrace', 0x4206, child, 0, 0)
            finally: os.kill(child, 9)
            """, inside: "EPERM"),
        Attack(
            "reading another's memory by a call", vector + "call('process_vm_readv', os.getpid(), v, 1, v, 1, 0)",
            inside: "EPERM"),
        Attack(
            "writing another's memory by a call", vector + "call('process_vm_writev', os.getpid(), v, 1, v, 1, 0)",
            inside: "EPERM"),
        Attack(
            "comparing kernel objects", "call('kcmp', os.getpid(), os.getpid(), 0, 0, 0)", inside: "EPERM"),
        Attack(
            "the first process's memory", "os.open('/proc/1/mem', os.O_RDONLY)", inside: "EACCES",
            control: "os.open('/proc/self/mem', os.O_RDONLY)"),
        Attack(
            "the first process's map", "read('/proc/1/maps')", inside: "EACCES",
            control: "read('/proc/self/maps')"),
        Attack(
            "the first process's stack", "read('/proc/1/syscall')", inside: "EACCES", "EPERM",
            control: "read('/proc/self/syscall')"),
        Attack(
            "joining the first process's namespaces", "os.open('/proc/1/ns/net', os.O_RDONLY)", inside: "EACCES",
            control: "os.open('/proc/self/ns/net', os.O_RDONLY)"),
        Attack(
            "the host's processes", "len([p for p in os.listdir('/proc') if p.isdigit()]) > 8 or stop('few')",
            inside: "few"),
        Attack(
            "a signal to a process of the host's", "os.kill(int(read('victim')), 9)", inside: "ESRCH", setup: victim,
            check: "time.sleep(0.05) or victim.poll() is not None", cleanup: endVictim),
        Attack(
            "a signal by descriptor", "signal.pidfd_send_signal(os.pidfd_open(int(read('victim2'))), 9)",
            inside: "ESRCH", setup: victim.replacing("'victim'", with: "'victim2'"),
            check: "time.sleep(0.05) or victim.poll() is not None", cleanup: endVictim),
        Attack(
            "looking at a process of the host's", "read('/proc/%d/cmdline' % int(read('victim3')))", inside: "ENOENT",
            setup: victim.replacing("'victim'", with: "'victim3'"), cleanup: endVictim),
        Attack(
            "a signal by the owner of a file",
            """
            r, w = os.pipe()
            fcntl.fcntl(r, fcntl.F_SETOWN, int(read('victim4')))
            """, inside: "ESRCH", setup: victim.replacing("'victim'", with: "'victim4'"), cleanup: endVictim),
        Attack(
            "a signal to the parent",
            script: "sh -c '$RUN sh -c \"kill -9 \\$PPID; true\"; exit 0'; test $? = 137 && echo worked", inside: ""),
        Attack(
            "the priority of a process of the host's", "os.setpriority(os.PRIO_PROCESS, int(read('victim5')), 9)",
            inside: "ESRCH", setup: victim.replacing("'victim'", with: "'victim5'"), cleanup: endVictim),
        Attack(
            "the limits of a process of the host's",
            "resource.prlimit(int(read('victim6')), resource.RLIMIT_NOFILE, (8, 8))",
            inside: "ESRCH", setup: victim.replacing("'victim'", with: "'victim6'"), cleanup: endVictim),
        Attack(
            "the host's shared memory", "call('shmget', 0x76736174, 0, 0)", inside: "ENOENT",
            setup: "m = call('shmget', 0x76736174, 4096, 0o1600)", cleanup: "call('shmctl', m, 0, 0)"),
        Attack(
            "the host's files in shared memory", "read('/dev/shm/vault-sandbox-attack')", inside: "ENOENT",
            setup: "write('/dev/shm/vault-sandbox-attack')", cleanup: "os.unlink('/dev/shm/vault-sandbox-attack')"),
        Attack(
            "moving the first process on the kernel's list of whom to end",
            script: "$RUN sh -c 'v=$(cat /proc/1/oom_score_adj); echo $v > /proc/1/oom_score_adj' && echo worked",
            inside: ""),
    ]
}
