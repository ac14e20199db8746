internal import Linux
internal import TestSupport
internal import Testing

/// What a run writes for other programs to carry out later: protected where it is there, reported where it is made.
@Suite(.requires(.binary, .root, .userNamespaces, .command("git"))) struct TrapTests {
    /// A script that makes git carry out `touch PWNED` at the user's next `git status`, and what is reported of it.
    static let redirections: [(script: String, traps: String)] = [
        (
            """
            mkdir evil; cp -r .git/* evil/; echo ../evil > .git/commondir
            printf '[core]\\n\\trepositoryformatversion = 0\\n\\tfsmonitor = "touch PWNED; false"\\n' > evil/config
            """, #"".git/commondir""#
        ),
        (
            """
            cp -r .git/objects .git/refs .git/HEAD .; rm .git/HEAD
            printf '[core]\\nrepositoryformatversion = 0\\nbare = false\\nworktree = %s\\n' "$PWD" > config
            echo 'fsmonitor = "touch PWNED; false"' >> config
            """, #""HEAD","objects","refs""#
        ),
    ]

    @Test(arguments: redirections.indices) func `a repository that is led elsewhere is reported`(index: Int) throws {
        let (script, traps) = Self.redirections[index]
        let place = try Workplace.repository()
        let result = try place.shell(script, options: ["--json"])
        #expect(result.outputText.contains(#""written_traps":[\#(traps)]"#), "\(result.outputText)")
        // The control: what is reported is a trap indeed.
        _ = try place.outside("git status >/dev/null 2>&1 || true")
        #expect(try Files.status(place.project + "/PWNED").kind == .regular)
        let other = try Workplace.repository()
        let told = try other.shell(script).errorText
        #expect(told.hasPrefix("vault-sandbox: warning: the command made or changed "), "\(told)")
    }

    static let writes = [
        ".git/modules/sub/config", ".git/modules/sub/hooks/post-checkout", ".git/modules/a/b/config",
        "nested/.git/hooks/pre-commit", "nested/.git/config", ".git/worktrees/w/commondir", "deep/sub/.git",
        "file-repo/.git",
    ]

    @Test(arguments: writes) func `what git carries out is protected in every repository of the tree`(
        path: String
    ) throws {
        let place = try Workplace.repository()
        let made = try place.outside(
            """
            for m in sub a/b; do mkdir -p .git/modules/$m/hooks; touch .git/modules/$m/HEAD .git/modules/$m/config; done
            git init -q nested; mkdir -p .git/worktrees/w deep/sub file-repo; echo ../.. > .git/worktrees/w/commondir
            echo 'gitdir: ../../.git/modules/sub' > deep/sub/.git; echo 'gitdir: ../.git/modules/a/b' > file-repo/.git
            touch .git/modules/sub/hooks/post-checkout nested/.git/hooks/pre-commit
            printf '[submodule "sub"]\\n\\tpath = deep/sub\\n\\turl = /none\\n' > .gitmodules
            """)
        try #require(made.status == .exited(0), "\(made.errorText)")
        let write = try place.shell("echo x >> '\(path)'")
        #expect(write.exitStatus != 0)
        #expect(write.errorText.contains("Read-only file system"), "\(write.errorText)")
        #expect(!write.errorText.contains("warning"))
        // Nor is it shed by moving what it is in.
        let move = try place.shell("mv '\(path)' '\(path).old'; rm -rf '\(path)'; test -e '\(path)'")
        #expect(move.exitStatus == 0, "\(move.errorText)")
    }

    static let made: [(script: String, traps: String)] = [
        ("true", ""), ("echo x > made; mkdir d; echo 1 > .git/COMMIT_EDITMSG", ""),
        ("mkdir .vscode; echo {} > .vscode/tasks.json; echo x > .envrc", #"".envrc",".vscode""#),
        ("ln -s /nowhere .mcp.json", #"".mcp.json""#), ("git init -q inner", #""inner/.git""#),
        ("mkdir other; ln -s ../elsewhere other/.git", #""other/.git""#),
        ("mkdir -p .git/modules/new; touch .git/modules/new/HEAD", #"".git/modules/new""#),
    ]

    @Test(arguments: made.indices) func `what a run made is reported once, and ordinary files are not`(
        index: Int
    ) throws {
        let (script, traps) = Self.made[index]
        let place = try Workplace.repository()
        let result = try place.shell(script, options: ["--json"])
        #expect(result.outputText.contains(#""exit_code":0"#), "\(result.outputText)")
        #expect(result.outputText.contains(#""written_traps":[\#(traps)]"#), "\(result.outputText)")
    }

    @Test func `a link called .git that was exchanged is reported`() throws {
        let place = try Workplace.repository()
        try place.outside("mv .git ../real.git; ln -s ../real.git .git")
        let result = try place.shell("rm .git; mkdir .git; echo x > .git/config", options: ["--json"])
        #expect(result.outputText.contains(#""written_traps":[".git"]"#), "\(result.outputText)")
    }

    @Test func `a trap's name shows neither control characters nor a secret`() throws {
        let place = try Workplace.repository()
        try place.makeVault()
        try place.store("TOKEN", "name-of-the-rose-9")
        let result = try place.shell("mkdir -p \"x$TOKEN\"; git init -q \"x$TOKEN\" 2>/dev/null; echo")
        #expect(result.errorText.contains("x[redacted:TOKEN]/.git"), "\(result.errorText)")
        let control = try place.shell("d=$(printf 'y\\033[31m'); git init -q \"$d\"")
        #expect(control.errorText.contains("y\\u{1b}[31m/.git"), "\(control.errorText)")
    }

    @Test(arguments: everyUser) func `everyday work with git goes on`(user: UInt32?) throws {
        let place = try Workplace.repository(user: user)
        let work = try place.shell(
            """
            set -e
            git switch -q -c topic; echo more >> file; git commit -q -am second
            echo stashed >> file; git stash -q; git stash pop -q; git checkout -q -- file
            git switch -q main; git merge -q topic; git tag v1; git rebase -q main topic; git log --oneline | wc -l
            git reset -q --hard HEAD~1; git cherry-pick v1 >/dev/null; git status --short; git diff HEAD~1 --stat | tail -n 1
            """)
        #expect(work.status == .exited(0), "\(work.errorText)")
        #expect(work.outputText.hasPrefix("2\n"), "\(work.outputText)")
        #expect(!work.errorText.contains("warning"), "\(work.errorText)")
    }
}
