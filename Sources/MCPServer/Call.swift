internal import JSON
internal import Linux
internal import Sandbox
internal import Synchronization

/// One call that is under way.
internal final class Call: Sendable {
    let reply: Reply
    /// By which it is ended from outside.
    let stop: StopSwitch
    /// Whether it runs a command.
    let isRun: Bool
    private let token: JSONValue?
    private let began = Clocks.monotonicMilliseconds
    private let reported = Mutex<Int64>(-1)
    private let question = Mutex<PendingAnswer?>(nil)

    /// Makes a call.
    ///
    /// - Parameter token: What the client's progress messages are named by; `nil` where it wants none.
    init(reply: Reply, token: JSONValue?, isRun: Bool) throws(SandboxError) {
        self.reply = reply
        self.isRun = isRun
        self.token = token
        stop = try StopSwitch()
    }

    /// Tells the client how long it runs, where it wants to know. Never what it printed.
    func reportProgress() {
        guard let token else { return }
        let seconds = Int64((Clocks.monotonicMilliseconds - began) / 1000)
        let progress = reported.withLock { last in
            // It must grow, however short the time since.
            last = max(last + 1, seconds)
            return last
        }
        reply.outbox.send([
            "jsonrpc": "2.0", "method": "notifications/progress",
            "params": [
                "progressToken": token, "progress": .integer(progress), "message": .string("running \(seconds) s"),
            ],
        ])
    }

    /// Notes what the call waits for; a call that was ended already waits for nothing.
    func wait(for answer: PendingAnswer) {
        question.withLock { $0 = answer }
        if stop.isTurned { answer.give(nil) }
    }

    /// Ends the call.
    func end(_ wish: StopSwitch.Wish) {
        stop.turn(wish)
        stopAsking()
    }

    /// Waits no longer for the client's answer.
    func stopAsking() {
        question.withLock { $0?.give(nil) }
    }
}

/// The calls that are under way, by the request they answer.
internal final class CallTable: Sendable {
    private struct State {
        /// Those that will be answered.
        var answerable: [RequestID: Call] = [:]
        /// Those that still do something, cancelled ones too.
        var live: [ObjectIdentifier: Call] = [:]
    }

    private let state = Mutex(State())

    /// Adds a call; `false` where a call with its identifier is under way.
    func add(_ call: Call) -> Bool {
        state.withLock { state in
            guard state.answerable[call.reply.id] == nil else { return false }
            state.answerable[call.reply.id] = call
            state.live[ObjectIdentifier(call)] = call
            // Under the lock, so that it comes before the answer.
            call.reportProgress()
            return true
        }
    }

    /// Whether a call is still to be answered; it is not under way any more then.
    func takeAnswer(_ call: Call) -> Bool {
        state.withLock { state in
            guard state.answerable[call.reply.id] === call else { return false }
            state.answerable[call.reply.id] = nil
            return true
        }
    }

    /// Takes note that a call does nothing any more.
    func remove(_ call: Call) {
        state.withLock { $0.live[ObjectIdentifier(call)] = nil }
    }

    /// Ends a call without an answer; one that is not there was answered in this moment.
    func cancel(_ id: RequestID) {
        let call: Call? = state.withLock { $0.answerable.removeValue(forKey: id) }
        guard let call else { return }
        call.end(.gently)
        call.reply.nothing()
    }

    /// Tells every client that wants to know how long its call runs.
    func reportProgress() {
        state.withLock { state in state.answerable.values.forEach { $0.reportProgress() } }
    }

    /// Ends every run at once, without an answer; what only looks into the vault ends by itself, and is answered.
    func endRuns() {
        let calls = state.withLock { state in
            state.answerable = state.answerable.filter { !$0.value.isRun }
            return Array(state.live.values)
        }
        for call in calls {
            if call.isRun { call.end(.atOnce) } else { call.stopAsking() }
        }
    }

    /// Whether nothing is under way.
    var isIdle: Bool { state.withLock { $0.live.isEmpty } }
}
