internal import Diagnostics
internal import JSON
internal import Linux
internal import Sandbox

/// Decides what each message means. Belongs to the one thread that reads; whatever may take long goes to another.
internal struct Dispatcher {
    private let outbox: Outbox
    private let tools: Tools
    private let calls: CallTable
    private let tickets = RequestTickets()
    private let questions: ClientQuestions
    /// What a handshake agreed on, once there was one.
    private(set) var agreed: ProtocolRevision?
    private var clientHasForms = false

    /// Runs at once; what the vault alone answers has threads of its own, so that no run holds it up.
    private let runs = WorkQueue(width: 16, depth: 256)
    private let lookUps = WorkQueue(width: 4, depth: 1024)

    private static let revisionKey = "io.modelcontextprotocol/protocolVersion"
    private static let capabilitiesKey = "io.modelcontextprotocol/clientCapabilities"
    private static let knownMethods: Set<String> = ["ping", "tools/list", "tools/call"]

    init(outbox: Outbox, backend: any Backend, calls: CallTable) {
        self.outbox = outbox
        tools = Tools(backend: backend)
        self.calls = calls
        questions = ClientQuestions(outbox: outbox)
    }

    /// Acts on one line; `nil` stands for one that was too long.
    mutating func take(_ line: Span<UInt8>?) {
        guard let line else {
            return refuse(.invalidRequest("a message is longer than \(LineReader.limit >> 20) MiB"))
        }
        guard !Self.isBlank(line) else { return }
        do throws(JSONParser.Failure) {
            let value = try JSONParser.parse(line, hiding: ["value"])
            if case .array(let elements) = value { take(batch: elements) } else { take(value, batch: nil) }
        } catch {
            refuse(.parse(error.words))
        }
    }

    private static func isBlank(_ line: Span<UInt8>) -> Bool {
        for index in line.indices where ![0x20, 0x09, 0x0d].contains(line[index]) { return false }
        return true
    }

    private func refuse(_ error: ProtocolError) { outbox.send(error.answer(to: nil, revision: agreed)) }

    private mutating func take(batch elements: [JSONValue]) {
        guard agreed == .march2025 else {
            return refuse(.invalidRequest("batches belong to revision 2025-03-26 only"))
        }
        guard !elements.isEmpty, elements.count <= Batch.limit else {
            return refuse(.invalidRequest("a batch holds 1 to \(Batch.limit) messages"))
        }
        // Whatever is no notification and no answer gets one answer, an error at least.
        let requests = elements.count { element in
            element.members.map { $0["id"] != nil && $0["method"] != nil } ?? true || (try? Message(element)) == nil
        }
        let batch = Batch(requests: requests, outbox: outbox)
        for element in elements { take(element, batch: batch) }
    }

    private mutating func take(_ value: JSONValue, batch: Batch?) {
        do throws(Message.Flaw) {
            switch try Message(value) {
            case .request(let id, let method, let parameters):
                request(method, parameters, id, batch)
            case .notification(let method, let parameters):
                if method == "notifications/cancelled", let id = parameters["requestId"].flatMap({ RequestID($0) }) {
                    calls.cancel(id)
                }
            case .answer(let id, let result): questions.take(id, result)
            }
        } catch {
            let answer = error.error.answer(to: error.id, revision: agreed)
            if let batch { batch.add(answer) } else { outbox.send(answer) }
        }
    }

    private mutating func request(
        _ method: String, _ parameters: [String: JSONValue], _ id: RequestID, _ batch: Batch?
    ) {
        let meta = parameters["_meta"]?.members
        var reply = Reply(id: id, revision: agreed ?? .november2025, outbox: outbox, batch: batch)
        // The key alone tells the eras apart: a progress token may be in any `_meta`.
        if let named = meta?[Self.revisionKey] {
            reply = Reply(id: id, revision: .july2026, outbox: outbox, batch: batch)
            return stateless(method, parameters, meta?[Self.capabilitiesKey], named, reply)
        }
        switch method {
        case "initialize": initialize(parameters, reply)
        case "ping": reply.result([:])
        case "server/discover": reply.error(.invalidParameters("_meta lacks \(Self.revisionKey)"))
        case _ where agreed == nil && Self.knownMethods.contains(method):
            reply.error(.invalidParameters("initialize first, or name the protocol's revision in _meta"))
        case "tools/list": listTools(parameters, reply)
        case "tools/call": call(parameters, Caller(reply: reply, hasForms: clientHasForms))
        default: reply.error(.methodNotFound)
        }
    }

    // MARK: - Revisions with a handshake

    private mutating func initialize(_ parameters: [String: JSONValue], _ reply: Reply) {
        guard let asked = parameters["protocolVersion"]?.text else {
            return reply.error(.invalidParameters("protocolVersion is missing"))
        }
        guard agreed == nil else { return reply.error(.invalidRequest("the connection is initialized already")) }
        let revision = ProtocolRevision.negotiated(asked)
        agreed = revision
        clientHasForms = revision >= .june2025 && Self.hasForms(parameters["capabilities"])
        Reply(id: reply.id, revision: revision, outbox: outbox, batch: reply.batch).result([
            "protocolVersion": .string(revision.rawValue), "capabilities": ["tools": [:]],
            "serverInfo": ServerIdentity.json, "instructions": .string(ServerIdentity.instructions),
        ])
    }

