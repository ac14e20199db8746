@testable internal import Redaction
internal import Secrets

/// A matcher of values given as texts, named `S0`, `S1` and so on.
func makeMatcher(_ values: [String], minimum: Int = 6) -> Matcher {
    var options = RedactionOptions()
    options.minimumLength = minimum
    return Matcher(
        secrets: values.enumerated().map { number, value in
            RedactionSecret(name: "S\(number)", value: SharedSecret(SecretBytes(copying: Array(value.utf8).span)))
        }, options: options)
}

/// Everything a stream gives for `pieces`, its end included.
func output(_ matcher: Matcher, _ pieces: [[UInt8]]) -> [UInt8] {
    var stream = RedactionStream(matcher: matcher)
    var result: [UInt8] = []
    for piece in pieces { stream.write(piece.span) { result.append(copying: $0) } }
    stream.finish { result.append(copying: $0) }
    return result
}

/// What `needles` leave of `text`, found by trying every needle at every place: the definition to hold the stream to.
/// Needle number n stands for secret `Sn`.
func naive(_ needles: [[UInt8]], _ text: [UInt8]) -> [UInt8] {
    var result: [UInt8] = []
    var index = 0
    while index < text.count {
        var end = index
        var name = 0
        for (number, needle) in needles.enumerated()
        where needle.count > end - index && text[index...].starts(with: needle) {
            end = index + needle.count
            name = number
        }
        guard end > index else {
            result.append(text[index])
            index += 1
            continue
        }
        var inside = index + 1
        while inside < end {
            for needle in needles where text[inside...].starts(with: needle) { end = max(end, inside + needle.count) }
            inside += 1
        }
        result += Array("[redacted:S\(name)]".utf8)
        index = end
    }
    return result
}

extension [UInt8] {
    /// Adds the bytes that a sink was given.
    mutating func append(copying bytes: Span<UInt8>) {
        for index in 0..<bytes.count { append(bytes[index]) }
    }

    /// The bytes as a text, for messages.
    var text: String { String(decoding: self, as: UTF8.self) }
}
