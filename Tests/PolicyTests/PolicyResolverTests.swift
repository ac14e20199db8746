import Testing

@testable import Policy

/// How policies compose: what they extend first, then themselves.
struct PolicyResolverTests {
    /// Texts behind `version = 1`, composed in the order of the names.
    private func resolve(_ texts: [String: String], _ names: String...) throws -> Policy {
        try PolicyResolver(TextSource(texts.mapValues { "version = 1\n" + $0 })).resolve(names)
    }

    private func problems(_ texts: [String: String], _ name: String) -> [String] {
        TextSource(texts.mapValues { "version = 1\n" + $0 }).problems(name)
    }

    @Test(arguments: BundledPolicies.names)
    func `every bundled policy resolves, says what it is for, and grants no more than its name`(name: String) throws {
        let policy = try PolicyResolver(BundledPolicies()).resolve([name])
        #expect(policy.name == name)
        #expect(!policy.description.isEmpty)
        #expect(policy.network == (name == "host-network" ? .host : .none))
        #expect(policy.filesystem.write.map(\.text) == (name == "strict" ? [] : ["$WORK_DIR"]))
        #expect(policy.filesystem.mask.contains { $0.text == "~/.ssh" })
        #expect(policy.limits.timeout <= policy.limits.maximumTimeout)
    }

    @Test(arguments: BundledPolicies.names)
    func `a policy that was shown reads as the same policy`(name: String) throws {
        let policy = try PolicyResolver(BundledPolicies()).resolve([name])
        let again = try PolicyResolver(TextSource(["shown": policy.show()])).resolve(["shown"])
        #expect(again.filesystem.read.map(\.text) == policy.filesystem.read.map(\.text))
        #expect(again.filesystem.read.map(\.isOptional) == policy.filesystem.read.map(\.isOptional))
        #expect(again.filesystem.mask.map(\.text) == policy.filesystem.mask.map(\.text))
        #expect(again.filesystem.temporary == policy.filesystem.temporary)
        #expect(again.limits == policy.limits)
        #expect(again.network == policy.network)
        #expect(again.systemCalls.filter() == policy.systemCalls.filter())
        #expect(again.description == policy.description)
    }

    @Test func `what a file extends comes first, from left to right, and its own words last`() throws {
        let texts = [
            "a": "description = \"a\"\n[limits]\nprocesses = 2\nopen_files = 16",
            "b": "description = \"b\"\n[limits]\nprocesses = 3",
            "c": "extends = [\"a\", \"b\"]\n[filesystem]\nread = [\"/c\"]",
            "d": "extends = [\"b\", \"a\"]\ndescription = \"d\"",
        ]
        let policy = try resolve(texts, "c")
        #expect(policy.description == "b")
        #expect(policy.limits.processes == 3)
        #expect(policy.limits.openFiles == 16)
        #expect(try resolve(texts, "d").limits.processes == 2)
        #expect(try resolve(texts, "d").description == "d")
        #expect(try resolve(texts, "c", "a").limits.processes == 2)
        #expect(try resolve(texts, "c", "a").name == "c+a")
    }

    @Test func `lists add up, an item is taken away by its name and all by a star`() throws {
        let texts = [
            "a": "[filesystem]\nread = [\"/1\", \"?/2\", \"/3\"]",
            "less": "extends = [\"a\"]\n[filesystem]\nread = [\"-/2\", \"/4\"]",
            "none": "extends = [\"a\"]\n[filesystem]\nread = [\"-*\", \"/5\"]",
            "again": "extends = [\"a\"]\n[filesystem]\nread = [\"/2\", \"/2\"]",
            "absent": "extends = [\"a\"]\n[filesystem]\nread = [\"?-/9\"]",
        ]
        #expect(try resolve(texts, "less").filesystem.read.map(\.text) == ["/1", "/3", "/4"])
        #expect(try resolve(texts, "none").filesystem.read.map(\.text) == ["/5"])
        #expect(try resolve(texts, "again").filesystem.read.map(\.text) == ["/1", "/3", "/2"])
        #expect(try resolve(texts, "again").filesystem.read.map(\.isOptional) == [false, false, false])
        #expect(try resolve(texts, "absent").filesystem.read.count == 3)
        let origins = try resolve(texts, "less").filesystem.read.map(\.origin.description)
        #expect(origins == ["a.toml:3:9", "a.toml:3:22", "less.toml:4:16"])
    }

