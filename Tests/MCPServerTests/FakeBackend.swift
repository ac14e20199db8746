import Diagnostics
import Linux
import Runner
import Sandbox
import Secrets
import Synchronization

@testable import MCPServer

/// A backend that answers from memory and can be locked.
final class FakeBackend: Backend {
    private struct State {
        var secrets: [String: Int] = [:]
        var lockedFor = 0
        var orders: [RunOrder] = []
    }

    private let state: Mutex<State>
    private let failure: ErrorReport?

    /// Makes a backend.
    ///
    /// - Parameters:
    ///   - lockedFor: How many calls find the vault locked.
    ///   - failure: What every run fails with.
    init(lockedFor: Int = 0, failure: ErrorReport? = nil) {
        state = Mutex(State(secrets: ["KNOWN": 1], lockedFor: lockedFor))
        self.failure = failure
    }

    let appName = "shop"

    /// What was asked to run.
    var orders: [RunOrder] { state.withLock { $0.orders } }

    func run(_ order: RunOrder, approved: Set<Question>, stop: StopSwitch) throws(ErrorReport) -> RunResult {
        let isLocked = state.withLock { state in
            state.orders.append(order)
            state.lockedFor -= 1
            return state.lockedFor >= 0
        }
        if isLocked { throw ErrorReport(.vaultLocked, "the vault is locked", hint: "unlock it") }
        if let failure { throw failure }
        // A command named `wait` runs until it is stopped.
        while order.command.first == "wait", !stop.isTurned { _ = try? Polling.wait([], milliseconds: 2) }
        throw ErrorReport(.commandNotFound, "this backend runs nothing")
    }

    func list(prefix: String, limit: Int) throws(ErrorReport) -> (secrets: [ListedSecret], total: Int) {
        let found = state.withLock { $0.secrets.filter { $0.key.hasPrefix(prefix) } }.sorted { $0.key < $1.key }
        return (
            found.prefix(limit).map { ListedSecret(name: $0.key, delivery: "env", version: $0.value, updatedAt: 0) },
            found.count
        )
    }

    func exists(_ name: String) throws(ErrorReport) -> Bool { state.withLock { $0.secrets[name] != nil } }

    func store(
        _ name: String, _ value: SharedSecret, isNew: Bool
    ) throws(ErrorReport) -> (version: Int, gap: String?) {
        let version = state.withLock { state in
            state.secrets[name, default: 0] += 1
            return state.secrets[name] ?? 0
        }
        return (version, value.bytes.count < 6 ? "too short" : nil)
    }

    func remove(_ name: String) throws(ErrorReport) {
        let was = state.withLock { $0.secrets.removeValue(forKey: name) }
        if was == nil { throw ErrorReport(.secretNotFound, "no secret \(name)") }
    }

    func redacted(_ report: ErrorReport) -> ErrorReport { report }

    func status() -> BackendStatus {
        BackendStatus(
            obstacle: nil, app: "shop", policy: "default", maximumTimeout: 600, interception: "block",
            interceptedCount: 0, roots: ["/work"])
    }
}
