/// What open files lead to.
enum DescriptorAttacks {
    static let all = inherited + standardInput + devices

    private static func leftOpen(_ number: Int, flags: String = "0") -> (setup: String, cleanup: String) {
        ("f = os.open('/etc', \(flags)); os.dup2(f, \(number), inheritable=True); os.close(f)", "os.close(\(number))")
    }

    private static let inherited = [
        Attack(
            "a folder that the caller left open", "os.open('hostname', os.O_RDONLY, dir_fd=9)", inside: "EBADF",
            setup: leftOpen(9).setup, cleanup: leftOpen(9).cleanup),
        Attack(
            "stepping into a folder that the caller left open", "os.fchdir(10)", inside: "EBADF",
            setup: leftOpen(10).setup, cleanup: leftOpen(10).cleanup),
        Attack(
            "a place without rights that the caller left open", "os.open('hostname', os.O_RDONLY, dir_fd=11)",
            inside: "EBADF", setup: leftOpen(11, flags: "os.O_PATH").setup, cleanup: leftOpen(11).cleanup),
        Attack(
            "a file with a high number", "os.fchdir(700)", inside: "EBADF", setup: leftOpen(700).setup,
            cleanup: leftOpen(700).cleanup),
        Attack(
            "a service's socket that the caller left open", "socket.socket(fileno=12).getsockname()", inside: "EBADF",
            setup: "s = listen(socket.AF_INET, ('127.0.0.1', 0)); os.dup2(s.fileno(), 12, inheritable=True)",
            cleanup: "os.close(12); s.close()"),
        Attack(
            "what the first process has open", "os.readlink('/proc/1/fd/0')", inside: "EACCES",
            control: "os.readlink('/proc/self/fd/0')"),
        Attack(
            "the first process's program", "os.open('/proc/1/exe', os.O_RDONLY)", inside: "EACCES",
            control: "os.open('/proc/self/exe', os.O_RDONLY)"),
        Attack(
            "taking a descriptor out of another process",
            "call('pidfd_getfd', os.pidfd_open(os.getpid()), 0, 0)", inside: "EPERM"),
        Attack(
            "a folder as standard input",
            script: "$RUN sh -c 'cat /proc/self/fd/0/hostname' < /etc > got; "
                + "test -s got && echo worked", inside: "argument_invalid"),
        Attack(
            "closed streams that let something else take their place",
            script: """
                $RUN sh -c 'cat /etc/shadow > leak; echo ran > ran' 0<&- 1>&- 2>&-
                test -s leak -o -s project/leak && echo worked || cat project/ran
                """, inside: "ran"),
        Attack(
            "the first process's copies of the caller's descriptors",
            script: """
                exec 9</etc
                if [ -z "$RUN" ]; then ls -l /proc/$$/fd | grep -q ' /etc$' && echo worked; exit; fi
                $RUN sh -c 'touch ready; sleep 20' &
                while [ ! -e project/ready ]; do sleep 0.05; done
                ls -l /proc/$(ps -o pid= --ppid $! | tr -d ' ')/fd | grep -q ' /etc$' && echo worked
                kill $!
                """, inside: ""),
    ]

    /// Turns the line that shows a change into `worked`.
    private static func turn(_ line: Int) -> String { "sed 's/^\(line)$/worked/;t;d'" }

    /// Through the caller's open files; they are tried as an ordinary user too.
    static let standardInput = [
        Attack(
            "writing back into a pipe",
            script: "sleep 1 | { $RUN sh -c 'echo worked > /proc/self/fd/0'; timeout 2 head -n 1; }", inside: ""),
        Attack(
            "feeding lines to the caller's loop",
            script: """
                printf 'one\\n' | while read line; do
                    test $line = one || { echo worked; break; }
                    $RUN sh -c 'echo two > /proc/self/fd/0'
                done
                """, inside: ""),
        Attack(
            "writing into a file that was opened for reading",
            script: "echo > file; $RUN sh -c 'echo worked > /proc/self/fd/0' < file; grep worked file", inside: ""),
        Attack(
            "changing the mode of a file",
            script:
                "echo > file; chmod 640 file; $RUN chmod 604 /proc/self/fd/0 < file; stat -c %a file | \(turn(604))",
            inside: ""),
        Attack(
            "changing the times of a file",
            script: "echo > file; $RUN touch -d @7 /proc/self/fd/0 < file; stat -c %Y file | \(turn(7))", inside: ""),
        Attack(
            "cutting a file to nothing",
            script: "echo > file; $RUN truncate -s 0 /proc/self/fd/0 < file; stat -c %s file | \(turn(0))", inside: ""),
        Attack(
            "changing the mode of a FIFO",
            script: """
                mkfifo -m 600 fifo; sleep 1 > fifo & $RUN chmod 604 /proc/self/fd/0 < fifo
                stat -c %a fifo | \(turn(604))
                """, inside: ""),
        Attack(
            "changing how the caller's pipe waits",
            script: """
                sleep 1 | {
                    $RUN /usr/bin/python3 -c 'import fcntl, os; fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK)'
                    grep -q 'flags:.*4000' /proc/self/fdinfo/0 && echo worked
                }
                """, inside: ""),
    ]

    private static let devices = [
        Attack(
            "changing the mode of a device that is standard input",
            script: "$RUN chmod 666 /proc/self/fd/0 < /dev/null && echo worked", inside: ""),
        Attack("changing the mode of a device", "os.chmod('/dev/full', 0o666)", inside: "EROFS"),
        Attack("changing the owner of a device", "os.chown('/dev/urandom', 0, 0)", inside: "EROFS"),
    ]
}
