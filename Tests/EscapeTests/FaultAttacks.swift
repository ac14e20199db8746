/// Ending or starving the launcher in the hope that it lets go.
enum FaultAttacks {
    static let all = ends + lacks

    /// Ends `$p`, the launch or outside the program's parent, and looks whether the program goes on.
    private static func ending(_ name: String, _ end: String) -> Attack {
        Attack(
            name,
            script: """
                cd project
                $RUN sh -c 'touch ready; sh -c "sleep 1; touch late"; true' > /dev/null 2>&1 &
                p=$!
                while [ ! -e ready ]; do sleep 0.02; done
                \(end)
                sleep 1.3; test -e late && echo worked
                """, inside: "")
    }

    /// The first process inside; outside the program's parent stands for it.
    private static let first = "q=$(ps -o pid= --ppid $p | head -n 1 | tr -d ' '); test -n \"$RUN\" || q=$p"

    private static let ends =
        [
            ending("killing the supervisor", "kill -KILL $p"),
            ending("asking the supervisor to end", "test -n \"$RUN\" && kill -TERM $p || kill -KILL $p"),
            ending("stopping, then killing the supervisor", "kill -STOP $p; sleep 0.1; kill -KILL $p"),
            ending("killing the first process", "\(first); kill -KILL $q"),
            ending("stopping the first process, then killing the supervisor", "\(first); kill -STOP $q; kill -KILL $p"),
            ending(
                "breaking the supervisor off by its terminal's signal",
                "test -n \"$RUN\" && kill -HUP $p || kill -KILL $p"),
        ] + [
            Attack(
                "killing the supervisor at twenty moments of its start",
                script: """
                    cd project
                    for i in $(seq 20); do
                        $RUN sh -c "( sleep 1; touch late-$i ) & wait" > /dev/null 2>&1 &
                        sleep 0.0$i; kill -KILL $!
                    done 2> /dev/null
                    sleep 1.5; ls | grep -q late && echo worked
                    """, inside: "")
        ]

    /// A launch that lacks something ends with an error instead of running the program less confined.
    private static func lack(_ name: String, _ limit: String) -> Attack {
        Attack(
            name,
            script: """
                cd project
                prlimit \(limit) -- $RUN sh -c 'test -s /etc/shadow && echo worked || echo hidden' 2> said
                \(code)
                """, inside: "hidden", "sandbox_failed")
    }

    /// Prints the code of the launcher's error.
    private static let code = "sed -n 's/^vault-sandbox: \\([a-z_]*\\):.*/\\1/p' said | head -n 1"

    private static let lacks = [
        lack("few descriptors", "--nofile=8"),
        lack("hardly a descriptor", "--nofile=5"),
        lack("no room for files", "--fsize=0"),
        lack("little memory", "--as=60000000"),
        lack("a stack of nothing much", "--stack=262144"),
        Attack(
            "a sandbox in a sandbox that would be none",
            script: "cp $VS project/launcher; cd project; "
                + "$RUN ${RUN:+./launcher exec --no-secrets --} sh -c 'test -s /etc/shadow && echo worked' 2> said; "
                + code, inside: "internal_error"),
    ]
}
