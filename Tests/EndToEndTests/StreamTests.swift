internal import Linux
internal import TestSupport
internal import Testing

/// What becomes of the caller's standard streams, as scripts rely on it.
@Suite(.requires(.binary, .root, .userNamespaces)) struct StreamTests {
    /// A script and what it must print.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let script: String
        let output: String
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "a loop over a pipe's lines keeps those that the program does not read",
            script: #"printf 'a\nb\nc\n' | while read line; do "$VS" exec -- true; echo $line; done"#,
            output: "a\nb\nc\n"),
        Case(
            name: "a loop over a file's lines keeps those that the program does not read",
            script: #"printf 'a\nb\nc\n' > list; while read line; do "$VS" exec -- true; echo $line; done < list"#,
            output: "a\nb\nc\n"),
        Case(
            name: "a program takes from a pipe what it reads, and no more",
            script: #"printf 'a\nb\nc\n' | { "$VS" exec -- sh -c 'read line; echo got $line'; cat; }"#,
            output: "got a\nb\nc\n"),
        Case(
            name: "a program takes from a file what it reads, and no more",
            script: #"printf 'a\nb\nc\n' > list; { "$VS" exec -- sh -c 'read line; echo got $line'; cat; } < list"#,
            output: "got a\nb\nc\n"),
        Case(
            name: "a program cannot send the caller back in a file by what it writes itself",
            script: #"""
                printf 'a\nb\nc\n' > list
                { read line; read line; "$VS" exec -- sh -c 'printf xx > /proc/self/fd/0'; cat; } < list
                """#,
            output: "c\n"),
        Case(
            name: "a pipe of any length comes through",
            script: #"seq 2000000 > list; cat list | "$VS" exec -- cat | cmp - list && echo same"#, output: "same\n"),
        Case(
            name: "a file of any length comes through",
            script: #"seq 2000000 > list; "$VS" exec -- cat < list | cmp - list && echo same"#, output: "same\n"),
        Case(
            name: "a file is read from where the caller is in it",
            script: #"printf 'a\nb\n' > list; { read line; "$VS" exec -- cat; } < list"#, output: "b\n"),
        Case(
            name: "a text in the script comes through", script: "\"$VS\" exec -- cat <<END\ntext\nEND", output: "text\n"
        ),
        Case(
            name: "a harmless device stays one",
            script: #""$VS" exec -- stat -Lc %F /proc/self/fd/0 < /dev/null"#, output: "character special file\n"),
        Case(
            name: "a writer learns that the program reads no more, while it runs",
            script: #"""
                { yes; echo stopped > seen; } |
                    "$VS" exec -- sh -c 'head -n 1; exec <&-; while [ ! -e seen ]; do sleep 0.1; done; cat seen'
                """#,
            output: "y\nstopped\n"),
        Case(
            name: "output and errors that go to one place keep their order",
            script: #""$VS" exec -- sh -c 'for n in 1 2 3 4; do echo o$n; echo e$n >&2; done' 2>&1"#,
            output: "o1\ne1\no2\ne2\no3\ne3\no4\ne4\n"),
        Case(
            name: "output and errors that go to two places stay apart",
            script: #""$VS" exec -- sh -c 'echo out; echo err >&2' > out 2> err; cat err out"#, output: "err\nout\n"),
        Case(
            name: "a secret in two halves, on output and errors that go to one place, is replaced",
            script: """
                TOKEN=first-half+second-half "$VS" exec --secret-from TOKEN=env -- \
                sh -c 'printf first-half; sleep 0.2; printf +second-half >&2' 2>&1
                """,
            output: "[redacted:TOKEN]"),
        Case(
            name: "a reader that goes away ends the program by a signal",
            script: #"{ "$VS" exec -- yes; echo $? > status; } | head -n 1; sleep 0.5; cat status"#,
            output: "y\n141\n"),
    ]

    @Test(arguments: cases) func `a script finds the streams as it expects them`(wanted: Case) throws {
        let place = try Workplace()
        let outcome = try place.home.script(wanted.script, in: place.project)
        #expect(outcome.outputText == wanted.output, "\(outcome.errorText)")
    }

    @Test func `a result in JSON tells output and errors apart even where they go to one place`() throws {
        let place = try Workplace()
        let outcome = try place.home.script(
            #""$VS" exec --json -- sh -c 'echo out; echo err >&2' 2>&1"#, in: place.project)
        #expect(outcome.outputText.contains(#""stderr":"err\n""#), "\(outcome.outputText)")
        #expect(outcome.outputText.contains(#""stdout":"out\n""#))
    }

    @Test func `input that cannot be read ends the run, and the program does not take it for the end`() throws {
        let place = try Workplace()
        // The first page of a process's memory cannot be read: EIO.
        let outcome = try place.home.script(
            #"exec < /proc/self/mem; "$VS" exec -- sh -c 'cat; echo complete'; echo $?"#, in: place.project)
        #expect(outcome.outputText == "125\n")
        #expect(outcome.errorText.contains("could not read standard input"), "\(outcome.errorText)")
    }

    @Test(arguments: [
        "exec -- echo hi > /dev/full", "exec -- sh -c 'echo hi >&2' 2> /dev/full", "exec --json -- true > /dev/full",
        "exec --dry-run -- true > /dev/full", "policy show default > /dev/full", "completion bash > /dev/full",
        "--version > /dev/full",
    ]) func `output that cannot be written is an error`(line: String) throws {
        let place = try Workplace()
        let outcome = try place.home.script("\"$VS\" \(line)", in: place.project)
        #expect(outcome.exitStatus == 125)
        if !line.contains("2>") {
            #expect(outcome.errorText.hasPrefix("vault-sandbox: storage_full: the output "), "\(outcome.errorText)")
        }
    }
}
