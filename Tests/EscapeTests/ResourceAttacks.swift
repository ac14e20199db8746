/// Using up what others need.
enum ResourceAttacks {
    static let all = files + processes + time

    private static let files = [
        Attack("a core dump", "resource.setrlimit(resource.RLIMIT_CORE, (0, 4096))", inside: "EPERM"),
        Attack(
            "a core dump by prlimit", "resource.prlimit(0, resource.RLIMIT_CORE, (0, 4096))", inside: "EPERM"),
        Attack(
            "more descriptors than the limit",
            "h = resource.getrlimit(resource.RLIMIT_NOFILE)[1] + 1; resource.setrlimit(resource.RLIMIT_NOFILE, (h, h))",
            inside: "EPERM", control: "os.dup(1)"),
        Attack(
            "300 descriptors where 256 are allowed", "[os.dup(1) for _ in range(300)]", inside: "EMFILE",
            arguments: ["--policy", "strict"]),
        Attack(
            "3 GiB of memory where 2 are allowed", "mmap.mmap(-1, 3 << 30, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS)",
            inside: "ENOMEM", arguments: ["--policy", "strict"]),
        Attack(
            "3 GiB of shared memory where 2 are allowed",
            "mmap.mmap(-1, 3 << 30, mmap.MAP_SHARED | mmap.MAP_ANONYMOUS)",
            inside: "ENOMEM", arguments: ["--policy", "strict"],
            knownIssue: "it is granted; what is used of it counts, and ends the run: see LimitTests"),
        Attack(
            "a file of 100 MiB where 64 are allowed",
            """
            f = os.open('/tmp/vault-sandbox-@RUN@-large', os.O_CREAT | os.O_WRONLY)
            try: os.pwrite(f, b'x', 100 << 20)
            finally: os.unlink('/tmp/vault-sandbox-@RUN@-large')
            """, inside: "EFBIG", "SIGXFSZ", arguments: ["--policy", "strict"]),
        Attack(
            "more of /tmp than there is",
            """
            f = os.open('/tmp/vault-sandbox-@RUN@-full', os.O_CREAT | os.O_WRONLY)
            try: os.posix_fallocate(f, 0, 300 << 20)
            finally: os.unlink('/tmp/vault-sandbox-@RUN@-full')
            """, inside: "ENOSPC"),
        Attack(
            "more shared memory than there is",
            """
            f = os.open('/dev/shm/vault-sandbox-@RUN@-full', os.O_CREAT | os.O_WRONLY)
            try: os.posix_fallocate(f, 0, 300 << 20)
            finally: os.unlink('/dev/shm/vault-sandbox-@RUN@-full')
            """, inside: "ENOSPC"),
    ]

    private static let time = [
        Attack("going before others", "os.nice(-5)", inside: "EPERM", "EACCES"),
        Attack(
            "going before all others", "os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))", inside: "EPERM"),
        Attack(
            "running for ever",
            script: "s=$(date +%s); $RUN sleep 3; test $(($(date +%s) - s)) -ge 3 && echo worked",
            inside: "command_timeout",
            arguments: ["--timeout", "1s"]),
        Attack(
            "not hearing the request to end",
            script:
                "$RUN sh -c 'trap \"\" TERM; for i in 1 2 3 4 5; do sleep 1; done; exit 7'; test $? = 7 && echo worked",
            inside: "command_timeout", arguments: ["--timeout", "1s"]),
        Attack(
            "stopping itself before the time is over",
            script: "timeout -s KILL 5 $RUN sh -c 'kill -STOP $$'; test $? = 137 && echo worked",
            inside: "command_timeout",
            arguments: ["--timeout", "1s"]),
    ]

    /// More processes and threads than the policy allows; they are tried as an ordinary user too. Root's ceiling, that of
    /// the namespace, lets 300 more through until their numbers were used once.
    static var processes: [Attack] {
        [
            Attack(
                "500 processes where 64 are allowed",
                """
                started = []
                try:
                    for _ in range(500):
                        child = os.fork()
                        if child == 0: time.sleep(20); os._exit(0)
                        started.append(child)
                finally:
                    for child in started: os.kill(child, 9)
                """, inside: "EAGAIN", isAlone: true, arguments: ["--policy", "strict"]),
            Attack(
                "500 threads where 64 are allowed",
                """
                import threading
                try:
                    for _ in range(500): threading.Thread(target=time.sleep, args=(3,), daemon=True).start()
                except RuntimeError: stop('EAGAIN')
                """, inside: "EAGAIN", isAlone: true, arguments: ["--policy", "strict"]),
        ]
    }
}
