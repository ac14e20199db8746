import JSON
import Secrets
import Testing

@testable import MCPServer

struct TicketTests {
    private let tickets = RequestTickets()

    private func hidden(_ text: String) -> JSONValue {
        .hidden(SharedSecret(SecretBytes(copying: Array(text.utf8).span)))
    }

    @Test func `a ticket counts once, for its call, in its time`() {
        let arguments: [String: JSONValue] = ["name": "A", "value": hidden("secret")]
        let ticket = tickets.issue(.unlocked, tool: "t", arguments: arguments, now: 1000)
        #expect(!ticket.contains("secret"))
        #expect(tickets.redeem(ticket, tool: "u", arguments: arguments, now: 1001) == nil)
        #expect(tickets.redeem(ticket, tool: "t", arguments: ["name": "A"], now: 1001) == nil)
        #expect(
            tickets.redeem(ticket, tool: "t", arguments: ["name": "A", "value": hidden("other")], now: 1001) == nil)
        #expect(tickets.redeem(ticket, tool: "t", arguments: arguments, now: 1000 + 600_000) == nil)
        #expect(
            tickets.redeem(ticket, tool: "t", arguments: ["name": "A", "value": hidden("secret")], now: 1001)
                == .unlocked)
        #expect(tickets.redeem(ticket, tool: "t", arguments: arguments, now: 1002) == nil)
    }

    @Test func `a ticket of another server, a changed one and nonsense count for nothing`() {
        let ticket = tickets.issue(.unlocked, tool: "t", arguments: [:], now: 0)
        #expect(RequestTickets().redeem(ticket, tool: "t", arguments: [:], now: 1) == nil)
        for changed in [
            "", "....", ticket + "0", ticket.replacing("unlocked", with: "allow_once"),
            ticket.replacing("600000", with: "9600000"),
        ] {
            #expect(tickets.redeem(changed, tool: "t", arguments: [:], now: 1) == nil)
        }
    }

    @Test func `only an explicit yes is an acceptance`() {
        let yes: JSONValue = ["action": "accept", "content": ["unlocked": true]]
        #expect(Question.unlocked.isAccepted(yes))
        #expect(!Question.allowOnce.isAccepted(yes))
        for no in [
            nil, .null, "accept", ["action": "accept"], ["action": "decline", "content": ["unlocked": true]],
            ["action": "accept", "content": ["unlocked": "true"]],
            ["action": "accept", "content": ["unlocked": false]],
        ] as [JSONValue?] {
            #expect(!Question.unlocked.isAccepted(no))
        }
    }
}
