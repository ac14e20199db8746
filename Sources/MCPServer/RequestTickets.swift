internal import JSON
internal import Linux
internal import Secrets
internal import Synchronization

/// What a stateless client carries from a question to the repeated request, so that an answer counts for the very call
/// that it was asked for, for a short time, once.
internal final class RequestTickets: Sendable {
    private let key = RandomBytes.secret(32)
    /// The tickets that were used, with the moment at which they expire anyway.
    private let used = Mutex<[String: UInt64]>([:])

    /// How long a person has for an answer, in milliseconds.
    private static let lifetime: UInt64 = 10 * 60 * 1000

    /// Makes a ticket for a question about a call.
    func issue(_ question: Question, tool: String, arguments: [String: JSONValue], now: UInt64) -> String {
        let serial = Self.hexadecimal(RandomBytes.bytes(16))
        let body = "\(question.rawValue).\(now + Self.lifetime).\(serial)"
        return body + "." + seal(body, tool, arguments)
    }

    /// The question of a ticket that is good for this call; it is used up then.
    func redeem(_ ticket: String, tool: String, arguments: [String: JSONValue], now: UInt64) -> Question? {
        let parts = ticket.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4, let question = Question(rawValue: String(parts[0])),
            let expiry = UInt64(parts[1]), now < expiry
        else { return nil }
        let body = parts[0...2].joined(separator: ".")
        let expected = seal(body, tool, arguments)
        // Both are digests with a secret key: a difference tells nothing of the key.
        guard Digest(of: Array(expected.utf8)) == Digest(of: Array(parts[3].utf8)) else { return nil }
        let isFresh = used.withLock { used in
            used = used.filter { $0.value > now }
            return used.updateValue(expiry, forKey: String(parts[2])) == nil
        }
        return isFresh ? question : nil
    }

    private func seal(_ body: String, _ tool: String, _ arguments: [String: JSONValue]) -> String {
        let message = Array("\(body)\n\(tool)\n".utf8) + digest(arguments)
        return Self.hexadecimal(Authenticator.tag(of: message, key: key))
    }

    /// A fingerprint of arguments; a hidden value takes part by a tag that only this process can make.
    private func digest(_ arguments: [String: JSONValue]) -> [UInt8] {
        let plain = arguments.mapValues { value -> JSONValue in
            guard case .hidden(let secret) = value else { return value }
            let bytes = secret.bytes.withSpan { span in (0..<span.count).map { span[$0] } }
            return ["hidden": .string(Self.hexadecimal(Authenticator.tag(of: bytes, key: key)))]
        }
        return Digest(of: Array(JSONText.encode(plain).utf8)).bytes
    }

    private static func hexadecimal(_ bytes: [UInt8]) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}
