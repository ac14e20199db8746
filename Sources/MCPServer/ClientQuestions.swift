internal import JSON
internal import Linux
internal import Synchronization

/// The answer to one request of the server's, awaited by the thread of a call.
internal final class PendingAnswer: Sendable {
    private let event: EventDescriptor
    private let answer = Mutex<JSONValue??>(nil)

    init() throws(SystemCallError) { event = try EventDescriptor() }

    /// Gives the answer, or `nil` where there will be none; the first counts.
    func give(_ value: JSONValue?) {
        answer.withLock { known in
            if known == nil { known = .some(value) }
        }
        event.signal()
    }

    /// Waits for the answer, at most this long.
    func wait(milliseconds: Int32) -> JSONValue? {
        _ = try? Polling.wait([PollEntry(BorrowedDescriptor(event.descriptor), .readable)], milliseconds: milliseconds)
        return answer.withLock { $0 ?? nil }
    }
}

/// Requests to the client, which only revisions with a handshake have.
internal final class ClientQuestions: Sendable {
    private struct State {
        var pending: [RequestID: PendingAnswer] = [:]
        var last = 0
    }

    private let state = Mutex(State())
    private let outbox: Outbox

    /// How many forms are open at once: more help nobody, and each keeps a thread from other calls.
    private static let most = 2
    /// How long a person has for an answer.
    private static let patience: Int32 = 10 * 60 * 1000

    init(outbox: Outbox) { self.outbox = outbox }

    /// Shows a form and waits for what comes back; `nil` where nothing does, or where too many are open.
    func ask(_ form: JSONValue, for call: Call) -> JSONValue? {
        guard let pending = try? PendingAnswer() else { return nil }
        let number: RequestID? = state.withLock { state in
            guard state.pending.count < Self.most else { return nil }
            state.last += 1
            let id = RequestID.text("vault-sandbox-\(state.last)")
            state.pending[id] = pending
            return id
        }
        guard let id = number else { return nil }
        defer { state.withLock { $0.pending[id] = nil } }
        call.wait(for: pending)
        outbox.send(["jsonrpc": "2.0", "id": id.json, "method": "elicitation/create", "params": form])
        return pending.wait(milliseconds: Self.patience)
    }

    /// Hands an answer to whoever waits for it; others are passed over.
    func take(_ id: RequestID, _ result: JSONValue?) {
        let pending = state.withLock { $0.pending[id] }
        pending?.give(result)
    }
}
