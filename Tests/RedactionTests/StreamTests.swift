internal import Secrets
internal import Testing

@testable internal import Redaction

@Suite struct StreamTests {
    @Test(arguments: 0..<60)
    func `Random texts, needles and cuts give what the definition gives`(seed: Int) {
        var random = Numbers(seed: UInt64(seed))
        // Two letters and short needles make prefixes, overlaps and chains of overlaps common.
        let letters = Array("ab/".utf8.prefix(2 + seed % 2))
        let needles = (0..<(1 + seed % 5)).map { _ in
            (0..<(6 + random.below(6))).map { _ in letters[random.below(2)] }
        }
        let matcher = makeMatcher(needles.map(\.text))
        for _ in 0..<20 {
            var text = (0..<random.below(150)).map { _ in letters[random.below(letters.count)] }
            text.insert(contentsOf: needles[random.below(needles.count)], at: random.below(text.count + 1))
            let expected = naive(needles, text)
            #expect(matcher.redact(text).text == expected.text, "needles \(needles.map(\.text)), text \(text.text)")
            var pieces: [[UInt8]] = []
            var start = 0
            while start < text.count {
                let end = min(text.count, start + random.below(12))
                pieces.append(Array(text[start..<end]))
                start = end
            }
            #expect(output(matcher, pieces).text == expected.text, "cut as \(pieces.map(\.text))")
        }
    }

    @Test func `Every pair of cuts gives the same output`() {
        let matcher = makeMatcher(["correct horse", "horse battery"])
        let text = Array("say correct horse battery and Y29ycmVjdCBob3JzZQ== or correct hors".utf8)
        let whole = matcher.redact(text)
        #expect(whole.text == "say [redacted:S0] and [redacted:S0] or correct hors")
        for first in 0...text.count {
            for second in first...text.count {
                let pieces = [Array(text[..<first]), Array(text[first..<second]), Array(text[second...])]
                #expect(output(matcher, pieces) == whole, "cut at \(first) and \(second)")
            }
        }
    }

    @Test func `Bytes that no secret begins with leave at once`() {
        let matcher = makeMatcher(["xyzzy-plugh"])
        var stream = RedactionStream(matcher: matcher)
        for byte in Array("? (.) > ".utf8) {
            var seen: [UInt8] = []
            stream.write([byte].span) { seen.append(copying: $0) }
            #expect(seen == [byte])
            let isHolding = stream.isHolding
            #expect(!isHolding)
        }
    }

    @Test func `A live prefix is held until it is decided`() {
        var stream = RedactionStream(matcher: makeMatcher(["xyzzy-plugh"]))
        var seen: [UInt8] = []
        stream.write(Array("a? xyzzy-".utf8).span) { seen.append(copying: $0) }
        #expect(seen.text == "a? ")
        let isHolding = stream.isHolding
        #expect(isHolding)
        stream.idle { seen.append(copying: $0) }
        #expect(seen.text == "a? ")
        stream.write(Array("plugh?".utf8).span) { seen.append(copying: $0) }
        #expect(seen.text == "a? [redacted:S0]?")
        let counts = stream.counts
        #expect(counts == ["S0": 1])
    }

    @Test func `An idle terminal gets three bytes of a prefix and never the rest`() {
        var stream = RedactionStream(matcher: makeMatcher(["xyzzy-plugh"]), releasesIdlePrefix: true)
        var seen: [UInt8] = []
        stream.write(Array("? xyz".utf8).span) { seen.append(copying: $0) }
        stream.idle { seen.append(copying: $0) }
        #expect(seen.text == "? xyz")
        stream.write(Array("zy-p".utf8).span) { seen.append(copying: $0) }
        stream.idle { seen.append(copying: $0) }
        #expect(seen.text == "? xyz")
        stream.write(Array("lugh!".utf8).span) { seen.append(copying: $0) }
        #expect(seen.text == "? xyz[redacted:S0]!")
    }

    @Test func `A value with two names has the first`() {
        #expect(makeMatcher(["same-value", "same-value"]).redact("same-value") == "[redacted:S0]")
    }

    @Test func `A chain of overlaps of any length is held in bounded memory and becomes one replacement`() {
        var stream = RedactionStream(matcher: makeMatcher(["abababab"]))
        var seen: [UInt8] = []
        for _ in 0..<5000 { stream.write(Array("abab".utf8).span) { seen.append(copying: $0) } }
        let held = stream.held.count
        #expect(held <= 8)
        stream.finish { seen.append(copying: $0) }
        #expect(seen.text == "[redacted:S0]")
    }

    @Test func `Near misses cost a bounded number of steps for each byte`() {
        let matcher = makeMatcher(["aaaaaaaaaaaaaaaaaaaaaaab", "Zm9vYmFyYmF6cXV4Zm9vYmFy"])
        for unit in ["a", "Zm9vYmFyYmF6cXV4Zm9vYmF", "aaaaaaaaaaaaaaaaaaaaaaaZ"] {
            let text = Array(String(repeating: unit, count: 40_000 / unit.utf8.count).utf8)
            var stream = RedactionStream(matcher: matcher)
            stream.write(text.span) { _ in }
            let work = stream.work
            #expect(work > 0)
            #expect(work <= 4 * text.count, "\(work) steps for \(text.count) bytes")
        }
    }

    @Test func `A form that writes a value as it is adds no sequence`() {
        // Raw, 21 of base64, 8 of hexadecimal, 2 of percent and 2 of JSON.
        #expect(makeMatcher(["Zyxwvutsrq"]).patternCount <= 34)
    }

    @Test func `An empty matcher passes everything on untouched`() {
        #expect(makeMatcher([]).redact("as it was") == "as it was")
    }
}

/// Numbers that look random and are the same in each run (Marsaglia's xorshift).
struct Numbers {
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 | 1 }

    mutating func below(_ limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(max(limit, 1)))
    }
}
