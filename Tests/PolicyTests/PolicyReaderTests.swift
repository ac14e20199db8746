internal import TestSupport
import Testing

@testable import Policy

/// What the reader says of one text, with the exact place.
struct PolicyReaderTests {
    /// What is wrong with a text called `p.toml`.
    private func problems(_ text: String) -> [String] { TextSource(["p": text]).problems("p") }

    static let size = "write a size such as \"64KiB\", \"256MiB\" or \"2GiB\""
    static let time = "write a duration such as \"90s\", \"5m\" or \"1h\""

    /// Lines behind `version = 1`, and what is said of them.
    static let wrong: [(String, String)] = [
        ("[filesytem]\nread = []", "2:1: unknown key \"filesytem\"; did you mean \"filesystem\"?"),
        ("\n# so\n  [netwrok]", "4:3: unknown key \"netwrok\"; did you mean \"network\"?"),
        ("colour = 1", "2:1: unknown key \"colour\""),
        ("[filesystem]\nraed = [\"/usr\"]", "3:1: unknown key \"filesystem.raed\"; did you mean \"read\"?"),
        ("[limits]\n\n   time_out = \"1s\"", "4:4: unknown key \"limits.time_out\"; did you mean \"timeout\"?"),
        ("filesystem = 1", "2:1: \"filesystem\" is a section: write [filesystem]"),
        ("description = 1", "2:1: \"description\" is a text, not integer"),
        ("extends = \"default\"", "2:1: \"extends\" is a list of texts: write extends = [\"…\"]"),
        ("extends = [1]", "2:1: \"extends\" holds something that is not a text"),
        ("extends = [\"defualt\"]", "2:12: there is no policy \"defualt\"; did you mean \"default\"?"),
        (
            "[filesystem]\nread = [\"/usr\", \"etc\"]",
            "3:17: \"etc\" is not absolute: begin with /, ~/, $WORK_DIR or $HOME"
        ),
        (
            "[filesystem]\nwrite = [\n    \"$WORKDIR/x\",\n]",
            "4:5: unknown variable \"$WORKDIR\"; did you mean \"$WORK_DIR\"?"
        ),
        ("[filesystem]\nmask = [\"/a/$HOME\"]", "3:9: \"/a/$HOME\": a variable stands only at the beginning"),
        (
            "[filesystem]\nmask = ['/a/**/x.pem']",
            "3:9: \"/a/**/x.pem\": a * stands for a part of one name; write /*/ for a folder between"
        ),
        ("[process]\npath = ['/a/*']", "3:9: \"/a/*\": no pattern stands in \"path\"; name the path"),
        ("[filesystem]\nread = [\"?x\"]", "3:9: \"x\" is not absolute: begin with /, ~/, $WORK_DIR or $HOME"),
        ("[filesystem]\nread = [\"-x\"]", "3:9: \"x\" is not absolute: begin with /, ~/, $WORK_DIR or $HOME"),
        (
            "[filesystem]\nread = [\"~root/x\"]",
            "3:9: \"~root/x\" is not absolute: begin with /, ~/, $WORK_DIR or $HOME"
        ),
        ("[filesystem]\ntmp = \"64MB\"", "3:7: \"64MB\" is not a size for \"tmp\": \(size)"),
        ("[limits]\nmemory = \"0B\"", "3:10: \"0B\" is not a size for \"memory\": \(size)"),
        ("[limits]\noutput = \"2GiB\"", "3:10: \"2GiB\" is not a size for \"output\": \(size)"),
        ("[limits]\ntimeout = \"1d\"", "3:11: \"1d\" is not a duration for \"timeout\": \(time)"),
        ("[limits]\ntimeout = true", "3:1: \"timeout\" is not a duration: \(time)"),
        ("[limits]\nprocesses = 0", "3:1: \"processes\" is a number from 2 to 1000000"),
        ("[limits]\nopen_files = \"many\"", "3:1: \"open_files\" is a number from 16 to 1048576"),
        ("[network]\nmode = \"hots\"", "3:8: unknown network mode \"hots\"; did you mean \"host\"?"),
        (
            "[network]\nmode = \"allow\"",
            "3:8: network mode \"allow\" is not carried out by this version: write \"none\" or \"host\""
        ),
        (
            "[syscalls]\nallow = [\"@defualt\"]",
            "3:10: unknown group of system calls \"@defualt\"; did you mean \"@default\"?"
        ),
        ("[syscalls]\ndeny = [\"ptrcae\"]", "3:9: unknown system call \"ptrcae\"; did you mean \"ptrace\"?"),
        (
            "[syscalls]\nallow = [\"clone3\"]",
            "3:10: clone3 cannot be allowed: its flags lie where no filter can look"
        ),
        ("[process]\npass_env = [\"*\"]", "3:13: \"*\" would pass vault-sandbox's own variables"),
        (
            "[process]\npass_env = [\"VAULT_SANDBOX_KEY_FILE\"]",
            "3:13: \"VAULT_SANDBOX_KEY_FILE\" would pass vault-sandbox's own variables"
        ),
        (
            "[process]\npass_env = [\"A*B\"]",
            "3:13: \"A*B\" is neither a variable's name nor a beginning followed by *"
        ),
        ("[process]\nset_env = { A = 1 }", "3:1: \"set_env.A\" is not a text"),
        (
            "[secrets]\ndeliver = { A = \"fiel\" }",
            "3:1: \"deliver.A\" is not a way of delivery: write env, file[:VAR] or fd[:VAR]; did you mean \"file\"?"
        ),
        (
            "[secrets]\ndeliver = { A = \"placeholder\" }",
            "3:1: \"deliver.A\": placeholders are not carried out by this version"
        ),
        ("[secrets]\nallow = [\"A\", \"A B\"]", "3:15: \"A B\" is not a name for a secret"),
        ("[secrets]\ndeliver = { \"1A\" = \"file\" }", "3:1: \"deliver\": \"1A\" is not a name for a secret"),
        (
            "[secrets]\ndeliver = { A = \"file:LD_PRELOAD\" }",
            "3:1: \"deliver.A\": \"LD_PRELOAD\" steers a loader, shell or interpreter"
        ),
        (
            "[secrets]\ndeliver = { A = \"file:PATH\" }",
            "3:1: \"deliver.A\": \"PATH\" steers a loader, shell or interpreter"
        ),
        (
            "extends = [\"default\"]\n[filesystem]\nread = [\"-~/.gitconfg\"]",
            "4:9: \"-~/.gitconfg\" takes nothing away; write \"?-~/.gitconfg\" where that may be so; "
                + "did you mean \"-~/.gitconfig\"?"
        ),
        (
            "extends = [\"default\"]\n[limits]\ntimeout = \"2h\"",
            "4:1: \"timeout\" is longer than \"timeout_max\", which is 3600s"
        ),
        (
            "[interceptor]\nmode = \"blck\"",
            "3:8: \"blck\" is not a mode for \"mode\": write block, warn, off; did you mean \"block\"?"
        ),
        ("[interceptor]\ncli = true", "3:1: \"cli\" is a text, not bool"),
        (
            "[redaction]\nwritten_files = \"blok\"",
            "3:17: \"blok\" is not a mode for \"written_files\": write report, block, off; did you mean \"block\"?"
        ),
        ("[redaction]\ndecoys = [\"PATH\"]", "3:11: \"PATH\" is not a name for a secret"),
        (
            "[redaction]\non_decoy = \"ends\"",
            "3:12: \"ends\" is not a mode for \"on_decoy\": write report, end; did you mean \"end\"?"
        ),
        ("[redaction]\nwindows = \"yes\"", "3:1: \"windows\" is true or false, not string"),
        ("[redaction]\nminimum_length = 3", "3:1: \"minimum_length\" is a number from 4 to 4096"),
        (
            "[isolation]\ndegrade = [\"time-namespaces\"]",
            "3:12: \"time-namespaces\" cannot be done without; did you mean \"time-namespace\"?"
        ),
        ("[isolation]\ndegrade = [\"cgroup.memory\"]", "3:12: \"cgroup.memory\" cannot be done without"),
        (
            "[isolation]\nrequire = [\"landlok>=3\"]",
            "3:12: \"landlok>=3\" is nothing that can be required; did you mean \"landlock>=3\"?"
        ),
        (
            "[isolation]\nrequire = [\"landlock>=0\"]",
            "3:12: \"landlock>=0\" is nothing that can be required; did you mean \"landlock>=3\"?"
        ),
        (
            "[isolation]\nrequire = [\"-cgroup.memory\"]",
            "3:12: \"-cgroup.memory\" takes nothing away; write \"?-cgroup.memory\" where that may be so"
        ),
    ]

