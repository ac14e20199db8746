import ControlSequences
import JSON
import Policy
import Redaction
import SandboxPlan
import Secrets
import Vault

/// What reads bytes that somebody else wrote. Each must end, and neither crash nor break its promise, on any input.
enum FuzzTarget: String, CaseIterable {
    /// The text of a policy.
    case policy
    /// The text of a seccomp profile that a policy names.
    case profile
    /// The messages between supervisor and init.
    case message
    /// A file that secrets are imported from.
    case `import`
    /// A value, and output that may hold it, in pieces.
    case redaction
    /// A message of an assistant's client.
    case json
    /// What a program sends to a terminal, in pieces.
    case terminal

    /// Feeds one input.
    func feed(_ input: [UInt8]) {
        switch self {
        case .policy: _ = try? PolicyResolver(OneText(bytes: input)).resolve(["fuzzed"])
        case .profile:
            let policy = Array("version = 1\n[syscalls]\nprofile = \"p.json\"\n".utf8)
            _ = try? PolicyResolver(OneText(bytes: policy, profile: input)).resolve(["fuzzed"])
        case .message: Self.readMessages(input)
        case .import: _ = try? ImportFile.parse(SecretBytes(copying: input.span))
        case .redaction: Self.redact(input)
        case .json: Self.readJSON(input)
        case .terminal: Self.filter(input)
        }
    }

    /// The first byte says how long the pieces are; what passes must not depend on them, must pass again as it is, and
    /// must hold no control character of the upper half and no string but a command to the terminal.
    private static func filter(_ input: [UInt8]) {
        guard let first = input.first else { return }
        let text = Array(input.dropFirst())
        let size = 1 + Int(first)
        let pieces = stride(from: 0, to: text.count, by: size).map { Array(text[$0..<min($0 + size, text.count)]) }
        let whole = filtered([text])
        precondition(filtered(pieces) == whole, "what passes depends on how it was cut")
        precondition(filtered([whole, [0x2E]]) == whole + [0x2E], "what passed does not pass again")
        for (byte, next) in zip(whole, whole.dropFirst()) {
            precondition(byte != 0xC2 || !(0x80...0x9F).contains(next), "a control character of the upper half passed")
            precondition(byte != 0x1B || !Array("PX^_k%".utf8).contains(next), "what must not pass passed")
        }
    }

    private static func filtered(_ pieces: [[UInt8]]) -> [UInt8] {
        var filter = ControlSequenceFilter()
        var output = SecretArray<UInt8>()
        for piece in pieces { filter.write(piece.span, to: &output) }
        return (0..<output.count).map { output[$0] }
    }

    /// What is read is written as text that is read and written the same again.
    private static func readJSON(_ input: [UInt8]) {
        guard let value = try? JSONParser.parse(input.span, hiding: ["value"]) else { return }
        let text = JSONText.encode(value)
        guard let again = try? JSONParser.parse(text) else { preconditionFailure("what was written cannot be read") }
        precondition(JSONText.encode(again) == text, "what was read is written otherwise")
    }

    /// What one side writes the other reads; what is read must be written the same again.
    private static func readMessages(_ input: [UInt8]) {
        if let plan = try? LaunchPlan(message: input) { precondition(plan.message == input) }
        if let plan = try? RootPlan(message: input) { precondition(plan.message == input) }
        if let manifest = try? SecretManifest(message: input) { precondition(manifest.message == input) }
        _ = try? InitReport(message: input)
        _ = try? InitRequest(message: input)
        _ = try? Groundwork(message: input)
        _ = try? NetworkChoice(message: input)
    }

    /// The first byte says how long the value is, the second how long the pieces are; the output must not depend on the
    /// pieces and must not hold the value.
    private static func redact(_ input: [UInt8]) {
        guard input.count > 2 else { return }
        let length = min(6 + Int(input[0] % 64), input.count - 2)
        guard length >= 6 else { return }
        let value = Array(input[2..<(2 + length)])
        let text = Array(input[(2 + length)...])
        let matcher = Matcher(secrets: [
            RedactionSecret(name: "S", value: SharedSecret(SecretBytes(copying: value.span)))
        ])
        let whole = matcher.redact(text.span)
        var cut: [UInt8] = []
        var stream = RedactionStream(matcher: matcher)
        let size = 1 + Int(input[1])
        for start in stride(from: 0, to: text.count, by: size) {
            let piece = Array(text[start..<min(start + size, text.count)])
            stream.write(piece.span) { append($0, to: &cut) }
        }
        stream.finish { append($0, to: &cut) }
        precondition(whole == cut, "the output depends on how it was cut")
        // A marker in the output must not be taken for the value, nor the seam of two parts of it.
        guard matcher.notRedacted.isEmpty, !holds(text, Array("[redacted:S]".utf8)) else { return }
        let parts = split(whole, by: Array("[redacted:S]".utf8))
        precondition(!parts.contains { holds($0, value) }, "the output holds the value")
        // Escaped, NUL and backslashes are no part of a value; of this one too little would be left to search for.
        guard value.count(where: { byte in byte != 0 && byte != UInt8(ascii: "\\") }) >= 4 else { return }
        hideAmong(text, value, matcher)
    }

    /// The value, escaped, parted and encoded, must go from among any bytes that end a line.
    private static func hideAmong(_ text: [UInt8], _ value: [UInt8], _ matcher: Matcher) {
        let hexadecimal = Array("0123456789abcdef".utf8)
        let pairs = value.map { byte in [hexadecimal[Int(byte >> 4)], hexadecimal[Int(byte & 15)]] }
        let forms: [[UInt8]] = [
            pairs.flatMap { pair in pair }, pairs.flatMap { pair in Array("%".utf8) + pair },
            pairs.flatMap { pair in Array("\\x".utf8) + pair }, Array(pairs.joined(separator: [0x3A])),
        ]
        for form in forms {
            // What stands before may not be taken for a part of an escape or a form.
            let whole = text + Array("\n= ".utf8) + form + Array(" =\n".utf8)
            precondition(!holds(matcher.redact(whole.span), form) || holds(text, form), "the output holds a form")
        }
    }

    private static func append(_ span: Span<UInt8>, to bytes: inout [UInt8]) {
        for index in 0..<span.count { bytes.append(span[index]) }
    }

    private static func holds(_ text: [UInt8], _ part: [UInt8]) -> Bool {
        guard text.count >= part.count else { return false }
        return (0...(text.count - part.count)).contains { text[$0..<($0 + part.count)].elementsEqual(part) }
    }

    private static func split(_ text: [UInt8], by marker: [UInt8]) -> [[UInt8]] {
        var parts: [[UInt8]] = [[]]
        var index = 0
        while index < text.count {
            if text[index...].starts(with: marker) {
                parts.append([])
                index += marker.count
            } else {
                parts[parts.count - 1].append(text[index])
                index += 1
            }
        }
        return parts
    }
}

/// A source with one text, beside the bundled policies that it may extend and the profile that it may name.
private struct OneText: PolicySource {
    let bytes: [UInt8]
    var profile: [UInt8] = []

    var names: [String] { ["fuzzed"] + BundledPolicies.names }

    func text(of name: String) -> PolicyText? {
        switch name {
        case "fuzzed": PolicyText(source: name, bytes: bytes)
        case "p.json": PolicyText(source: name, bytes: profile)
        default: BundledPolicies().text(of: name)
        }
    }
}
