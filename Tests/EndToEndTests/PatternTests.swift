internal import Linux
internal import TestSupport
internal import Testing

/// Patterns in the paths of a policy.
@Suite(.requires(.binary, .root, .userNamespaces)) struct PatternTests {
    /// A project with settings and keys, and a policy of these rules.
    private func place(_ user: UInt32?, _ rules: String) throws -> Workplace {
        let place = try Workplace(user: user)
        for name in ["a.env", "b.env", "plain.txt"] { try place.write("text of \(name)\n", to: name) }
        try place.write("version = 1\nextends = [\"default\"]\n[filesystem]\n\(rules)\n", to: "p.toml")
        return place
    }

    private func shell(_ place: borrowing Workplace, _ script: String) throws -> ProgramRun.Outcome {
        try place.shell(script, options: ["--no-secrets", "--policy", "./p.toml"])
    }

    @Test(arguments: everyUser) func `what a pattern masks looks empty`(user: UInt32?) throws {
        let script = "cat a.env b.env plain.txt"
        let place = try place(user, "mask = [\"$WORK_DIR/*.env\", \"$WORK_DIR/*.key\"]")
        #expect(try shell(place, script).outputText == "text of plain.txt\n")
        try place.write("version = 1\nextends = [\"default\"]\n", to: "p.toml")
        #expect(try shell(place, script).outputText == "text of a.env\ntext of b.env\ntext of plain.txt\n")
    }

    @Test(arguments: everyUser) func `what a pattern protects cannot be written`(user: UInt32?) throws {
        let place = try place(user, "protect = [\"$WORK_DIR/*.env\"]")
        let outcome = try shell(place, "for f in a.env b.env plain.txt; do echo x > $f && echo $f; done 2> /dev/null")
        #expect(outcome.outputText == "plain.txt\n", "\(outcome.errorText)")
    }

    @Test func `a pattern that grants and means nothing is an error, unless it is optional`() throws {
        let place = try place(nil, "read = [\"/srv/vault-sandbox-none/*.conf\"]")
        let outcome = try shell(place, "true")
        #expect(outcome.status == .exited(125))
        #expect(
            outcome.errorText.contains("p.toml:4:9: nothing is like /srv/vault-sandbox-none/*.conf"),
            "\(outcome.errorText)")
        try place.write(
            "version = 1\nextends = [\"default\"]\n[filesystem]\nread = [\"?/srv/vault-sandbox-none/*.conf\"]\n",
            to: "p.toml")
        #expect(try shell(place, "echo ran").outputText == "ran\n")
    }

    @Test func `a link that an earlier run plants widens no pattern`() throws {
        let place = try place(nil, "read = [\"-*\", \"/usr\", \"?/bin\", \"?/lib\", \"?/lib64\", \"~/data/*.txt\"]")
        try place.home.directory.makeDirectory("data")
        try place.home.directory.write("meant\n", to: "data/a.txt")
        try place.home.directory.write("not meant\n", to: "other")
        try Files.makeSymbolicLink(to: place.home.path("other"), at: place.home.path("data/planted.txt"))
        let outcome = try shell(place, "cat ~/data/a.txt; cat ~/data/planted.txt ~/other 2>&1 | grep -c 'No such file'")
        #expect(outcome.outputText == "meant\n2\n", "\(outcome.errorText)")
        // The same link, named, is followed: that is the person's word.
        try place.write(
            "version = 1\nextends = [\"default\"]\n[filesystem]\nread = [\"~/data/planted.txt\"]\n", to: "p.toml")
        #expect(try shell(place, "cat ~/data/planted.txt").outputText == "not meant\n")
    }
}
