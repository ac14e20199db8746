import Diagnostics
import JSON
import Runner
import Sandbox
import Secrets
import Testing

@testable import MCPServer

struct ToolTests {
    private let catalog = Tool.catalog(maximumTimeout: 600)

    private func perform(_ name: Tool.Name, _ arguments: [String: JSONValue]) throws -> ToolResult {
        let tool = try #require(catalog.first { $0.name == name })
        return Tools(backend: FakeBackend()).perform(tool, arguments, approved: [], stop: try StopSwitch())
    }

    @Test func `the tools stand in their order`() {
        #expect(catalog.map(\.name) == Tool.Name.allCases)
    }

    @Test(arguments: Tool.catalog(maximumTimeout: nil).map(\.name.rawValue))
    func `a tool is described within what clients show`(name: String) throws {
        let tool = try #require(catalog.first { $0.name.rawValue == name })
        #expect(tool.description.utf8.count <= 2048)
        #expect(!tool.title.isEmpty)
        let schema = tool.json(.november2025)
        #expect(schema["inputSchema"]?["type"] == "object")
        #expect(schema["inputSchema"]?["additionalProperties"] == false)
        #expect(schema["outputSchema"]?["type"] == "object")
        for hint in ["readOnlyHint", "destructiveHint", "idempotentHint", "openWorldHint"] {
            #expect(schema["annotations"]?[hint]?.isTrue != nil)
        }
    }

    @Test func `the instructions fit what clients show`() {
        #expect(ServerIdentity.instructions.utf8.count <= 2048)
    }

    @Test func `older revisions see what they know`() throws {
        let tool = catalog[0]
        #expect(tool.json(.november2024)["annotations"] == nil)
        #expect(tool.json(.march2025)["annotations"] != nil)
        #expect(tool.json(.march2025)["outputSchema"] == nil)
        #expect(tool.json(.july2026)["title"] != nil)
    }

    @Test func `the longest time limit is in the schema where it is known`() {
        let known = catalog[0].json(.july2026)["inputSchema"]?["properties"]?["timeout_seconds"]
        #expect(known?["maximum"] == .number(600))
        let unknown = Tool.catalog(maximumTimeout: nil)[0].json(.july2026)["inputSchema"]
        #expect(unknown?["properties"]?["timeout_seconds"]?["maximum"] == nil)
    }

    @Test func `an order is read`() throws {
        let arguments = try ToolArguments(
            ["command": ["a", "b c", ""], "secrets": ["X"], "work_dir": "sub", "timeout_seconds": .number(1.5)],
            for: catalog[0].parameters)
        #expect(
            try Tools.order(arguments)
                == RunOrder(
                    command: ["a", "b c", ""], secrets: .named(["X"]), workDirectory: "sub",
                    timeout: .milliseconds(1500)))
    }

    @Test(
        arguments: [(nil, SecretChoice.all), ([], .none), (["A", "B"], .named(["A", "B"]))]
            as [(JSONValue?, SecretChoice)])
    func `secrets left out are all, and an empty list is none`(given: JSONValue?, expected: SecretChoice) throws {
        var members: [String: JSONValue] = ["command": ["true"]]
        members["secrets"] = given
        #expect(try Tools.order(try ToolArguments(members, for: catalog[0].parameters)).secrets == expected)
    }

    @Test(
        arguments: [
            ([:], "command is missing"), (["command": []], "command is empty"), (["command": [""]], "command is empty"),
            (["command": "x"], "list of strings"), (["command": [1]], "list of strings"),
            (["command": ["x\u{0}"]], "NUL"), (["command": ["x"], "work_dir": ""], "work_dir is empty"),
            (["command": ["x"], "work_dir": "a\u{0}"], "NUL"),
            (["command": ["x"], "timeout_seconds": 0], "out of range"),
            (["command": ["x"], "timeout_seconds": -5], "out of range"),
            (["command": ["x"], "timeout_seconds": .number(1e300)], "out of range"),
            (["command": ["x"], "timeout_seconds": "5"], "must be a number"),
            (["command": ["x"], "secrets": ["A", "A"]], "twice"),
            (["command": ["x"], "secrets": "A"], "list of strings"),
            (["command": ["x"], "cwd": "a"], "unknown parameter cwd"),
            (["command": ["x"], "workdir": "a"], "did you mean work_dir"),
        ] as [([String: JSONValue], String)])
    func `a mistake in the arguments is named`(arguments: [String: JSONValue], says: String) throws {
        let result = try perform(.run, arguments)
        let error = try #require(result.error)
        #expect(error.code == .argumentInvalid)
        #expect(error.message.contains(says))
        #expect(result.text.hasPrefix("argument_invalid: "))
        #expect(result.content["error"]?["code"] == "argument_invalid")
    }

    @Test func `several mistakes are named at once`() throws {
        let message = try #require(try perform(.create, ["nam": "A", "value": 5]).error?.message)
        for part in ["did you mean name", "name is missing", "value must be a string"] {
            #expect(message.contains(part))
        }
    }

    @Test func `an unknown parameter that may be a value is not repeated`() throws {
        let result = try perform(.exists, ["name": "A", "hunter2!": true, String(repeating: "x", count: 40): 1])
        #expect(!result.text.contains("hunter2"))
        #expect(!result.text.contains("xxxx"))
    }

    @Test func `the vault's tools answer in their shapes`() throws {
        #expect(
            try perform(.list, ["prefix": "KN"]).content
                == [
                    "secrets": [
                        ["name": "KNOWN", "deliver": "env", "version": 1, "updated_at": "1970-01-01T00:00:00Z"]
                    ], "total": 1,
                ])
        #expect(try perform(.exists, ["name": "KNOWN"]).content == ["exists": true])
        #expect(try perform(.create, ["name": "N", "value": "long-enough"]).content == ["name": "N", "version": 1])
        #expect(try perform(.update, ["name": "KNOWN", "value": "x"]).content["warning"] != nil)
        #expect(try perform(.delete, ["name": "KNOWN"]).content == ["deleted": true])
        #expect(try perform(.delete, ["name": "OTHER"]).error?.code == .secretNotFound)
        #expect(try perform(.status, [:]).content["session_age_seconds"] == .null)
    }

    @Test func `text and structured content of a result are the same`() throws {
        let result = try perform(.list, [:])
        #expect(try JSONParser.parse(result.text) == result.content)
        #expect(result.members(.november2024)["structuredContent"] == nil)
        #expect(result.members(.june2025)["structuredContent"] == result.content)
    }

    @Test func `an error's text is bounded`() {
        let long = ErrorReport(.secretNotFound, String(repeating: "x", count: 50_000), hint: "h")
        #expect(ToolResult(long).text.count == ToolResult.errorTextLimit)
    }
}
