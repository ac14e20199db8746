internal import JSON

/// One tool as a client sees it.
internal struct Tool: Sendable {
    /// The names, which are an interface.
    enum Name: String, CaseIterable, Sendable {
        case run = "vault_run"
        case list = "vault_list_secrets"
        case exists = "vault_secret_exists"
        case create = "vault_create_secret"
        case update = "vault_update_secret"
        case delete = "vault_delete_secret"
        case status = "vault_status"
    }

    /// What a client may assume of a call.
    struct Hints: Sendable {
        let readsOnly: Bool
        let destroys: Bool
        let isIdempotent: Bool
        let reachesOut: Bool
    }

    let name: Name
    let title: String
    let description: String
    let parameters: [ToolParameter]
    let hints: Hints
    /// The members of a result, as a JSON schema has them.
    let output: [String: JSONValue]
    /// The members that every success has.
    let requiredOutput: [String]

    /// How many secrets a listing holds where the caller names no limit.
    static let defaultPage = 100

    /// The tool in a listing, as far as a revision knows its parts.
    func json(_ revision: ProtocolRevision) -> JSONValue {
        var members: [String: JSONValue] = [
            "name": .string(name.rawValue), "description": .string(description), "inputSchema": inputSchema,
        ]
        if revision >= .march2025 {
            members["annotations"] = [
                "title": .string(title), "readOnlyHint": .bool(hints.readsOnly),
                "destructiveHint": .bool(hints.destroys), "idempotentHint": .bool(hints.isIdempotent),
                "openWorldHint": .bool(hints.reachesOut),
            ]
        }
        if revision >= .june2025 {
            members["title"] = .string(title)
            members["outputSchema"] = outputSchema
        }
        return .object(members)
    }

    private var inputSchema: JSONValue {
        var schema: [String: JSONValue] = ["type": "object", "additionalProperties": false]
        guard !parameters.isEmpty else { return .object(schema) }
        schema["properties"] = .object(
            Dictionary(uniqueKeysWithValues: parameters.map { ($0.name, $0.schema) }))
        let required = parameters.filter(\.isRequired).map { JSONValue.string($0.name) }
        if !required.isEmpty { schema["required"] = .array(required) }
        return .object(schema)
    }

    /// A success, or an error: some clients check both.
    private var outputSchema: JSONValue {
        var properties = output
        properties["error"] = [
            "type": "object",
            "properties": [
                "code": ["type": "string"], "message": ["type": "string"], "hint": ["type": "string"],
            ],
            "required": ["code", "message"],
        ]
        return [
            "type": "object", "properties": .object(properties),
            "anyOf": [
                ["required": .array(requiredOutput.map { .string($0) })], ["required": ["error"]],
            ],
        ]
    }
}
