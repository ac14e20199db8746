internal import JSON

/// What ties an answer to its request.
internal enum RequestID: Hashable, Sendable {
    case number(Int64)
    case text(String)

    /// Reads an identifier; `nil` for what may not be one, such as `null` or a fraction.
    init?(_ value: JSONValue) {
        switch value {
        case .integer(let number): self = .number(number)
        case .string(let text): self = .text(text)
        default: return nil
        }
    }

    /// The identifier as it came.
    var json: JSONValue {
        switch self {
        case .number(let number): .integer(number)
        case .text(let text): .string(text)
        }
    }
}

/// A fault of the protocol's, as JSON-RPC reports it.
internal struct ProtocolError: Error, Equatable, Sendable {
    let code: Int64
    let message: String
    var data: JSONValue?

    static func parse(_ why: String) -> ProtocolError { ProtocolError(code: -32700, message: "Parse error: \(why)") }
    static func invalidRequest(_ why: String) -> ProtocolError {
        ProtocolError(code: -32600, message: "Invalid request: \(why)")
    }
    static let methodNotFound = ProtocolError(code: -32601, message: "Method not found")
    static func invalidParameters(_ why: String) -> ProtocolError { ProtocolError(code: -32602, message: why) }
    static let internalError = ProtocolError(code: -32603, message: "Internal error")

    /// The answer to a request that names a revision this server does not have.
    static func unsupportedRevision(_ asked: String) -> ProtocolError {
        ProtocolError(
            code: -32022, message: "Unsupported protocol version",
            data: [
                "supported": .array(ProtocolRevision.stateless.map { .string($0.rawValue) }),
                // Only what could be a revision's name is repeated.
                "requested": .string(String(asked.prefix(32))),
            ])
    }

    /// The error as an answer; without an identifier where the request's own cannot be read.
    func answer(to id: RequestID?, revision: ProtocolRevision?) -> JSONValue {
        var error: [String: JSONValue] = ["code": .integer(code), "message": .string(message)]
        error["data"] = data
        var answer: [String: JSONValue] = ["jsonrpc": "2.0", "error": .object(error)]
        if let id {
            answer["id"] = id.json
        } else if revision ?? .november2024 < .november2025 {
            // JSON-RPC says null; newer revisions leave it out.
            answer["id"] = .null
        }
        return .object(answer)
    }
}

/// One message from the client.
internal enum Message: Sendable {
    case request(RequestID, method: String, parameters: [String: JSONValue])
    case notification(method: String, parameters: [String: JSONValue])
    /// The answer to a request of this server's; `nil` where the client answered with an error.
    case answer(RequestID, result: JSONValue?)

    /// Why a value is no message, with the identifier where it can be read.
    struct Flaw: Error {
        let id: RequestID?
        let error: ProtocolError
    }

    /// Reads a message.
    init(_ value: JSONValue) throws(Flaw) {
        guard let members = value.members, members["jsonrpc"] == "2.0" else {
            throw Flaw(id: nil, error: .invalidRequest("a JSON-RPC 2.0 object is expected"))
        }
        let id = members["id"].flatMap { RequestID($0) }
        guard let method = members["method"] else {
            guard let id, members["result"] != nil || members["error"] != nil else {
                throw Flaw(id: id, error: .invalidRequest("it has neither a method nor a result"))
            }
            self = .answer(id, result: members["result"])
            return
        }
        guard let method = method.text else {
            throw Flaw(id: id, error: .invalidRequest("the method is not a string"))
        }
        guard members["id"] == nil || id != nil else {
            throw Flaw(id: nil, error: .invalidRequest("the id is neither a string nor an integer"))
        }
        let parameters: [String: JSONValue]
        switch members["params"] {
        case nil: parameters = [:]
        case .object(let given): parameters = given
        default:
            guard let id else {
                self = .notification(method: method, parameters: [:])
                return
            }
            throw Flaw(id: id, error: .invalidParameters("the parameters are not an object"))
        }
        self =
            id.map { .request($0, method: method, parameters: parameters) }
            ?? .notification(method: method, parameters: parameters)
    }
}