    @Test func `a ceiling of secrets only ever comes down`() throws {
        let texts = [
            "all": "", "ab": "[secrets]\nallow = [\"A\", \"B\"]", "bc": "[secrets]\nallow = [\"B\", \"C\"]",
            "none": "[secrets]\nallow = []", "child": "extends = [\"ab\"]\n[secrets]\nallow = [\"B\", \"C\"]",
        ]
        #expect(try resolve(texts, "all").secrets.allow == nil)
        #expect(try resolve(texts, "ab").secrets.allow == ["A", "B"])
        #expect(try resolve(texts, "ab", "bc").secrets.allow == ["B"])
        #expect(try resolve(texts, "bc", "ab").secrets.allow == ["B"])
        #expect(try resolve(texts, "child").secrets.allow == ["B"])
        #expect(try resolve(texts, "ab", "all").secrets.allow == ["A", "B"])
        #expect(try resolve(texts, "none", "ab").secrets.allow == [])
    }

    @Test func `deliveries and variables are merged by name, the later one wins`() throws {
        let texts = [
            "a": "[secrets]\ndeliver = { A = \"file\", B = \"env\" }\n[process]\nset_env = { X = \"1\", Z = \"3\" }",
            "b": "[secrets]\ndeliver = { A = \"fd:NUMBER\" }\n[process]\nset_env = { X = \"2\", Y = \"4\" }",
        ]
        let policy = try resolve(texts, "a", "b")
        #expect(
            policy.secrets.deliver == [
                "A": .init(kind: .descriptor, variable: "NUMBER"), "B": .init(kind: .environment),
            ])
        #expect(policy.process.setEnvironment.map { $0.name + $0.value } == ["X2", "Y4", "Z3"])
    }

    @Test func `a time limit is never over the longest that may be asked for`() throws {
        let limits = try resolve(["a": "extends = [\"default\"]\n[limits]\ntimeout_max = \"1m\""], "a").limits
        #expect(limits.timeout == .seconds(60))
        // A file that says both means both.
        #expect(
            problems(["a": "[limits]\ntimeout = \"2h\"\ntimeout_max = \"1m\""], "a") == [
                "a.toml:3:1: \"timeout\" is longer than \"timeout_max\", which is 60s"
            ])
    }

    @Test func `what another policy cleared before may be taken away, a word that nobody wrote may not`() throws {
        let texts = [
            "a": "extends = [\"default\"]\n[filesystem]\nwrite = [\"-$WORK_DIR\"]",
            "b": "[filesystem]\nwrite = [\"-$WORK_DIR\"]", "c": "[filesystem]\nread = [\"/x\", \"-/x\"]",
        ]
        #expect(try resolve(texts, "strict", "a").filesystem.write.isEmpty)
        #expect(try resolve(texts, "default", "b").filesystem.write.isEmpty)
        #expect(try resolve(texts, "c").filesystem.read.isEmpty)
        #expect(problems(texts, "b").count == 1)
    }

    @Test func `policies that extend each other in a circle are refused`() {
        let circle = ["a": "extends = [\"b\"]", "b": "extends = [\"c\"]", "c": "extends = [\"a\"]"]
        #expect(problems(circle, "a") == ["c.toml:2:12: the policies extend each other in a circle: a → b → c → a"])
        #expect(problems(["a": "extends = [\"a\"]"], "a").count == 1)
    }

    @Test func `a diamond is no circle`() throws {
        let texts = ["a": "extends = [\"b\", \"c\"]", "b": "extends = [\"d\"]", "c": "extends = [\"d\"]", "d": ""]
        #expect(problems(texts, "a") == [])
    }

    @Test func `a chain is at most sixteen deep`() {
        var texts = ["p0": ""]
        for number in 1...16 { texts["p\(number)"] = "extends = [\"p\(number - 1)\"]" }
        #expect(problems(texts, "p15") == [])
        #expect(problems(texts, "p16") == ["p1.toml:2:12: policies extend each other more than 16 deep"])
    }

    @Test func `a policy that is not there is named with its nearest`() {
        #expect(problems(["mine": ""], "mien") == ["mien:1:1: there is no policy \"mien\"; did you mean \"mine\"?"])
    }

    @Test func `an item means a path under its base, without dots`() throws {
        let texts = [
            "a":
                "[filesystem]\nread = [\"~\", \"~/x/../y\", \"$HOME/z\", \"$WORK_DIR/\", \"$RUNTIME_DIR/s\", \"/a/./b/\"]"
        ]
        let items = try resolve(texts, "a").filesystem.read
        let paths = items.map { $0.expanded(home: "/home/u", workDirectory: "/w", runtimeDirectory: nil) }
        #expect(paths == ["/home/u", "/home/u/y", "/home/u/z", "/w", "/run/none/s", "/a/b"])
    }

    @Test func `a text that was read before is read anew once it has changed`() throws {
        for limit in [5, 7, 5] {
            let source = TextSource(["p": "version = 1\n[limits]\ntimeout = \"\(limit)s\"\n"])
            #expect(try PolicyResolver(source).resolve(["p"]).limits.timeout == .seconds(limit))
        }
        #expect(TextSource(["p": "version = 1\nnonsense = 1\n"]).problems("p").count == 1)
        #expect(TextSource(["p": "version = 1\nnonsense = 1\n"]).problems("p").count == 1)
    }
}
