internal import TestSupport
internal import Testing

/// `vault-sandbox redact` as logs are filtered with it.
@Suite(.requires(.binary)) struct RedactTests {
    /// A script, what it prints on both streams, and how it ends.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let script: String
        let output: String
        var error = ""
        var status: Int32 = 0
        var testDescription: String { name }
    }

    static let cases = [
        Case(
            name: "values of variables by pattern",
            script:
                "export API_TOKEN=tok-en-13579 OTHER=oth-er-24680; echo $API_TOKEN $OTHER | \"$VS\" redact --env '*_TOKEN'",
            output: "[redacted:API_TOKEN] oth-er-24680\n"),
        Case(
            name: "values of a dotenv file",
            script:
                #"printf 'A=alpha-13579\nB="beta 24680"\n' > .env; echo alpha-13579 beta 24680 | "$VS" redact --values .env"#,
            output: "[redacted:A] [redacted:B]\n"),
        Case(
            name: "values of a JSON file, in base64",
            script:
                #"echo '{"A": "alpha-13579"}' > v.json; printf alpha-13579 | base64 | "$VS" redact --values v.json"#,
            output: "[redacted:A]\n"),
        Case(
            name: "a value that the log names",
            script: #"printf '::add-mask::alpha-13579\nalpha-13579\n' | "$VS" redact --env NONE_SUCH"#,
            output: "::add-mask::[redacted:masked]\n[redacted:masked]\n"),
        Case(
            name: "what is named too short is said",
            script: #"printf '::add-mask::abc\n' | "$VS" redact --env NONE_SUCH"#,
            output: "::add-mask::[redacted:masked]\n", error: "1 of the values of add-mask "),
        Case(
            name: "the answer is 1 where a secret was found",
            script: #"T=alpha-13579; export T; echo x $T | "$VS" redact --env T --check"#,
            output: "x [redacted:T]\n", status: 1),
        Case(
            name: "the answer is 0 where none was found",
            script: #"T=alpha-13579; export T; echo nothing | "$VS" redact --env T --check"#, output: "nothing\n"),
        Case(
            name: "a file that is not there is named by its part, not by its operand",
            script: #"echo text | "$VS" redact --values alpha-13579"#,
            output: "", error: "the file of values: No such file", status: 125),
        Case(
            name: "a file without a value is refused",
            script: #": > empty; echo text | "$VS" redact --values empty"#,
            output: "", error: "the file of values holds no secret", status: 125),
        Case(
            name: "a line that is no entry is named",
            script: #"printf 'A=1\nwhat is this\n' > bad; echo text | "$VS" redact --values bad"#,
            output: "", error: "line 2", status: 125),
        Case(
            name: "a value without an end is withheld, with all behind it",
            script:
                #"{ printf 'a\n::add-mask::'; head -c 70000 /dev/zero | tr '\0' x; echo; } | "$VS" redact --env NONE_SUCH"#,
            output: "a\n", error: "redaction_failed", status: 125),
    ]

    @Test(arguments: cases)
    func `filters`(_ example: Case) throws {
        let home = try TestHome()
        let outcome = try home.script(example.script)
        #expect(outcome.outputText == example.output)
        #expect(outcome.exitStatus == example.status, "\(outcome.errorText)")
        #expect(outcome.errorText.contains(example.error) && outcome.errorText.isEmpty == example.error.isEmpty)
        #expect(!outcome.errorText.contains("alpha-13579"))
    }

    @Test func `follows a log: a line appears when it is written`() throws {
        let home = try TestHome()
        var request = try home.request(["redact", "--env", "T"])
        request.environment["T"] = "alpha-13579"
        var running = try request.start()
        try running.write("one alpha-13579\n")
        #expect(try running.readLine() == "one [redacted:T]\n")
        try running.write("two\n")
        #expect(try running.readLine() == "two\n")
        let outcome = try running.finish()
        #expect(outcome.exitStatus == 0)
    }
}