    /// Whether a client shows forms: an empty declaration means forms, and one of addresses only does not.
    private static func hasForms(_ capabilities: JSONValue?) -> Bool {
        guard let elicitation = capabilities?["elicitation"]?.members else { return false }
        return elicitation.isEmpty || elicitation["form"] != nil
    }

    // MARK: - Revisions without one

    private func stateless(
        _ method: String, _ parameters: [String: JSONValue], _ capabilities: JSONValue?, _ named: JSONValue,
        _ reply: Reply
    ) {
        guard let asked = named.text else { return reply.error(.invalidParameters("the revision is not a string")) }
        guard ProtocolRevision.stateless.contains(where: { $0.rawValue == asked }) else {
            return reply.error(.unsupportedRevision(asked))
        }
        guard let capabilities, capabilities.members != nil else {
            return reply.error(.invalidParameters("_meta lacks \(Self.capabilitiesKey)"))
        }
        switch method {
        case "server/discover":
            reply.result([
                "supportedVersions": .array(ProtocolRevision.stateless.map { .string($0.rawValue) }),
                "capabilities": ["tools": [:]], "instructions": .string(ServerIdentity.instructions),
                "ttlMs": 3_600_000, "cacheScope": "public",
            ])
        case "tools/list": listTools(parameters, reply)
        case "tools/call": call(parameters, Caller(reply: reply, hasForms: Self.hasForms(capabilities)))
        default: reply.error(.methodNotFound)
        }
    }

    // MARK: - Tools

    /// Who calls a tool, and what it can be asked.
    private struct Caller {
        let reply: Reply
        let hasForms: Bool
    }

    private func listTools(_ parameters: [String: JSONValue], _ reply: Reply) {
        // One page: no cursor was ever given out.
        guard parameters["cursor"] == nil else { return reply.error(.invalidParameters("the cursor is unknown")) }
        let tools = tools
        let isAccepted = lookUps.submit {
            var members: [String: JSONValue] = [
                "tools": .array(
                    Tool.catalog(maximumTimeout: tools.backend.status().maximumTimeout)
                        .map { $0.json(reply.revision) })
            ]
            if reply.revision >= .july2026 {
                members["ttlMs"] = 3_600_000
                // The longest time limit is that of this user's app.
                members["cacheScope"] = "private"
            }
            reply.result(members)
        }
        if !isAccepted { reply.error(.internalError) }
    }

    private func call(_ parameters: [String: JSONValue], _ caller: Caller) {
        let reply = caller.reply
        guard let name = parameters["name"]?.text else { return reply.error(.invalidParameters("name is missing")) }
        guard let tool = Tool.catalog(maximumTimeout: nil).first(where: { $0.name.rawValue == name }) else {
            let nearest = nearestWord(to: name, in: Tool.Name.allCases.map(\.rawValue))
            return reply.error(
                .invalidParameters("Unknown tool" + (nearest.map { ": did you mean \($0)?" } ?? "")))
        }
        let arguments: [String: JSONValue]
        switch parameters["arguments"] {
        // Some clients say null where they mean none.
        case nil, .null: arguments = [:]
        case .object(let given): arguments = given
        default: return reply.error(.invalidParameters("arguments is not an object"))
        }
        var approved: Set<Question> = []
        var mayAsk = caller.hasForms
        if reply.revision >= .july2026, let ticket = parameters["requestState"] {
            guard
                let question = ticket.text.flatMap({
                    tickets.redeem($0, tool: name, arguments: arguments, now: Clocks.wallMilliseconds)
                })
            else { return reply.error(.invalidParameters("requestState is not valid for this call any more")) }
            mayAsk = false
            if question.isAccepted(parameters["inputResponses"]?[question.rawValue]) { approved.insert(question) }
        }
        start(tool, arguments, reply, Consent(approved: approved, mayAsk: mayAsk), token: Self.token(parameters))
    }

    private static func token(_ parameters: [String: JSONValue]) -> JSONValue? {
        switch parameters["_meta"]?["progressToken"] {
        case .some(let token): RequestID(token)?.json
        case .none: nil
        }
    }

    private func start(
        _ tool: Tool, _ arguments: [String: JSONValue], _ reply: Reply, _ consent: Consent, token: JSONValue?
    ) {
        guard let call = try? Call(reply: reply, token: token, isRun: tool.name == .run) else {
            return reply.error(.internalError)
        }
        guard calls.add(call) else {
            return reply.error(.invalidRequest("a request with this id is under way"))
        }
        let work = ToolWork(
            tool: tool, arguments: arguments, call: call, tools: tools, calls: calls, tickets: tickets,
            questions: questions)
        let queue = tool.name == .run ? runs : lookUps
        guard queue.submit({ work.carryOut(consent) }) else {
            if calls.takeAnswer(call) {
                let busy = ErrorReport(
                    .limitExceeded, "too many calls are under way", hint: "wait for the answers of earlier calls")
                reply.result(ToolResult(busy).members(reply.revision))
            }
            calls.remove(call)
            return
        }
    }
}

extension JSONParser.Failure {
    /// The failure in words that repeat nothing of the message.
    fileprivate var words: String {
        switch self {
        case .notUTF8: "not UTF-8"
        case .malformed(let offset): "not JSON, at byte \(offset)"
        case .tooDeep: "nested deeper than \(JSONParser.depthLimit) levels"
        case .tooManyHidden: "too many values"
        }
    }
}
