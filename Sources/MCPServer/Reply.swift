internal import Diagnostics
internal import JSON
internal import Synchronization

/// Where the answer to one request goes.
internal struct Reply: Sendable {
    let id: RequestID
    /// The revision that the request is of.
    let revision: ProtocolRevision
    let outbox: Outbox
    /// The batch that the request came in, where it did.
    var batch: Batch?

    /// Answers with a result, in the revision's shape.
    func result(_ members: [String: JSONValue], type: String = "complete") {
        var members = members
        if revision >= .july2026 {
            members["resultType"] = .string(type)
            members["_meta"] = ["io.modelcontextprotocol/serverInfo": ServerIdentity.json]
        }
        send(["jsonrpc": "2.0", "id": id.json, "result": .object(members)])
    }

    /// Answers with an error.
    func error(_ error: ProtocolError) { send(error.answer(to: id, revision: revision)) }

    /// Leaves the request without an answer, as after a cancellation.
    func nothing() { batch?.add(nil) }

    private func send(_ answer: JSONValue) {
        if let batch { batch.add(answer) } else { outbox.send(answer) }
    }
}

/// The answers to the requests of one batch, sent together once the last is there; only revision 2025-03-26 has them.
internal final class Batch: Sendable {
    private struct State {
        var missing: Int
        var answers: [JSONValue] = []
    }

    private let state: Mutex<State>
    private let outbox: Outbox

    /// The most messages that one batch may hold.
    static let limit = 256

    init(requests: Int, outbox: Outbox) {
        state = Mutex(State(missing: requests))
        self.outbox = outbox
    }

    /// Adds the answer to one request, or takes note that there will be none.
    func add(_ answer: JSONValue?) {
        let complete: [JSONValue]? = state.withLock { state in
            state.missing -= 1
            if let answer { state.answers.append(answer) }
            return state.missing == 0 ? state.answers : nil
        }
        if let complete, !complete.isEmpty { outbox.send(.array(complete)) }
    }
}

/// How this server presents itself.
internal enum ServerIdentity {
    static let json: JSONValue = ["name": "vault-sandbox", "title": "Vault Sandbox", "version": .string(Version.text)]

    /// What an assistant should know before it sees a tool; clients cut it at 2 KB.
    static let instructions = """
        Runs commands that need secrets without showing anybody the secrets. Whenever a command needs a credential, call \
        vault_run with the secret's name instead of a shell with its value: the command gets it as an environment \
        variable, and its output comes back with every form of it replaced by [redacted:NAME]. vault_list_secrets tells \
        the names, vault_status whether the vault can be used. Never ask the user for a value and never write one into \
        a file or command; where a secret is missing, ask the person to store it in a terminal: vault-sandbox secret \
        set NAME. An error begins with its code and says who can do what about it.
        """
}
