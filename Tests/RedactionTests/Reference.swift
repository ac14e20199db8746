internal import Secrets
internal import Testing

@testable internal import Redaction

/// A matcher of `values`, named `S0`, `S1` and so on.
func makeMatcher(_ values: [[UInt8]], minimum: Int = 6) -> Matcher {
    var options = RedactionOptions()
    options.minimumLength = minimum
    return Matcher(
        secrets: values.enumerated().map { number, value in
            RedactionSecret(name: "S\(number)", value: SharedSecret(SecretBytes(copying: value.span)))
        },
        options: options)
}

/// A matcher of texts.
func makeMatcher(_ values: String..., minimum: Int = 6) -> Matcher {
    makeMatcher(values.map { value in Array(value.utf8) }, minimum: minimum)
}

/// What a stream gives for `pieces` and the end.
func output(_ matcher: Matcher, _ pieces: [[UInt8]]) -> [UInt8] {
    var stream = RedactionStream(matcher: matcher)
    var result: [UInt8] = []
    for piece in pieces { stream.write(piece.span) { bytes in bytes.append(to: &result) } }
    stream.finish { bytes in bytes.append(to: &result) }
    return result
}

/// What is left of a text, which must not depend on how it is cut.
func redactedHoweverCut(_ text: String, _ matcher: Matcher) -> String {
    let bytes = Array(text.utf8)
    let whole = matcher.redact(bytes.span)
    for size in [1, 2, 3, 7, 64] {
        let pieces = stride(from: 0, to: bytes.count, by: size).map { start in
            Array(bytes[start..<min(start + size, bytes.count)])
        }
        #expect(output(matcher, pieces) == whole, "cut at every \(size)th byte")
    }
    return String(decoding: whole, as: UTF8.self)
}

/// What a stream gives for a text that is there as a whole.
func redact(_ matcher: Matcher, _ text: String) -> String {
    String(decoding: matcher.redact(Array(text.utf8).span), as: UTF8.self)
}

/// The definition of redaction, as plainly as it can be written: try every pattern at every place, merge what overlaps.
func reference(_ matcher: Matcher, _ text: [UInt8]) -> [UInt8] {
    struct Stretch {
        var start: Int
        var end: Int
        var name: Int
    }
    var stretches: [Stretch] = []
    for start in 0..<text.count {
        var found: [(length: Int, reach: Int, name: Int)] = []
        for number in 0..<matcher.patternCount {
            let pattern = matcher.set.patterns[number]
            let length = Int(pattern.length)
            guard start + length <= text.count else { continue }
            let heads = [Int(pattern.offset)] + (0..<Int(pattern.leadCount)).map { Int(pattern.leadOffset) + $0 }
            guard heads.contains(where: { matcher.set.bytes[$0] == text[start] }),
                (1..<length).allSatisfy({ matcher.set.bytes[Int(pattern.offset) + $0] == text[start + $0] })
            else { continue }
            var reach = start + length
            let limit = min(text.count, reach + Int(pattern.trailing))
            while reach < limit, ByteClass.isBase64(text[reach]) { reach += 1 }
            found.append((length, reach, Int(pattern.secret)))
        }
        // The longest names the stretch; of equally long ones the first secret does.
        guard let longest = found.max(by: { ($0.length, -$0.name) < ($1.length, -$1.name) }) else { continue }
        let reach = found.reduce(0) { max($0, $1.reach) }
        if let last = stretches.last, start < last.end {
            stretches[stretches.count - 1].end = max(last.end, reach)
        } else {
            stretches.append(Stretch(start: start, end: reach, name: longest.name))
        }
    }
    var result: [UInt8] = []
    var done = 0
    for stretch in stretches {
        result += text[done..<stretch.start]
        result += Array("[redacted:S\(stretch.name)]".utf8)
        done = stretch.end
    }
    return result + text[done...]
}
