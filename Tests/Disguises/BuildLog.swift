/// What ordinary builds print: made up from the lines of compilers, package managers, tests and servers.
public struct BuildLog {
    private var numbers: Numbers

    /// Starts the log of a seed.
    public init(seed: Int) { numbers = Numbers(seed: seed) }

    /// The next `count` bytes or a little more.
    public mutating func next(_ count: Int) -> [UInt8] {
        var text: [UInt8] = []
        text.reserveCapacity(count + 256)
        while text.count < count {
            line(&text)
            text.append(0x0A)
        }
        return text
    }

    /// What stands for `#` in a line is a number, for `@` a word, for `^` sixteen random hexadecimal digits.
    private static let lines: [[UInt8]] = [
        "[#/#] Compiling @ @.swift", "cc -O2 -Wall -I/usr/include/@ -c src/@/@.c -o build/@.o", "   Compiling @ v#.#.#",
        "warning: unused variable: `@` at src/@.rs:#:#", "npm WARN deprecated @@#.#.#: use @ instead",
        "added # packages, and audited # packages in #s", "ok  \tgithub.com/@/@\t#.#s", "--- PASS: Test@@ (0.#s)",
        "2026-11-24T12:#:#.#Z INFO  request served path=/api/v1/@?page=#&sort=@%20asc status=200 bytes=#",
        "{\"level\":\"info\",\"msg\":\"@ \\\"@\\\" started\",\"pid\":#,\"id\":\"^^\"}", "sha256:^^^^ 0B / #MB",
        "\u{1B}[32m✓\u{1B}[0m @ does @ (# ms)", "drwxr-xr-x # root root # Nov # 12:# @", "100% |##########| # kB/s\r",
        "Get:# http://deb.debian.org/debian bookworm/main amd64 lib@ amd64 #.# [# kB]", "+ @ --@=# -@ \\",
        "0x000# ^ ^ ^ ^  |@.@|", "000000#: 7f45 4c46 0201 0100 0000 0000 0000 0000  .ELF............",
        "C:\\Users\\@\\AppData\\@\\n.dll", "<a href=\"/@?x=#&amp;y=#\">@ &gt; @</a>", "commit ^^^",
        "diff --git a/@/@.py b/@/@.py", "    at @.@ (/app/node_modules/@/lib/@.js:#:#)", "::group::@ @",
        "| @ | # | # |",
    ].map { Array($0.utf8) }
    private static let words = [
        "vault", "request", "handler", "core", "utils", "main", "index", "server", "client", "parser", "buffer",
        "async",
        "runtime", "schema", "render", "update", "session", "stream", "config", "metrics", "a", "io", "net", "x86_64",
    ].map { Array($0.utf8) }
    private static let digits = Array("0123456789abcdef".utf8)

    private mutating func line(_ text: inout [UInt8]) {
        for byte in numbers.pick(Self.lines) {
            switch byte {
            case UInt8(ascii: "#"): text += Array(String(numbers.below(10_000)).utf8)
            case UInt8(ascii: "@"): text += numbers.pick(Self.words)
            case UInt8(ascii: "^"): for _ in 0..<16 { text.append(numbers.pick(Self.digits)) }
            default: text.append(byte)
            }
        }
    }
}
