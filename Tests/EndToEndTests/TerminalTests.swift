internal import Linux
internal import TestSupport
internal import Testing

/// A program with a terminal of its own, as a person at a terminal sees it.
@Suite(.requires(.binary, .userNamespaces, .command("python3"))) struct TerminalTests {
    @Test func `a program on a terminal finds one, of the same size and its own`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            #""$VS" exec -- sh -c 'tty; stty size; echo own > /dev/tty; test -t 0 && test -t 1 && test -t 2; echo $?'"#,
            in: place)
        #expect(outcome.shown == "/dev/pts/0\r\n31 97\r\nown\r\n0\r\n")
        #expect(outcome.status == 0)
        #expect(outcome.restored)
    }

    /// The options and the redirections of a line, and whether the program finds a terminal.
    @Test(arguments: [
        ("", "", true), ("--no-tty", "", false), ("", "2> /dev/null", false), ("", "< /dev/null", false),
        ("", "| cat", false), ("--tty", "| cat", true), ("--tty", "< /dev/null", true),
    ]) func `a program gets a terminal where all three streams are one, or where it is asked for`(
        row: (options: String, redirection: String, isTerminal: Bool)
    ) throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            "\"$VS\" exec \(row.options) -- sh -c 'test -t 0 || test -t 1; echo is=$?' \(row.redirection)", in: place)
        let found = row.isTerminal ? "is=0" : row.redirection == "" || row.options == "--no-tty" ? "is=1" : "is="
        #expect(outcome.shown.contains(found), "\(outcome.shown)")
    }

    @Test func `a terminal and a result in JSON exclude each other`() throws {
        let place = try Workplace()
        let outcome = try place.run(["exec", "--tty", "--json", "--", "true"])
        #expect(outcome.exitStatus == 125)
        #expect(outcome.outputText.contains("argument_invalid"), "\(outcome.outputText)")
        #expect(try place.run(["exec", "--tty", "--no-tty", "--", "true"]).errorText.contains("argument_invalid"))
    }

    @Test func `what is typed is echoed at once and reaches the program`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            #"TOKEN=hunter2-and-more "$VS" exec --secret-from TOKEN=env -- sh -c 'printf "name: hu"; read x; echo got $x'"#,
            in: place, [.init("name: hu", .type("ab")), .init("ab", .type("c\n"))])
        #expect(outcome.shown == "name: huabc\r\ngot abc\r\n")
    }

    @Test func `the keys that interrupt, quit and end the input mean to the program what they mean outside`() throws {
        let place = try Workplace()
        let wait = #""$VS" exec -- sh -c 'echo begun; sleep 50'; echo status=$?"#
        #expect(
            try TerminalRun.run(wait, in: place, [.init("begun", .typeLater("\u{3}"))]).shown
                .contains("status=130"))
        #expect(
            try TerminalRun.run(wait, in: place, [.init("begun", .typeLater("\u{1C}"))]).shown
                .contains("status=131"))
        let read = #""$VS" exec -- sh -c 'echo begun; cat; echo end'; echo status=$?"#
        let outcome = try TerminalRun.run(read, in: place, [.init("begun", .type("line\n\u{4}"))])
        #expect(outcome.shown.hasSuffix("line\r\nend\r\nstatus=0\r\n"), "\(outcome.shown)")
        #expect(outcome.restored)
    }

    @Test func `a change of the window's size reaches the program`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            #""$VS" exec -- bash -c 'trap "stty size; exit 3" WINCH; echo begun; while :; do sleep 0.1; done'"#,
            in: place, [.init("begun", .size(rows: 12, columns: 34))])
        #expect(outcome.shown == "begun\r\n12 34\r\n")
        #expect(outcome.status == 3)
    }

    @Test func `Ctrl-Z gives the shell its prompt and its terminal, and fg goes on`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            argv: ["/bin/bash", "--norc", "--noediting", "-i"], in: place,
            [
                .init("ready> ", .type("\"$VS\" exec -- sh -c 'echo be''gun; cat; echo en''ded'\n")),
                .init("begun", .type("one\n")), .init("one\r\none", .type("\u{1A}")),
                .init("Stopped", .type("")), .init("ready> ", .type("stty -a | grep -o -e '-*icanon'\n")),
                .init("\nicanon", .type("fg\n")), .init("exec", .typeOnceRaw("more\n")),
                .init("more\r\nmore", .typeLater("\u{4}")),
                .init("ended", .typeLater("stty -a | grep -o -e '-*icanon'; exit 7\n")),
            ])
        #expect(outcome.left == [], "\(outcome.shown)")
        #expect(outcome.lines.count { $0 == "icanon" } == 2, "\(outcome.shown)")
        #expect(outcome.shown.contains("more\r\nended"))
        #expect(outcome.status == 7)
    }

    @Test func `a program that stops itself stops the run, and the time limit holds meanwhile`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            argv: ["/bin/bash", "--norc", "--noediting", "-i"], in: place,
            [
                .init(
                    "ready> ",
                    .type(
                        "\"$VS\" exec --timeout 2s -- sh -c '(while :; do date +%s%N > beat; sleep 0.1; done) & kill -STOP $$'\n"
                    )),
                .init("Stopped", .type("")),
                .init("ready> ", .type("sleep 5; cp beat one; sleep 1; cmp beat one && echo silent; fg; exit\n")),
            ])
        #expect(outcome.lines.contains("silent"), "\(outcome.shown)")
    }

    @Test func `a run in the background reads nothing until it is brought forward`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            argv: ["/bin/bash", "--norc", "--noediting", "-i"], in: place,
            [
                .init("ready> ", .type("\"$VS\" exec -- sh -c 'echo be''gun; read x; echo got=$x' &\n")),
                .init("begun", .type("echo the-''shell\n")), .init("the-shell", .type("jobs\n")),
                .init("Running", .type("fg\n")), .init("exec", .typeOnceRaw("mine\n")),
                .init("got=mine", .typeLater("exit 4\n")),
            ])
        #expect(outcome.left == [], "\(outcome.shown)")
        #expect(outcome.status == 4)
    }

    @Test func `job control works in a shell inside`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            #"PS1='inside> ' "$VS" exec --env PS1 -- bash --norc --noediting -i"#, in: place,
            [
                .init("inside> ", .type("cat\none\n")), .init("one\r\none", .type("\u{1A}")),
                .init("Stopped", .type("kill -9 %1; fg; exit 5\n")),
            ])
        #expect(outcome.left == [], "\(outcome.shown)")
        #expect(outcome.status == 5)
    }

    @Test func `a program on the full screen draws as it would outside`() throws {
        let place = try Workplace()
        try place.write(
            """
            import curses
            def main(screen):
                curses.start_color()
                curses.init_pair(1, curses.COLOR_RED, curses.COLOR_BLACK)
                screen.addstr(5, 10, "middle", curses.color_pair(1))
                screen.addstr(6, 10, "%dx%d" % screen.getmaxyx())
                screen.refresh()
                screen.addstr(7, 10, "key %d" % screen.getch())
                screen.refresh()
                screen.getch()
            curses.wrapper(main)
            """, to: "screen.py")
        let steps = [TerminalRun.Step("31x97", .type("q")), .init("key 113", .type("q"))]
        let inside = try TerminalRun.run(#""$VS" exec -- /usr/bin/python3 screen.py"#, in: place, steps)
        let outside = try TerminalRun.run("/usr/bin/python3 screen.py", in: place, steps)
        #expect(inside.left == [])
        #expect(inside.shown == outside.shown)
        #expect(outside.shown.contains("\u{1B}[?1049h"))
    }

    @Test func `a pager and the names of capabilities work`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            #""$VS" exec -- sh -c 'seq 100 | less; tput cols; tput setaf 1 | od -An -c'"#, in: place,
            [.init(":", .type("G")), .init("100", .type("q"))])
        #expect(outcome.left == [])
        #expect(outcome.shown.contains("97\r\n"), "\(outcome.shown)")
        #expect(outcome.shown.contains("033   [   3   1   m"))
    }

    @Test func `all that was shown arrives, whatever is left running`() throws {
        let place = try Workplace()
        let script = "(while :; do sleep 1; done) & seq 20000; echo end"
        let outcome = try TerminalRun.run("\"$VS\" exec -- sh -c '\(script)'", in: place)
        #expect(outcome.shown == (1...20000).map { "\($0)\r\n" }.joined() + "end\r\n")
        #expect(outcome.status == 0)
    }

    @Test func `the time limit and a signal end the run and leave the terminal as it was`() throws {
        let place = try Workplace()
        let late = try TerminalRun.run(
            #""$VS" exec --timeout 1s -- sh -c 'printf "\033[?1049h\033[?1000h"; echo begun; sleep 50'"#, in: place)
        #expect(late.status == 124)
        #expect(late.restored)
        #expect(
            late.shown.contains("begun\r\n\u{1B}[?1000l\u{1B}[?1049lvault-sandbox: command_timeout"), "\(late.shown)")
        let ended = try TerminalRun.run(
            #"exec "$VS" exec -- sh -c 'trap "echo bye; exit 4" TERM; echo begun; while :; do sleep 0.1; done'"#,
            in: place,
            [.init("begun", .signal(Signals.terminate))])
        #expect(ended.shown == "begun\r\nbye\r\n")
        #expect(ended.status == 4)
        #expect(ended.restored)
        let crashed = try TerminalRun.run(#""$VS" exec -- sh -c 'kill -SEGV $$'; echo status=$?"#, in: place)
        #expect(crashed.shown.contains("status=139"))
        #expect(crashed.restored)
        let missing = try TerminalRun.run(#""$VS" exec -- no-such-command; echo status=$?"#, in: place)
        #expect(missing.shown.contains("command_not_found") && missing.shown.contains("status=127"))
        #expect(missing.restored)
    }

    @Test func `a value is redacted in every disguise of a terminal, and the rest is drawn`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            #"""
            TOKEN=correct-horse-battery "$VS" exec --secret-from TOKEN=env -- sh -c '
                echo "$TOKEN"; echo "$TOKEN" | sed "s/./\x1b[32m&/g"; echo "$TOKEN" | sed "s/./&\r/g"
                printf "\033[1mbold\033[0m %s\033]52;c;%0900d\007%s end\n" correct-hor 0 se-battery'
            """#, in: place, variables: ["PATH": "/usr/bin:/bin"])
        #expect(!outcome.shown.contains("horse"))
        #expect(outcome.shown.components(of: "[redacted:TOKEN]") == 4, "\(outcome.shown)")
        #expect(outcome.shown.contains("\u{1B}[1mbold\u{1B}[0m [redacted:TOKEN] end"), "\(outcome.shown)")
    }

    @Test func `a program whose output nobody reads ends as on a terminal that is gone`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            #"{ "$VS" exec --tty -- sh -c 'yes; echo never'; echo status=$? >&2; } | head -n 1"#, in: place)
        // The signal and the error of the write race, as they do outside.
        #expect(outcome.lines.contains { ["status=129", "status=1"].contains($0) }, "\(outcome.shown)")
    }

    @Test func `the end of an input that is no terminal ends the program's input`() throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(#"printf 'a\nb' | "$VS" exec --tty -- sh -c 'cat | wc -c'"#, in: place)
        #expect(outcome.shown.hasSuffix("3\r\r\n"), "\(outcome.shown)")
    }

    @Test(arguments: ["", "--tty"]) func `a program that closes its terminal and opens it again goes on`(
        option: String
    ) throws {
        let place = try Workplace()
        let outcome = try TerminalRun.run(
            "\"$VS\" exec \(option) -- sh -c 'exec < /dev/null > /dev/null 2>&1; sleep 0.3; echo back > /dev/tty'",
            in: place)
        #expect(outcome.shown == "back\r\n")
    }
}

extension String {
    /// How often a text is in this one.
    fileprivate func components(of text: String) -> Int { ranges(of: text).count }
}
