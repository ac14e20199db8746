internal import Disguises
internal import Secrets
internal import Testing

@testable internal import Redaction

@Suite struct `The matcher` {
    @Test(arguments: [
        ("short", RedactionGap.tooShort(minimum: 6)),
        ("  short \n", .tooShort(minimum: 6)), ("", .tooShort(minimum: 6)),
        ("password", .tooCommon), ("LocalHost", .tooCommon), ("localhost\n", .tooCommon), ("tr0ub4", nil),
        ("passwords", nil),
    ])
    func `says why it does not replace a value`(value: String, gap: RedactionGap?) {
        #expect(whyNotRedacted(Array(value.utf8).span) == gap)
        #expect(makeMatcher(value).notRedacted == (gap == nil ? [] : ["S0"]))
        #expect((redact(makeMatcher(value), "<\(value)>") == "<\(value)>") == (gap != nil))
    }

    @Test func `reads a gap as the end of a sentence`() {
        #expect("X is \(RedactionGap.tooShort(minimum: 6))" == "X is too short (under 6 bytes)")
        #expect("X is \(RedactionGap.tooCommon)" == "X is too common a word")
    }

    @Test(arguments: [(4, "abcd"), (0, "abcd"), (12, "abcdefghijkl")])
    func `keeps to the minimum length`(minimum: Int, value: String) {
        #expect(redact(makeMatcher(value, minimum: minimum), value) == "[redacted:S0]")
        let shorter = String(value.dropLast())
        #expect(redact(makeMatcher(shorter, minimum: minimum), shorter) == shorter)
    }

    @Test(arguments: ["a", "Zm9vYmFyYmF6cXV4Zm9vYmF", "aaaaaaaaaaaaaaaaaaaaaaaZ"])
    func `does a bounded amount of work for near misses`(unit: String) {
        let long = String(repeating: "a", count: 3000) + "b"
        let matcher = makeMatcher("aaaaaaaaaaaaaaaaaaaaaaab", "Zm9vYmFyYmF6cXV4Zm9vYmFy", long)
        let text = Array(String(repeating: unit, count: 400_000 / unit.utf8.count).utf8)
        var stream = RedactionStream(matcher: matcher)
        stream.write(text.span) { _ in }
        let work = stream.work
        #expect(work > 0)
        #expect(work <= 64 * text.count, "\(work) steps for \(text.count) bytes")
    }

    @Test(arguments: ["0000000", "00000000:", ""]) func `does a bounded amount of work for a row without an end`(
        offset: String
    ) {
        let value = Array("s3cr3t-Value42-Zq9x7".utf8)
        let matcher = makeMatcher([value])
        var bytes = Array(offset.utf8)
        while bytes.count < 200_000 {
            for byte in value {
                bytes += [0x20, ByteClass.hexDigit(byte >> 4, upper: false), ByteClass.hexDigit(byte, upper: false)]
            }
        }
        var stream = RedactionStream(matcher: matcher)
        var passed: [UInt8] = []
        stream.write(bytes.span) { piece in piece.append(to: &passed) }
        let held = bytes.count - stream.counts.values.reduce(0, +) * (value.count * 3 - 1)
        stream.finish { piece in piece.append(to: &passed) }
        #expect(stream.work > 0)
        #expect(stream.work <= 64 * bytes.count, "\(stream.work) steps for \(bytes.count) bytes")
        #expect(stream.counts.values.reduce(0, +) > 3000)
        #expect(held < 64 * 1024, "what cannot be a row that a tool prints is decided before its end")
    }

    @Test func `makes a form once that writes the value as it is`() {
        // Raw, reversed and rotated, six of base64 and three each of UTF-16 and of hexadecimal in it and of each of its
        // disguises, ten of hexadecimal and two each of the reversed value and of UTF-16 and one of the digits, five of
        // base32, two of base85, one of uuencode, three of digits.
        #expect(makeMatcher("Zyxwvutsrq").patternCount == 50)
    }

    @Test func `keeps its tables small`() {
        var numbers = Numbers(seed: 1)
        let values = (0..<25).map { _ in (0..<40).map { _ in UInt8(33 + numbers.below(94)) } }
        #expect(makeMatcher(values).tableByteCount < 768 * 1024)
    }

    @Test func `keeps its tables in proportion to long values`() {
        var numbers = Numbers(seed: 2)
        let value = (0..<20_000).map { _ in UInt8(33 + numbers.below(94)) }
        let matcher = makeMatcher([value])
        #expect(matcher.tableByteCount < 64 * value.count)
        #expect(redact(matcher, "<\(String(decoding: value, as: UTF8.self))>") == "<[redacted:S0]>")
    }

    @Test func `finds equal hashes for equal sequences only`() {
        let hash = TailHash()
        let bytes = Array("a longer text with some a longer text".utf8)
        var state = ScanState(secrets: 0)
        let (found, power) = hash.tail(bytes.span.extracting(0..<13))
        #expect(state.hash(of: bytes.span, from: 24, to: 37, power: power, by: hash) == found)
        #expect(state.hash(of: bytes.span, from: 1, to: 14, power: power, by: hash) != found)
    }
}
