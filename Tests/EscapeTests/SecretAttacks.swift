/// Getting at values that were not given, or past the redaction of those that were.
enum SecretAttacks {
    static let all = variables + outputs + leftovers + writtenFiles

    private static let variables =
        [
            "AWS_SECRET_ACCESS_KEY", "GH_TOKEN", "VAULT_SANDBOX_KEY_FILE", "LD_PRELOAD_OF_CALLER", "DOCKER_HOST",
            "DBUS_SESSION_BUS_ADDRESS",
        ].map { name in
            Attack(
                "the caller's \(name)", "os.environ.get('\(name)') or stop('unset')", inside: "unset",
                setup: "os.environ['\(name)'] = 'x'", cleanup: "del os.environ['\(name)']")
        } + [
            Attack(
                "the environment of the first process",
                "b'ATTACK_MARK' in open('/proc/1/environ', 'rb').read() or stop('none')", inside: "EACCES", "none",
                control: "os.environ['HOME']"),
            Attack(
                "the arguments of the first process", "len(read('/proc/1/cmdline').split()) > 1 or stop('none')",
                inside: "none", control: "read('/proc/self/cmdline')"),
        ]

    private static let value = "s3cr3t-4ttack-Value-19"

    /// A vault, and `$GIVE`, which runs a command with the value: outside plainly, inside by the launcher.
    private static let vault = """
        export V="\(value)$NUMBER" VAULT_SANDBOX_KEY_FILE=$HOME/.key
        $VS init --key-file $HOME/.key > init.log 2>&1
        printf %s "$V" | $VS secret set TOKEN > set.log 2>&1
        GIVE="env TOKEN=$V"
        test -z "$RUN" || GIVE="$VS exec --secret TOKEN --work-dir $HOME/project --"
        """

    private static func output(_ name: String, _ command: String, form: String) -> Attack {
        Attack(
            "the value \(name)",
            script: "$GIVE sh -c '\(command)' > out 2>&1; grep -aqF -- \"\(form)\" out && echo worked "
                + "|| grep -aom 1 '.redacted:TOKEN.' out | head -n 1",
            inside: "[redacted:TOKEN]", setup: vault)
    }

    private static let outputs = [
        output("as it is", "echo $TOKEN", form: "$V"),
        output("on standard error", "echo $TOKEN >&2", form: "$V"),
        output("in two writes", "printf %.7s $TOKEN; sleep 0.1; printf %s ${TOKEN#s3cr3t-}", form: "$V"),
        output("as base64", "printf %s $TOKEN | base64", form: "$(printf %s $V | base64)"),
        output("as base64 behind a byte", "printf x%s $TOKEN | base64", form: "$(printf x%s $V | base64 | cut -c5-24)"),
        output(
            "as hexadecimal", "printf %s $TOKEN | od -An -v -tx1 | tr -d \" \\n\"",
            form: "$(printf %s $V | od -An -v -tx1 | tr -d ' \\n')"),
        output("reversed", "printf %s $TOKEN | rev", form: "$(printf %s $V | rev)"),
        output("as base32", "printf %s $TOKEN | base32", form: "$(printf %s $V | base32)"),
        output("by its whole environment", "env", form: "$V"),
        output("by the environment that the kernel shows", "tr \"\\0\" \"\\n\" < /proc/self/environ", form: "$V"),
        output("between NUL bytes", "printf \"%s\\0\" $TOKEN", form: "$V"),
    ]

    /// A file with the value, in a sandbox both times: the control's policy does not look at what was written.
    private static func written(_ name: String, _ command: String, finds form: String) -> Attack {
        Attack(
            "the value in a file that it leaves, \(name)",
            script: """
                keep=block; test -n "$RUN" || keep=off
                printf 'version = 1\\nextends = ["default"]\\n[redaction]\\nwritten_files = "%s"\\n' $keep > policy.toml
                cd project
                $VS exec --policy $HOME/policy.toml --secret TOKEN -- sh -c '\(command)' > said 2>&1
                rm said; set -- *; test -e "$1" -o -L "$1" && echo worked
                $VS quarantine list | grep -qF 'TOKEN (\(form))' && echo moved
                """, inside: "moved", setup: vault)
    }

    private static let writtenFiles = [
        written("as it is", "echo $TOKEN > out", finds: "raw"),
        written("as base64", "printf %s $TOKEN | base64 > out", finds: "base64"),
        written("packed", "echo $TOKEN | gzip > out", finds: "gzip+raw"),
        written("as its name", "echo > $TOKEN", finds: "raw"),
        written("as what it links to", "ln -s $TOKEN out", finds: "raw"),
        written("that cannot be read", "echo $TOKEN > out; chmod 0 out", finds: "raw"),
    ]

    private static let leftovers = [
        Attack(
            "the value among the arguments of a process",
            script: """
                if [ -z "$RUN" ]; then sh -c 'sleep 1; true' x $V & else $GIVE sleep 1 & fi
                sleep 0.4; echo $V > value
                cat /proc/[0-9]*/cmdline 2> /dev/null | tr '\\0' '\\n' | grep -qF -f value && echo worked
                wait
                """, inside: "", setup: "NUMBER=-of-$$\n" + vault),
        Attack(
            "the value in what the launcher wrote",
            script: """
                $GIVE sh -c 'exit 3'
                if [ -z "$RUN" ]; then echo $V > log; fi; rm -f .script
                grep -rqF -- "$V" . && echo worked
                """, inside: "", setup: vault),
        Attack(
            "the vault in the working tree",
            script: """
                export VAULT_SANDBOX_HOME=$HOME/project/data VAULT_SANDBOX_KEY_FILE=$HOME/project/key
                $VS init --key-file $HOME/project/key > init.log 2>&1
                cd project; $RUN sh -c 'test -s key -o -s data/vault.db && echo worked || echo hidden'
                """, inside: "hidden"),
        Attack(
            "a vault that answers from inside",
            script: """
                cp $VS project/launcher
                $GIVE sh -c 'cd $HOME/project; ./launcher secret list; echo ran' > out 2> /dev/null
                grep -q TOKEN out && echo worked || cat out
                """, inside: "ran", setup: vault),
        Attack(
            "a core dump with the value",
            script: """
                cd project; ulimit -c unlimited
                $RUN sh -c 'test $(ulimit -c) = unlimited && echo worked || echo limited'
                """, inside: "limited"),
    ]
}
