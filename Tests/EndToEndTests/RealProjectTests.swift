internal import Linux
internal import TestSupport
internal import Testing

/// Everyday tools run through the sandbox as their users would run them.
@Suite(.requires(.binary, .root, .userNamespaces)) struct RealProjectTests {
    @Test(.requires(.command("npm"))) func `npm test of a small project passes and sees its secret`() throws {
        let place = try Workplace()
        try place.makeVault()
        try place.store("API_KEY", "sk-51f0a9-quite-long")
        try place.write(
            #"{"name": "small", "version": "1.0.0", "scripts": {"test": "node --test"}}"#, to: "package.json")
        try place.write(
            """
            const test = require("node:test");
            const assert = require("node:assert");
            const http = require("node:http");
            test("the key is there", () => { console.log(process.env.API_KEY); assert.ok(process.env.API_KEY); });
            test("a server of one's own can be talked to", async () => {
              const server = http.createServer((request, response) => response.end("pong"));
              await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
              const answer = await fetch(`http://127.0.0.1:${server.address().port}/`);
              assert.strictEqual(await answer.text(), "pong");
              server.close();
            });
            """, to: "small.test.js")
        let outcome = try place.run(["exec", "--", "npm", "test"])
        #expect(outcome.status == .exited(0), "\(outcome.outputText)\(outcome.errorText)")
        #expect(outcome.outputText.contains("[redacted:API_KEY]"))
        #expect(!outcome.outputText.contains("sk-51f0a9"))
    }

    @Test(.requires(.command("python3")), arguments: everyUser) func `python's unittest passes`(user: UInt32?) throws {
        let place = try Workplace(user: user)
        try place.write(
            """
            import subprocess, tempfile, threading, unittest
            class Small(unittest.TestCase):
                def test_child(self):
                    self.assertEqual(subprocess.check_output(["echo", "hi"]), b"hi\\n")
                def test_thread_and_file(self):
                    found = []
                    thread = threading.Thread(target=lambda: found.append(1))
                    thread.start(); thread.join()
                    with tempfile.NamedTemporaryFile() as file:
                        file.write(b"x")
                    self.assertEqual(found, [1])
            """, to: "test_small.py")
        let outcome = try place.run(["exec", "--", "/usr/bin/python3", "-m", "unittest"])
        #expect(outcome.status == .exited(0), "\(outcome.errorText)")
        #expect(outcome.errorText.contains("Ran 2 tests"))
    }

    @Test(.requires(.command("git")), arguments: everyUser) func `git status and commit work, hooks stay`(
        user: UInt32?
    ) throws {
        let place = try Workplace(user: user)
        let script = "git init -q . && git config user.email a@b.c && git config user.name A"
        var request = try place.home.request([])
        request.program = "/bin/sh"
        request.arguments = ["-c", script]
        request.directory = place.project
        try #require(try request.run().status == .exited(0))
        try place.write("text\n", to: "file.txt")
        let commit = try place.shell(
            "git add file.txt && git commit -q -m first && git status --short && git log --oneline")
        #expect(commit.status == .exited(0), "\(commit.errorText)")
        #expect(commit.outputText.hasSuffix(" first\n"))
        let hook = try place.shell("echo '#!/bin/sh' > .git/hooks/pre-commit")
        #expect(hook.exitStatus != 0)
        #expect(hook.errorText.contains("Read-only file system"))
        let moved = try place.shell("mv .git .git2")
        #expect(moved.exitStatus != 0)
        #expect(try Files.status(place.project + "/.git").kind == .directory)
    }

    @Test(.requires(.command("make"), .command("gcc")), arguments: everyUser) func `make builds`(user: UInt32?) throws {
        let place = try Workplace(user: user)
        try place.write("hello: hello.c\n\tgcc -o hello hello.c\n", to: "Makefile")
        try place.write("#include <stdio.h>\nint main(void) { puts(\"built\"); return 0; }\n", to: "hello.c")
        let outcome = try place.shell("make -s && ./hello", options: ["--policy", "make"])
        #expect(outcome.outputText == "built\n", "\(outcome.errorText)")
    }

    @Test(.requires(.command("go"))) func `go run works`() throws {
        let place = try Workplace()
        try place.home.directory.makeDirectory("project/cmd/migrate")
        try place.write("module example.test/shop\n\ngo 1.19\n", to: "go.mod")
        try place.write(
            "package main\n\nimport (\n\t\"fmt\"\n\t\"os\"\n)\n\nfunc main() { fmt.Println(\"migrated\", os.Args[1]) }\n",
            to: "cmd/migrate/main.go")
        let outcome = try place.run(["exec", "--policy", "make", "--", "go", "run", "./cmd/migrate", "up"]) {
            $0.timeLimit = .seconds(300)
        }
        #expect(outcome.outputText == "migrated up\n", "\(outcome.errorText)")
    }

    @Test(.requires(.command("psql"))) func `a migration runs in a real PostgreSQL`() throws {
        let place = try Workplace()
        try place.makeVault()
        try place.write("create table shop (id int); insert into shop values (1), (2);\n", to: "migrate.sql")
        let server = try Postgres()
        try place.store("DATABASE_URL", server.url)
        let outcome = try place.shell(
            #"psql "$DATABASE_URL" -v ON_ERROR_STOP=1 -f migrate.sql && psql "$DATABASE_URL" -At -c 'table shop'"#,
            options: ["--json", "--policy", "host-network", "--secret", "DATABASE_URL"])
        let text = outcome.outputText
        #expect(outcome.status == .exited(0), "\(text)\(outcome.errorText)")
        for part in [
            #""exit_code":0"#, #""stdout":"CREATE TABLE\nINSERT 0 2\n1\n2\n""#, #""stderr":"""#,
            #""secrets_injected":["DATABASE_URL"]"#, #""timed_out":false"#,
        ] { #expect(text.contains(part), "\(part) in \(text)") }
    }
}

/// A PostgreSQL server on loopback that is stopped when its owner lets go.
private struct Postgres: ~Copyable {
    private let directory: TemporaryDirectory
    /// How to connect to it.
    let url: String

    init() throws {
        let directory = try TemporaryDirectory(mode: 0o755)
        let port = Int.random(in: 20_000...50_000)
        // A server refuses to run as root: the account that its package made does it.
        let script = """
            set -e
            chown postgres "$1"
            exec setpriv --reuid postgres --regid postgres --clear-groups sh -ec '
                bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1)
                cd "$1"
                "$bin/initdb" -D data -U app -A trust
                "$bin/pg_ctl" -D data -w -l log -o "-p $2 -k $1 -h 127.0.0.1" start
            ' sh "$1" "$2" >/dev/null
            """
        let outcome = try ProgramRun("/bin/sh", ["-c", script, "sh", directory.path, String(port)]).run()
        try #require(outcome.status == .exited(0), "\(outcome.outputText)\(outcome.errorText)")
        self.directory = directory
        url = "postgres://app:pw-9tq4-Wz7e@127.0.0.1:\(port)/postgres"
    }

    deinit {
        let stop =
            "bin=$(ls -d /usr/lib/postgresql/*/bin | tail -n 1); "
            + "exec setpriv --reuid postgres --regid postgres --clear-groups \"$bin/pg_ctl\" -D \"$1/data\" -m immediate stop"
        _ = try? ProgramRun("/bin/sh", ["-c", stop, "sh", directory.path]).run()
    }
}
