import Diagnostics
import JSON
import Testing

@testable import MCPServer

struct ServerTests {
    private static let modern: JSONValue = [
        "io.modelcontextprotocol/protocolVersion": "2026-07-28",
        "io.modelcontextprotocol/clientCapabilities": ["elicitation": [:]],
    ]

    private func call(_ name: String, _ arguments: JSONValue, more: [String: JSONValue] = [:]) -> JSONValue {
        .object(["name": .string(name), "arguments": arguments].merging(more) { $1 })
    }

    @Test(arguments: [
        ("2024-11-05", "2024-11-05"), ("2025-03-26", "2025-03-26"), ("2025-06-18", "2025-06-18"),
        ("2025-11-25", "2025-11-25"), ("2026-07-28", "2025-11-25"), ("", "2025-11-25"),
    ])
    func `a handshake agrees on a revision, never on one without handshake`(asked: String, agreed: String) throws {
        let server = try ServerFixture()
        #expect(try server.initialize(asked)["result"]?["protocolVersion"] == .string(agreed))
    }

    @Test func `a second handshake is refused`() throws {
        let server = try ServerFixture()
        try server.initialize()
        #expect(try server.initialize()["error"]?["code"] == -32600)
    }

    @Test func `an unreadable identifier is null in old revisions and left out in new ones`() throws {
        for (revision, expected) in [("2025-06-18", JSONValue.null), ("2025-11-25", nil)] as [(String, JSONValue?)] {
            let server = try ServerFixture()
            try server.initialize(revision)
            try server.send("{")
            let answer = try server.next()
            #expect(answer["error"]?["code"] == -32700)
            #expect(answer["id"] == expected)
        }
    }

    @Test func `stateless results carry their type, lifetime and server`() throws {
        let server = try ServerFixture()
        let list = try server.ask("tools/list", ["_meta": Self.modern])["result"]
        #expect(list?["resultType"] == "complete")
        #expect(list?["cacheScope"] == "private")
        #expect(list?["_meta"]?["io.modelcontextprotocol/serverInfo"]?["name"] == "vault-sandbox")
        let result = try server.ask("tools/call", call("vault_status", [:], more: ["_meta": Self.modern]))["result"]
        #expect(result?["resultType"] == "complete")
        #expect(result?["structuredContent"]?["app"] == "shop")
    }

    @Test func `both eras may share a connection`() throws {
        let server = try ServerFixture()
        try server.initialize("2025-06-18")
        #expect(try server.ask("server/discover", ["_meta": Self.modern])["result"]?["resultType"] == "complete")
        #expect(try server.ask("tools/list")["result"]?["resultType"] == nil)
    }

    @Test func `a progress token is no sign of a revision`() throws {
        let server = try ServerFixture()
        try server.initialize()
        let parameters = call("vault_status", [:], more: ["_meta": ["progressToken": "p"]])
        #expect(try server.ask("tools/call", parameters)["method"] == "notifications/progress")
        #expect(try server.next()["result"]?["isError"] == false)
    }

    @Test func `an unknown tool is the protocol's error, a wrong argument the tool's`() throws {
        let server = try ServerFixture()
        try server.initialize()
        let unknown = try server.ask("tools/call", call("vault_rum", [:]))["error"]
        #expect(unknown?["code"] == -32602)
        #expect(unknown?["message"] == "Unknown tool: did you mean vault_run?")
        #expect(try server.ask("tools/call", call("vault_run", [:]))["result"]?["isError"] == true)
    }

