internal import JSON
internal import Linux
internal import Sandbox

/// What a person has said to a call, and whether there is anybody to ask.
internal struct Consent {
    var approved: Set<Question>
    var mayAsk: Bool
}

/// One call on its own thread, from start to answer.
internal struct ToolWork: Sendable {
    let tool: Tool
    let arguments: [String: JSONValue]
    let call: Call
    let tools: Tools
    let calls: CallTable
    let tickets: RequestTickets
    let questions: ClientQuestions

    /// Carries the call out and answers it, unless it was cancelled.
    func carryOut(_ consent: Consent) {
        defer { calls.remove(call) }
        var consent = consent
        while !call.stop.isTurned {
            let result = tools.perform(tool, arguments, approved: consent.approved, stop: call.stop)
            guard consent.mayAsk, let error = result.error, let question = Question(error) else {
                return answer(result.members(call.reply.revision))
            }
            consent.mayAsk = false
            if call.reply.revision >= .july2026 {
                let ticket = tickets.issue(
                    question, tool: tool.name.rawValue, arguments: arguments, now: Clocks.wallMilliseconds)
                let request: JSONValue = [
                    "method": "elicitation/create", "params": question.form(error, call.reply.revision),
                ]
                return answer(
                    ["inputRequests": [question.rawValue: request], "requestState": .string(ticket)],
                    type: "input_required")
            }
            guard question.isAccepted(questions.ask(question.form(error, call.reply.revision), for: call)) else {
                return answer(result.members(call.reply.revision))
            }
            consent.approved.insert(question)
        }
    }

    private func answer(_ members: [String: JSONValue], type: String = "complete") {
        guard calls.takeAnswer(call) else { return }
        call.reply.result(members, type: type)
    }
}
