internal import Linux
internal import TestSupport
internal import Testing

/// Attacks through the caller's open files, each first tried without a sandbox, where it must succeed.
@Suite(.requires(.binary, .root, .userNamespaces, .command("python3"))) struct StandardInputTests {
    /// A script of the caller's around `$RUN`, which is nothing outside and a launch inside; it prints `worked` where the
    /// attack did.
    struct Attack: Sendable, CustomTestStringConvertible {
        let name: String
        let script: String
        var testDescription: String { name }
    }

    static let attacks = [
        Attack(
            name: "writing back into a pipe",
            script: "sleep 1 | { $RUN sh -c 'echo worked > /proc/self/fd/0'; timeout 2 head -n 1; }"),
        Attack(
            name: "feeding lines to the caller's loop",
            script: """
                printf 'one\\n' | while read line; do
                    test $line = one || { echo worked; break; }
                    $RUN sh -c 'echo two > /proc/self/fd/0'
                done
                """),
        Attack(
            name: "writing into a file that was opened for reading",
            script: "echo kept > file; $RUN sh -c 'echo worked > /proc/self/fd/0' < file; cat file"),
        Attack(
            name: "changing the mode of a file",
            script: "echo > file; chmod 640 file; $RUN chmod 604 /proc/self/fd/0 < file; stat -c %a file | \(turn(604))"
        ),
        Attack(
            name: "changing the times of a file",
            script: "echo > file; $RUN touch -d @7 /proc/self/fd/0 < file; stat -c %Y file | \(turn(7))"),
        Attack(
            name: "cutting a file to nothing",
            script: "echo > file; $RUN truncate -s 0 /proc/self/fd/0 < file; stat -c %s file | \(turn(0))"),
        Attack(
            name: "changing the mode of a FIFO",
            script: """
                mkfifo -m 600 fifo; sleep 1 > fifo & $RUN chmod 604 /proc/self/fd/0 < fifo
                stat -c %a fifo | \(turn(604))
                """),
        Attack(
            name: "changing how the caller's pipe waits",
            script: """
                sleep 1 | {
                    $RUN python3 -c 'import fcntl, os; fcntl.fcntl(0, fcntl.F_SETFL, os.O_NONBLOCK)'
                    grep -q 'flags:.*4000' /proc/self/fdinfo/0 && echo worked
                }
                """),
    ]

    static let rootAttacks = [
        Attack(
            name: "changing the mode of a device that is standard input",
            script: "$RUN chmod 666 /proc/self/fd/0 < /dev/null && echo worked"),
        Attack(name: "changing the mode of a device", script: "$RUN chmod 666 /dev/full && echo worked"),
        Attack(
            name: "moving the first process on the kernel's list of whom to end",
            script: "$RUN sh -c 'v=$(cat /proc/1/oom_score_adj); echo $v > /proc/1/oom_score_adj' && echo worked"),
        Attack(
            name: "the kernel's memory, type by type",
            script: "$RUN grep -q slabinfo /proc/slabinfo && echo worked"),
        Attack(name: "changing the owner of a device", script: "$RUN chown 0:0 /dev/urandom && echo worked"),
    ]

    /// Turns the line that shows a change into `worked`.
    private static func turn(_ line: Int) -> String { "sed 's/^\(line)$/worked/'" }

    @Test(arguments: attacks, [nil, TestHome.ordinaryUser])
    func `an attack through standard input that works outside fails inside`(attack: Attack, user: UInt32?) throws {
        try expectRefused(attack, user: user)
    }

    @Test(arguments: rootAttacks)
    func `what root could do to the machine fails inside`(attack: Attack) throws {
        try expectRefused(attack, user: nil)
    }

    /// The folder in which the files lie is not the work directory, where a program may write.
    private func expectRefused(_ attack: Attack, user: UInt32?) throws {
        func run(_ prefix: String) throws -> ProgramRun.Outcome {
            let home = try TestHome(user: user)
            try home.directory.makeDirectory("project")
            if let user { try changeOwner(of: home.path("project"), to: user) }
            return try home.script("RUN=\"\(prefix)\"\n" + attack.script)
        }
        let outside = try run("")
        try #require(outside.outputText == "worked\n", "the attack must work outside: \(outside.errorText)")
        let inside = try run("$VS exec --no-secrets --work-dir project --")
        #expect(!inside.outputText.contains("worked"))
        // A launch that failed would make every attack fail.
        #expect(!inside.errorText.contains("vault-sandbox:"), "\(inside.errorText)")
    }
}
