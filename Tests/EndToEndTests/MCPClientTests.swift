internal import Linux
internal import TestSupport
internal import Testing

/// The server with clients of other people's: the reference client and an auditing one, each from PyPI at a fixed
/// version, in a virtual environment that is made here.
@Suite(.requires(.releaseBinary, .userNamespaces, .command("python3")), .serialized)
struct MCPClientTests {
    private static let folder = SourceTree.root + "/Tests/EndToEndTests/MCPClient"
    private static let environment = SourceTree.root + "/.build/mcp-client"

    /// Why the clients could not be installed.
    private struct NotInstalled: Error, CustomStringConvertible {
        let description: String
    }

    /// Makes the virtual environment, or finds it as an earlier run of the same requirements left it.
    private static let python: Result<String, NotInstalled> = {
        let script = """
            set -e
            if ! cmp -s "$1/requirements.txt" "$2/installed.txt"; then
                rm -rf "$2"
                python3 -m venv "$2"
                "$2/bin/pip" install --quiet --disable-pip-version-check --requirement "$1/requirements.txt"
                cp "$1/requirements.txt" "$2/installed.txt"
            fi
            """
        var request = ProgramRun("/bin/sh", ["-c", script, "sh", folder, environment])
        for name in ["PATH", "HOME", "PIP_INDEX_URL", "PIP_CERT", "SSL_CERT_FILE", "https_proxy", "HTTPS_PROXY"] {
            request.environment[name] = environmentVariable(name)
        }
        request.timeLimit = .seconds(600)
        guard let outcome = try? request.run(), outcome.status == .exited(0) else {
            return .failure(NotInstalled(description: "the MCP clients cannot be installed from PyPI"))
        }
        return .success(environment + "/bin/python")
    }()

    private func run(
        _ arguments: [String], limit: Duration, adjust: (inout ProgramRun) -> Void = { _ in }
    ) throws -> ProgramRun.Outcome {
        var request = ProgramRun(try Self.python.get(), arguments)
        request.directory = Self.folder
        request.environment["PATH"] = environmentVariable("PATH")
        request.environment["HOME"] = "/nonexistent"
        request.environment["PYTHONDONTWRITEBYTECODE"] = "1"
        request.environment["VAULT_SANDBOX_BINARY"] = BuiltBinary.path
        request.timeLimit = limit
        adjust(&request)
        return try request.run()
    }

    @Test(arguments: [
        "client_tests.Tools", "wire_tests.Wire", "wire_tests.Life", "wire_tests.Endurance", "first_day_tests.FirstDay",
        "ancestor_tests.Ancestors", "bounds_tests.Bounds", "known_tests.Known",
    ])
    func `the tests in Python pass, and none is skipped`(name: String) throws {
        let outcome = try run(["-m", "unittest", name], limit: .seconds(400))
        let report = outcome.errorText
        #expect(outcome.status == .exited(0), "\(report)")
        #expect(report.contains("\nOK\n"), "\(report.suffix(4000))")
    }

    @Test func `the names above are all the tests in Python there are`() throws {
        let files = try SourceTree.files(under: "Tests/EndToEndTests/MCPClient", endings: ["_tests.py"])
        let classes = files.flatMap { file in
            file.text.matches(of: /\nclass (\w+)\(unittest/).map { String($0.output.1) }
        }
        #expect(Set(classes) == ["Tools", "Wire", "Life", "Endurance", "FirstDay", "Ancestors", "Bounds", "Known"])
    }

    @Test(arguments: [["audit"], ["fuzz", "--seed", "20261125", "--runs", "20"]])
    func `an auditing client finds nothing`(command: [String]) throws {
        let place = try Workplace()
        try place.makeVault()
        // The client passes its own directory and environment on to the server.
        let server = "\(try #require(BuiltBinary.path)) mcp --key-file \(place.home.path(".vault-key"))"
        let outcome = try run(["-m", "mcp_assert"] + command + ["--server", server], limit: .seconds(200)) {
            $0.directory = place.project
            $0.environment["HOME"] = place.home.directory.path
        }
        let report = outcome.outputText + outcome.errorText
        // The fuzzer counts numbers that JSON does not have, and that it therefore cannot send, as failures.
        let failures = report.split(separator: "\n").filter { line in
            line.contains(" → ") && !line.contains("failed to marshal request")
        }
        #expect(failures.isEmpty, "\(report)")
        #expect(report.contains("7 discovered") || report.contains("7 tools fuzzed"), "\(report)")
    }
}
