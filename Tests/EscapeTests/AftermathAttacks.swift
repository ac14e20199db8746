/// Leaving something behind.
enum AftermathAttacks {
    static let all = processes + things

    /// A process outlives the run: what it would do a moment later.
    private static func late(_ name: String, _ command: String) -> Attack {
        Attack(
            name,
            script: """
                cd project
                $RUN sh -c '\(command)' > /dev/null
                sleep 1.2; test -e late && echo worked
                """, inside: "")
    }

    private static let work = "sleep 0.6; touch late"
    private static let quiet = "> /dev/null 2>&1 < /dev/null &"

    private static let processes = [
        late("a child in the background", "( \(work) ) \(quiet)"),
        late("a session of its own", "setsid sh -c \"\(work)\" \(quiet)"),
        late("a grandchild of two forks", "( setsid sh -c \"( \(work) ) &\" \(quiet) ) &"),
        late("a child that does not hear of the end", "nohup sh -c \"trap : HUP TERM INT; \(work)\" \(quiet)"),
        late(
            "a child that somebody wakes again",
            "sh -c \"\(work)\" \(quiet) kill -STOP $!; ( sleep 0.3; kill -CONT $! ) \(quiet) exit 0"),
        Attack(
            "a grandchild that holds the pipe open",
            script: "s=$(date +%s%N); $RUN sh -c 'sleep 2 & exit 0' | cat; "
                + "test $((($(date +%s%N) - s) / 1000000)) -ge 1900 && echo worked", inside: ""),
    ]

    private static let things = [
        Attack(
            "a file in /tmp",
            script: "f=/tmp/vault-sandbox-left-$$; $RUN sh -c \"echo > $f\"; test -e $f && echo worked; rm -f $f",
            inside: ""),
        Attack(
            "a file in shared memory",
            script: "f=/dev/shm/vault-sandbox-left-$$; $RUN sh -c \"echo > $f\"; test -e $f && echo worked; rm -f $f",
            inside: ""),
        Attack(
            "a line in a shell's start file",
            script: "$RUN sh -c 'echo attack >> $HOME/.bashrc'; test -s .bashrc && echo worked", inside: ""),
        Attack(
            "a service of the user's",
            script: "$RUN sh -c 'mkdir -p $HOME/.config/systemd/user; echo > $HOME/.config/systemd/user/a.service'; "
                + "test -e .config/systemd && echo worked", inside: ""),
        Attack(
            "a table of timed commands",
            script: "f=/var/tmp/vault-sandbox-left-$$; $RUN sh -c \"echo > $f\"; test -e $f && echo worked; rm -f $f",
            inside: ""),
        Attack(
            "a piece of shared memory of the kernel's",
            script: """
                $RUN ipcmk -M 4321 > made
                ipcs -m | grep -qw 4321 && echo worked
                test -n "$RUN" || ipcrm -m $(sed 's/[^0-9]//g' made)
                """, inside: ""),
        Attack(
            "a mount",
            script: """
                cut -d' ' -f4- /proc/self/mountinfo | sort > before
                if [ -z "$RUN" ]; then mount -t tmpfs none project; else $RUN true; fi
                grep -q "$PWD" /proc/self/mountinfo && echo worked
                test -n "$RUN" || umount project
                """, inside: ""),
        Attack(
            "a hook of git's that nobody hears of",
            script: """
                cd project
                $RUN sh -c 'mkdir -p .git/hooks; echo x > .git/hooks/post-checkout' 2> said
                test -e .git/hooks/post-checkout && { grep -q 'command made' said && echo told || echo worked; }
                """, inside: "told"),
        Attack(
            "a hook of git's that stays",
            script: """
                printf 'version = 1\\nextends = ["default"]\\n[redaction]\\nwritten_files = "block"\\n' > policy.toml
                cd project; test -z "$RUN" || RUN="$VS exec --policy $HOME/policy.toml --"
                $RUN sh -c 'mkdir -p .git/hooks; echo x > .git/hooks/post-checkout' 2> /dev/null
                test -e .git/hooks/post-checkout && echo worked
                $VS quarantine list 2> /dev/null | grep -q 'a trap' && echo moved
                """, inside: "moved"),
    ]
}