    @Test func `a cancelled call is not answered, and others go on`() throws {
        let server = try ServerFixture()
        try server.initialize()
        try server.send(
            JSONText.encode(
                [
                    "jsonrpc": "2.0", "id": "w", "method": "tools/call",
                    "params": call("vault_run", ["command": ["wait"]]),
                ] as JSONValue))
        #expect(try server.ask("ping")["result"] == [:])
        try server.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"w"}}"#)
        #expect(try server.isSilent(milliseconds: 300))
        #expect(try server.ask("ping", id: 7)["id"] == 7)
    }

    @Test func `the end of input ends a call that runs, at once`() throws {
        let server = try ServerFixture()
        try server.initialize()
        try server.send(
            JSONText.encode(
                ["jsonrpc": "2.0", "id": 5, "method": "tools/call", "params": call("vault_run", ["command": ["wait"]])]
                    as JSONValue))
        #expect(try server.finish())
    }

    @Test func `a form is shown for a locked vault, and the call goes on after a yes`() throws {
        let server = try ServerFixture(FakeBackend(lockedFor: 1))
        try server.initialize(capabilities: ["elicitation": [:]])
        let question = try server.ask("tools/call", call("vault_run", ["command": ["true"]]))
        #expect(question["method"] == "elicitation/create")
        #expect(question["params"]?["requestedSchema"]?["properties"]?["unlocked"]?["type"] == "boolean")
        try server.send(
            JSONText.encode(
                [
                    "jsonrpc": "2.0", "id": question["id"] ?? nil,
                    "result": ["action": "accept", "content": ["unlocked": true]],
                ] as JSONValue))
        #expect(try server.next()["result"]?["structuredContent"]?["error"]?["code"] == "command_not_found")
        #expect(server.backend.orders.count == 2)
    }

    @Test(arguments: [#""result":{"action":"decline"}"#, #""error":{"code":-32600,"message":"no"}"#])
    func `without a yes the call fails as it would without a form`(answer: String) throws {
        let server = try ServerFixture(FakeBackend(lockedFor: 1))
        try server.initialize(capabilities: ["elicitation": ["form": [:]]])
        let question = try server.ask("tools/call", call("vault_run", ["command": ["true"]]))
        let id = try #require(question["id"]?.text)
        try server.send(#"{"jsonrpc":"2.0","id":"\#(id)",\#(answer)}"#)
        #expect(try server.next()["result"]?["structuredContent"]?["error"]?["code"] == "vault_locked")
        #expect(server.backend.orders.count == 1)
    }

    @Test(
        arguments: [
            ("2025-11-25", [:]), ("2025-11-25", ["elicitation": ["url": [:]]]), ("2025-03-26", ["elicitation": [:]]),
        ] as [(String, JSONValue)])
    func `no form is shown to a client that has none`(revision: String, capabilities: JSONValue) throws {
        let server = try ServerFixture(FakeBackend(lockedFor: 1))
        try server.initialize(revision, capabilities: capabilities)
        #expect(try server.ask("tools/call", call("vault_run", ["command": ["true"]]))["result"]?["isError"] == true)
    }

    @Test func `a call that waits for a form can be cancelled`() throws {
        let server = try ServerFixture(FakeBackend(lockedFor: 1))
        try server.initialize(capabilities: ["elicitation": [:]])
        #expect(try server.ask("tools/call", call("vault_run", ["command": ["true"]]), id: 3)["method"] != nil)
        try server.send(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":3}}"#)
        #expect(try server.isSilent(milliseconds: 200))
        #expect(try server.finish())
    }

    @Test func `a stateless client carries a ticket to the repeated call`() throws {
        let server = try ServerFixture(FakeBackend(lockedFor: 1))
        let parameters = call("vault_run", ["command": ["true"]], more: ["_meta": Self.modern])
        let asked = try #require(try server.ask("tools/call", parameters)["result"])
        #expect(asked["resultType"] == "input_required")
        #expect(asked["inputRequests"]?["unlocked"]?["method"] == "elicitation/create")
        let repeated = call(
            "vault_run", ["command": ["true"]],
            more: [
                "_meta": Self.modern, "requestState": asked["requestState"] ?? nil,
                "inputResponses": ["unlocked": ["action": "accept", "content": ["unlocked": true]]],
            ])
        let answer = try server.ask("tools/call", repeated, id: 2)
        #expect(answer["result"]?["structuredContent"]?["error"]?["code"] == "command_not_found")
        #expect(try server.ask("tools/call", repeated, id: 3)["error"]?["code"] == -32602)
    }
}
