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
            "the caller's terminal by its own name", script: under("echo worked > /dev/tty"), inside: "ran",
            arguments: ["--no-tty"]),
        Attack(
            "typing into the caller's terminal",
            script: under("/usr/bin/python3 type.py && echo worked"), inside: "ran", setup: typing,
            arguments: ["--no-tty"]),
        Attack(
            "the settings of the caller's terminal", script: under("stty -echo && echo worked"), inside: "ran",
            arguments: ["--no-tty"]),
        Attack(
            "typing into a terminal of its own", script: under("/usr/bin/python3 type.py && echo worked"),
            inside: "ran",
            setup: typing, arguments: ["--tty"]),
        Attack(
            "the size of the caller's window", script: afterwards("stty -F /dev/tty rows 7", "stty size | grep ^7"),
            inside: "ran", arguments: ["--tty"]),
        Attack(
            "the echo of the caller's terminal", script: afterwards("stty -echo", "stty -a | grep -e -echo.echoe"),
            inside: "ran", arguments: ["--tty"]),
        shown("a question for the caller's clipboard", #"\033]52;c;?\007"#, sign: "]52;"),
        shown("a question for the title of the caller's window", #"\033[21t"#, sign: "21t"),
        shown("a question for the title in one of several parameters", #"\033[18;21t"#, sign: "21t"),
        shown("a question for a setting of the caller's terminal", #"\033P$qm\033\\"#, sign: "qm"),
        shown("keys of the caller's terminal defined anew", #"\033P0;1|17/0a\033\\"#, sign: "17/0a"),
        shown("a question by a character of the upper half", #"\302\23321t"#, sign: "\u{9B}"),
        shown("leaving UTF-8, where half a character asks", #"\033%%@\342\233\264"#, sign: "%@"),
        shown("another terminal's language", #"\033[?38h"#, sign: "38h"),
    ]

    private static let typing = "echo 'import fcntl; fcntl.ioctl(0, 0x5412, b\"x\")' > project/type.py"

    /// A command in a launch from a terminal.
    private static func under(_ command: String) -> String {
        "cd project; script -qec \"$RUN sh -c '\(command); echo ran'\" /dev/null < /dev/null > out 2> /dev/null; "
            + "grep -o worked out || grep -o ran out"
    }

    /// A command in a launch from a terminal, and what is then true of that terminal where it has worked.
    private static func afterwards(_ command: String, _ sign: String) -> String {
        "cd project; script -qec \"$RUN sh -c '\(command); echo ran'; \(sign) > /dev/null && echo worked\" /dev/null "
            + "< /dev/null > out 2> /dev/null; grep -o worked out || grep -o ran out"
    }

    /// Something that a program shows on a terminal of its own, and what of it must not reach the caller's.
    private static func shown(_ name: String, _ text: String, sign: String) -> Attack {
        Attack(
            name,
            script: "cd project; script -qec \"$RUN sh show.sh\" /dev/null < /dev/null > out 2> /dev/null; "
                + "grep -aqF '\(sign)' out && echo worked || grep -ao ran out", inside: "ran",
            setup: "cat > project/show.sh <<'END'\nprintf '\(text)'; echo ran\nEND", arguments: ["--tty"])
    }
}