    @Test(arguments: wrong)
    func `what is wrong is said with its place and the word that was meant`(lines: String, problem: String) {
        #expect(problems("version = 1\n" + lines) == ["p.toml:" + problem])
    }

    @Test(arguments: [
        "filesystem.cache", "filesystem.review", "network.allow", "secrets.bind",
    ])
    func `a key that this version does not carry out is refused and never passed over`(name: String) {
        let parts = name.split(separator: ".")
        let text = "version = 1\n[\(parts[0])]\n\(parts[1]) = []"
        #expect(problems(text) == ["p.toml:3:1: \"\(name)\" is not carried out by this version; take it out"])
    }

    @Test(arguments: [
        "[.a]", "[=]", "[[.a]]", "[ .a]", "[", "[[", "[\u{FEFF}a]", "\t[#", "[é]", "[{}]", "[\u{0}]", "[[[a]]]",
    ])
    func `a header that the parser would fall over is refused before it`(header: String) {
        let wrong = problems("version = 1\n" + header)
        #expect(wrong.count == 1)
        #expect(wrong.first?.hasSuffix(": after [ the name of a section must follow") == true)
        #expect(problems("\u{FEFF}" + header).first?.hasPrefix("p.toml:1:") == true)
    }

    @Test func `a version is needed, and only the first is known`() {
        #expect(problems("") == ["p.toml:1:1: the key \"version\" is missing: write version = 1"])
        #expect(problems("\nversion = 2") == ["p.toml:2:1: version 2 is not known: write version = 1"])
        #expect(problems("version = 1") == [])
    }

