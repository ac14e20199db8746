internal import Diagnostics
internal import JSON
internal import Runner

/// What a tool gives back: one object, as structured content and, the same, as text, since clients show either.
internal struct ToolResult: Sendable {
    /// The object.
    let content: JSONValue
    /// The text.
    let text: String
    /// What went wrong, where the result is an error.
    let error: ErrorReport?

    /// The most characters of an error's text: a client cuts more.
    static let errorTextLimit = 10_000

    /// A success.
    init(_ content: JSONValue) {
        self.content = content
        text = JSONText.encode(content)
        error = nil
    }

    /// A refusal or failure.
    init(_ error: ErrorReport) {
        self.error = error
        let record = ErrorEnvelope(error)
        content = Self.value(record)
        text = String(Self.words(error).prefix(Self.errorTextLimit))
    }

    /// A run whose program started.
    init(_ result: RunResult, error: ErrorReport?, note: String?) {
        self.error = error
        content = Self.value(ResultRecord(result, error: error, note: note))
        guard let error else {
            text = JSONText.encode(content)
            return
        }
        let words = Self.words(error)
        var limit = 3_500
        var shown = JSONText.encode(content)
        // Escapes may make a stream several times as long as it is.
        while words.count + 1 + shown.count > Self.errorTextLimit, limit > 10 {
            shown = JSONText.encode(Self.shorten(content, limit))
            limit /= 2
        }
        text = String((words + "\n" + shown).prefix(Self.errorTextLimit))
    }

    /// The code first, by which an assistant tells errors apart.
    private static func words(_ error: ErrorReport) -> String {
        "\(error.code.rawValue): \(error.message)" + (error.hint.map { "\nhint: \($0)" } ?? "")
    }

    /// An encodable record as a value: what this program writes, it can read.
    private static func value(_ record: some Encodable) -> JSONValue {
        (try? JSONParser.parse(JSONText.encode(record))) ?? .null
    }

    /// The same object with each stream cut to its start and its end.
    private static func shorten(_ content: JSONValue, _ limit: Int) -> JSONValue {
        guard var members = content.members else { return content }
        for name in ["stdout", "stderr"] {
            guard let text = members[name]?.text, text.count > limit else { continue }
            let left = text.count - limit
            members[name] = .string(
                String(text.prefix(limit / 4)) + "\n[\(left) characters are left out of this text]\n"
                    + String(text.suffix(limit - limit / 4)))
            members["truncated"] = true
        }
        return .object(members)
    }

    /// The result as a revision has it: older ones know text only.
    func members(_ revision: ProtocolRevision) -> [String: JSONValue] {
        var members: [String: JSONValue] = [
            "content": [["type": "text", "text": .string(text)]], "isError": .bool(error != nil),
        ]
        if revision >= .june2025 { members["structuredContent"] = content }
        return members
    }
}
