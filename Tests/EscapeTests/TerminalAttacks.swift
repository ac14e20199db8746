/// Acting on a terminal as if somebody typed.
enum TerminalAttacks {
    private static let own = "m, s = os.openpty(); os.setsid(); fcntl.ioctl(s, 0x540e, 0); "

    static let all = [
        Attack("typing into a terminal", own + "fcntl.ioctl(s, 0x5412, b'x')", inside: "EPERM"),
        Attack(
            "typing by the high half of an argument",
            own + "call('ioctl', s, 0x5412 | 1 << 32, b'x')", inside: "EPERM"),
        Attack(
            "pasting the console's selection",
            "reaches('ioctl', 0, 0x541c, b'x', reply=errno.ENOTTY)", inside: "EPERM"),
        Attack(
            "pasting by the high half of an argument",
            "reaches('ioctl', 0, 0x541c | 1 << 32, b'x', reply=errno.ENOTTY)", inside: "EPERM"),
        Attack(
            "another line discipline",
            own + "call('ioctl', s, 0x5423, ctypes.byref(ctypes.c_int(0)))", inside: "EPERM"),
        Attack("the console", "os.open('/dev/console', os.O_WRONLY | os.O_NOCTTY)", inside: "ENOENT"),
        Attack("the first virtual terminal", "os.stat('/dev/tty0')", inside: "ENOENT"),
        Attack(
            "a terminal of the host's", "os.open(read('pts').decode(), os.O_WRONLY | os.O_NOCTTY)", inside: "ENOENT",
            setup: "ptm, pts = os.openpty(); open('pts', 'w').write(os.ttyname(pts))",
            cleanup: "os.close(ptm); os.close(pts)"),
        Attack(
            "the caller's terminal by its own name", script: under("echo worked > /dev/tty"), inside: "ran"),
        Attack(
            "typing into the caller's terminal",
            script: under("/usr/bin/python3 type.py && echo worked"), inside: "ran",
            setup: "echo 'import fcntl; fcntl.ioctl(0, 0x5412, b\"x\")' > project/type.py"),
        Attack(
            "the settings of the caller's terminal", script: under("stty -echo && echo worked"), inside: "ran"),
    ]

    /// A command in a launch from a terminal.
    private static func under(_ command: String) -> String {
        "cd project; script -qec \"$RUN sh -c '\(command); echo ran'\" /dev/null < /dev/null > out 2> /dev/null; "
            + "grep -o worked out || grep -o ran out"
    }
}