    @Test func `everything that is wrong is said at once`() {
        let text = "version = 1\n[limits]\nprocesses = 0\ntimeout = \"x\"\n[nettwork]\n[process]\npth = []"
        #expect(problems(text).count == 4)
    }

    @Test func `what is no TOML is said with the parser's place`() {
        let wrong = problems("version = 1\nread = [\n")
        #expect(wrong.count == 1)
        #expect(wrong.first?.hasPrefix("p.toml:") == true)
        #expect(problems("version = 1\na = = 1").first?.hasPrefix("p.toml:2:") == true)
        #expect(problems("version = 1\nversion = 1").first?.hasPrefix("p.toml:2:") == true)
    }

    @Test func `what is not UTF-8, or larger than a mebibyte, is refused unread`() {
        var source = TextSource([:])
        source.texts["p"] = Array("version = 1\n# ".utf8) + [0xFF]
        #expect(source.problems("p") == ["p.toml:1:1: not UTF-8"])
        let head = Array("version = 1\n#".utf8)
        source.texts["p"] = head + [UInt8](repeating: 0x78, count: (1 << 20) - head.count)
        #expect(source.problems("p") == [])
        source.texts["p"]?.append(0x78)
        #expect(source.problems("p") == ["p.toml:1:1: larger than 1 MiB"])
    }

    @Test(arguments: ["KUBECONFIG", "NETRC", "GOOGLE_APPLICATION_CREDENTIALS", "NODE_EXTRA_CA_CERTS"])
    func `a secret may be delivered as the file that a tool's variable names`(variable: String) {
        #expect(problems("version = 1\n[secrets]\ndeliver = { A = \"file:\(variable)\" }") == [])
    }

    /// A text of many lines, or of one long list, by its name; `part` says how much of it.
    private func long(_ name: String, part: Int) -> String {
        func list(_ count: Int, _ item: (Int) -> String) -> String {
            "[filesystem]\nread = [" + (0..<count / part).map { "\"\(item($0))\"" }.joined(separator: ",") + "]"
        }
        return switch name {
        case "sections": (0..<30_000 / part).map { "[s\($0)]" }.joined(separator: "\n")
        case "paths": list(25_000) { "?/p\($0)" }
        case "escapes": list(10_000) { "?/\\u0070\($0)" }
        default: list(45_000) { _ in "?/p" }
        }
    }

    @Test(arguments: ["sections", "paths", "escapes", "the same path"])
    func `a long text takes no longer than its length`(name: String) {
        // Against a sixth of the same text in the same run: a walk through all for each line would take 36 times as long.
        func time(part: Int) -> UInt64 {
            let text = "version = 1\n" + long(name, part: part)
            #expect(text.utf8.count < PolicyReader.sizeLimit)
            return (0..<4).map { _ in threadTime { _ = problems(text) } }.min() ?? 0
        }
        #expect(time(part: 1) < time(part: 6) * 18)
    }

    @Test(arguments: [UInt64(1), 2, 3, 4])
    func `random bytes and words never crash the reader`(seed: UInt64) {
        var generator = SeededGenerator(seed: seed)
        let words = [
            "version", "=", "1", "\n", "[", "]", "filesystem", "read", "\"", "'", "/usr", ",", "{", "}", ".", "#",
            "limits",
            "timeout", "\"1s\"", "secrets", "deliver", "\"\"\"", "\t", " ", "é", "\\u0000", "\r\n", "true", "-1",
            "1979-05-27",
        ]
        for _ in 0..<1000 {
            var text: [UInt8] = []
            for _ in 0..<Int.random(in: 0...40, using: &generator) {
                if Int.random(in: 0..<10, using: &generator) == 0 {
                    text.append(.random(in: 0...255, using: &generator))
                } else {
                    text += Array((words.randomElement(using: &generator) ?? "").utf8)
                }
            }
            let reader = PolicyReader(source: "p", text: text)
            #expect(reader.problems.allSatisfy { $0.origin.line >= 1 && $0.origin.column >= 1 })
        }
    }
}
