internal import Linux
internal import TestSupport
internal import Testing

/// Ways to hide what other programs carry out later from the look at it, and to turn that look against the user.
@Suite(.requires(.binary, .root, .userNamespaces, .command("git"))) struct TrapEvasionTests {
    /// A line that makes `git status` carry out `touch PWNED-NAME`, for the end of a repository's settings.
    private static func monitor(_ name: String = "x") -> String {
        "printf '[core]\\n\\tfsmonitor = \"touch %s/PWNED-\(name); false\"\\n' \"$PWD\""
    }

    /// One way: what the user has, what the run does, what is told, and what the user does then.
    struct Evasion {
        var before = "true"
        var script: String
        var traps: String
        var after = "git status"
    }

    static let evasions: [Evasion] = [
        // Folders that cannot be searched hide what is in them.
        Evasion(
            before: "mkdir sub",
            script: "git init -q sub; \(monitor()) >> sub/.git/config; chmod 0655 sub", traps: #""sub/.git""#,
            after: "chmod 755 sub; cd sub; git status"),
        Evasion(
            script: """
                mkdir .git/x; cp -r .git/HEAD .git/refs .git/objects .git/x; \(monitor()) > .git/x/config
                echo x > .git/commondir; chmod 0655 .git
                """, traps: #"".git/commondir""#, after: "chmod 755 .git; git status"),
        // A mount covers what a link leads to, and not the link.
        Evasion(
            before: "mkdir githooks; rm -r .git/hooks; ln -s ../githooks .git/hooks",
            script: """
                rm .git/hooks; mkdir .git/hooks; printf '#!/bin/sh\\ntouch PWNED-x\\n' > .git/hooks/pre-commit
                chmod 755 .git/hooks/pre-commit
                """, traps: #"".git/hooks""#, after: "git commit --allow-empty -m x"),
        Evasion(
            before: "rm -r .git/hooks; ln -s ../githooks .git/hooks",
            script: """
                mkdir githooks; printf '#!/bin/sh\\ntouch PWNED-x\\n' > githooks/pre-commit
                chmod 755 githooks/pre-commit
                """, traps: #"".git/hooks""#, after: "git commit --allow-empty -m x"),
        Evasion(
            before: "mkdir real; ln -s real .vscode", script: "rm .vscode; mkdir .vscode; touch .vscode/tasks.json",
            traps: #"".vscode""#, after: "test -e .vscode/tasks.json && touch PWNED-x"),
        // Repositories of other shapes.
        Evasion(
            script: "mkdir -p docs; cd docs; git init -q --bare .; \(monitor()) >> config; git config core.bare false",
            traps: #""docs/HEAD","docs/objects","docs/refs""#,
            after: "cd docs; git --work-tree=. status; git -C . ls-files -m; ls PWNED-x"),
        Evasion(
            script: #"d=$(printf 's\377b'); git init -q "$d"; \#(monitor()) >> "$d/.git/config""#,
            traps: #""s\#u{FFFD}b/.git""#, after: #"cd "$(printf 's\377b')"; git status"#),
        Evasion(
            script: "git init -q z; \(monitor()) >> z/.git/config; for i in $(seq 3000); do : > f$i; done",
            traps: #""z/.git""#, after: "cd z; git status"),
        // In the middle of a rebase, what it has still to do.
        Evasion(
            script: "mkdir .git/rebase-merge; echo 'exec touch PWNED-x' > .git/rebase-merge/git-rebase-todo",
            traps: #"".git/rebase-merge""#, after: "sh -c \"$(sed 's/^exec //' .git/rebase-merge/git-rebase-todo)\""),
    ]

    private func pwned(_ place: borrowing Workplace) throws -> Bool {
        let look = try place.outside("find . -name 'PWNED*' 2>/dev/null | grep -q . && echo yes || echo no")
        return look.outputText == "yes\n"
    }

    @Test(arguments: evasions.indices) func `what is hidden is told`(index: Int) throws {
        let evasion = Self.evasions[index]
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        let made = try place.outside(evasion.before)
        try #require(made.status == .exited(0), "\(made.errorText)")
        let result = try place.shell(evasion.script, options: ["--json"])
        #expect(result.outputText.contains(#""exit_code":0"#), "\(result.outputText)")
        #expect(result.outputText.contains(#""written_traps":[\#(evasion.traps)]"#), "\(result.outputText)")
        // The control: what is told is a trap indeed.
        _ = try place.outside("(\(evasion.after)) >/dev/null 2>&1 || true")
        #expect(try pwned(place))
    }

    /// What the user has, and what of it must be protected.
    static let shapes: [(before: String, path: String)] = [
        ("git clone -q --bare . .bare; rm -rf .git; echo 'gitdir: .bare' > .git", ".bare/config"),
        ("git init -q --separate-git-dir=$PWD/gitdata lone; rm -rf .git; mv lone/.git .git", "gitdata/config"),
        (
            "git init -q app; mkdir -p app/.git/modules/lib; cp .git/HEAD .git/config app/.git/modules/lib",
            "app/.git/modules/lib/config"
        ),
        ("mkdir old; git init -q --bare old", "old/config"),
    ]

    @Test(arguments: shapes.indices) func `settings are protected in every shape of a repository`(index: Int) throws {
        let (before, path) = Self.shapes[index]
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        let made = try place.outside(before + "; test -f \(path)")
        try #require(made.status == .exited(0), "\(made.errorText)")
        let result = try place.shell("echo '# x' >> \(path)")
        #expect(result.exitStatus != 0)
        #expect(result.errorText.contains("Read-only file system"), "\(result.errorText)")
    }

    @Test func `what has no name that a rule could have is compared`() throws {
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        let made = try place.outside("d=$(printf 's\\377b'); git init -q \"$d\"")
        try #require(made.status == .exited(0), "\(made.errorText)")
        #expect(!(try place.shell("true")).errorText.contains("warning"))
        let result = try place.shell("d=$(printf 's\\377b'); \(Self.monitor()) >> \"$d/.git/config\"")
        #expect(result.errorText.contains("s\u{FFFD}b/.git/config"), "\(result.errorText)")
    }

    /// What holds the look up, as a file that is read without end does.
    @Test(arguments: [".gitmodules", "d/.git", ".git/commondir"]) func `a FIFO holds no run up`(name: String) throws {
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        let made = try place.shell("mkdir -p $(dirname \(name)); mkfifo \(name)", options: ["--no-secrets"])
        #expect(made.exitStatus == 0, "\(made.errorText)")
        let next = try place.shell("echo next", options: ["--no-secrets"])
        #expect(next.outputText == "next\n", "\(next.errorText)")
    }

    /// Links that lead the look out of the tree.
    static let links = [
        "mkdir -p .git/modules; ln -s $OUT .git/modules/foo",
        "mkdir a; ln -s $OUT a/l; echo 'path = a/l/r' > .gitmodules",
        "ln -s $OUT/r r", "mkdir w; echo \"gitdir: $OUT/r/.git\" > w/.git",
        "mkdir -p .git/worktrees; ln -s $OUT/r/.git .git/worktrees/w",
    ]

    @Test(arguments: links) func `what lies outside of the tree is neither named nor moved`(script: String) throws {
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        let out = place.home.path("out")
        let policy = place.home.path("block.toml")
        let made = try place.outside(
            """
            mkdir \(out); git init -q \(out)/r
            printf 'version = 1\\nextends = ["default"]\\n[redaction]\\nwritten_files = "block"\\n' > \(policy)
            """)
        try #require(made.status == .exited(0), "\(made.errorText)")
        let options = ["--no-secrets", "--json", "--env", "OUT=\(out)", "--policy", policy]
        let result = try place.shell(script, options: options)
        #expect(result.outputText.contains(#""exit_code":0"#), "\(result.outputText)")
        #expect(try Files.status(out + "/r/.git/HEAD").kind == .regular)
        #expect(!result.outputText.contains("r/.git"), "\(result.outputText)")
    }

    /// What takes a folder's rights from its owner, for the next run.
    static let bars: [(before: String, mask: String, bar: String, read: String)] = [
        ("mkdir -p a/b; echo value > a/b/k", "a/b/k", "chmod 0 a/b", "chmod 700 a/b; cat a/b/k"),
        ("mkdir -p a/b; echo value > a/b/k; ln -s a l", "l/b/k", "chmod 0 a/b", "chmod 700 a/b; cat a/b/k"),
    ]

    @Test(arguments: bars.indices) func `a mask is not shed by taking the way to it away`(index: Int) throws {
        let bar = Self.bars[index]
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        let policy = place.home.path("masks.toml")
        let made = try place.outside(
            """
            \(bar.before)
            printf 'version = 1\\nextends = ["default"]\\n[filesystem]\\nmask = ["?$WORK_DIR/\(bar.mask)"]\\n' > \(policy)
            """)
        try #require(made.status == .exited(0), "\(made.errorText)")
        let options = ["--no-secrets", "--policy", policy]
        // The control: what lies there is masked.
        #expect(try place.shell("cat \(bar.mask)", options: options).outputText == "")
        #expect(try place.shell(bar.bar, options: options).exitStatus == 0)
        let result = try place.shell(bar.read, options: options)
        #expect(!result.outputText.contains("value"))
        #expect(result.errorText.contains("takes the right to search it from its owner"), "\(result.errorText)")
        #expect(result.errorText.contains("chmod u+rx"), "\(result.errorText)")
    }

    @Test func `a subfolder that cannot be searched stays shut`() throws {
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        _ = try place.outside("git init -q sub; chmod 0 sub")
        let result = try place.shell("chmod 700 sub; echo x >> sub/.git/config", options: ["--no-secrets"])
        #expect(result.errorText.contains("Read-only file system"), "\(result.errorText)")
        let look = try place.outside("chmod 700 sub; tail -n 1 sub/.git/config")
        #expect(look.outputText != "x\n")
    }

    @Test func `a tree that was shut is looked through all the same`() throws {
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        try place.makeVault()
        try place.store("TOKEN", "name-of-the-rose-9")
        let result = try place.shell(
            "echo \"$TOKEN\" > leak; git init -q new; chmod 0 .", options: ["--secret", "TOKEN", "--json"])
        #expect(result.outputText.contains(#""written_traps":["new/.git"]"#), "\(result.outputText)")
        #expect(result.outputText.contains(#""path":"leak""#), "\(result.outputText)")
    }

    @Test func `what the user shut before the run stays shut`() throws {
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        try place.makeVault()
        try place.store("TOKEN", "name-of-the-rose-9")
        _ = try place.outside("mkdir -p private deep/x; chmod 0 private; chmod 100 deep/x")
        let result = try place.shell("echo x > made", options: ["--secret", "TOKEN", "--json"])
        #expect(result.outputText.contains(#""exit_code":0"#), "\(result.outputText)")
        #expect(try place.outside("stat -c %a private deep/x").outputText == "0\n100\n")
    }

    @Test func `a file in a folder that cannot be written is moved away`() throws {
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        try place.makeVault()
        try place.store("TOKEN", "name-of-the-rose-9")
        let policy = place.home.path("block.toml")
        _ = try place.outside(
            "printf 'version = 1\\nextends = [\"default\"]\\n[redaction]\\nwritten_files = \"block\"\\n' > \(policy)")
        let result = try place.shell(
            "mkdir d; echo \"$TOKEN\" > d/leak; chmod 500 d",
            options: ["--secret", "TOKEN", "--json", "--policy", policy])
        #expect(result.outputText.contains(#""action":"quarantined""#), "\(result.outputText)")
        #expect(try place.outside("stat -c %a d; ls d").outputText == "500\n")
    }

    @Test func `a folder that cannot be written is moved away, and can be put back`() throws {
        let place = try Workplace.repository(user: TestHome.ordinaryUser)
        try place.makeVault()
        let policy = place.home.path("block.toml")
        _ = try place.outside(
            "printf 'version = 1\\nextends = [\"default\"]\\n[redaction]\\nwritten_files = \"block\"\\n' > \(policy)")
        let result = try place.shell(
            "mkdir .vscode; echo {} > .vscode/tasks.json; chmod 500 .vscode",
            options: ["--no-secrets", "--json", "--policy", policy])
        #expect(result.outputText.contains(#""written_traps":[".vscode"]"#), "\(result.outputText)")
        #expect(!result.outputText.contains("redaction_failed"), "\(result.outputText)")
        #expect((try? Files.status(place.project + "/.vscode")) == nil)
        let item = try place.run(["quarantine", "list"]).outputText.split(separator: "\n").last?.split(separator: " ")
            .first
        let back = try place.run(["quarantine", "restore", String(try #require(item))])
        #expect(back.status == .exited(0), "\(back.errorText)")
        #expect(try place.outside("cat .vscode/tasks.json").outputText == "{}\n")
    }

    /// What another run puts in the place of the tree while one lasts.
    @Test(arguments: ["mv a a2; ln -s \"$HOME/other\" a", "mv a a2; mkdir -p a/proj"])
    func `a tree that is exchanged beside the run is looked through where it is`(exchange: String) throws {
        let place = try Workplace(user: TestHome.ordinaryUser)
        try place.makeVault()
        try place.store("TOKEN", "name-of-the-rose-9")
        let policy = place.home.path("block.toml")
        let made = try place.outside(
            """
            mkdir -p a/proj "$HOME/other/proj/sealed"; git init -q "$HOME/other/proj"; chmod 0 "$HOME/other/proj/sealed"
            printf 'version = 1\\nextends = ["default"]\\n[redaction]\\nwritten_files = "block"\\n' > \(policy)
            """)
        try #require(made.status == .exited(0), "\(made.errorText)")
        var request = try place.home.request([
            "exec", "--secret", "TOKEN", "--json", "--policy", policy, "--work-dir", place.project + "/a/proj", "--",
            "sh",
            "-c", "echo \"$TOKEN\" > leak; git init -q .; touch started; while [ ! -e go ]; do sleep 0.02; done",
        ])
        request.environment["VAULT_SANDBOX_KEY_FILE"] = place.home.path(".vault-key")
        var running = try request.start()
        let exchanged = try place.outside(
            "while [ ! -e a/proj/started ]; do sleep 0.02; done; \(exchange); touch a2/proj/go")
        try #require(exchanged.status == .exited(0), "\(exchanged.errorText)")
        let result = try running.finish()
        #expect(result.outputText.contains(#""action":"quarantined""#), "\(result.outputText)")
        #expect(result.outputText.contains("it was moved meanwhile"), "\(result.outputText)")
        #expect(result.outputText.contains(#"a/proj/.git""#) || result.outputText.contains(#"[".git"]"#))
        let left = try place.outside(
            "ls -A a2/proj; stat -c %a \"$HOME/other/proj/sealed\"; test -d \"$HOME/other/proj/.git\" && echo there")
        #expect(left.outputText == "go\nstarted\n0\nthere\n", "\(left.outputText)")
    }
}
