internal import Disguises
internal import Secrets
internal import Testing

@testable internal import Redaction

@Suite struct `A redacted stream` {
    @Test(arguments: 0..<40)
    func `is what the definition says, however it is cut`(seed: Int) {
        var numbers = Numbers(seed: seed)
        // Few letters, so that prefixes, overlaps and chains of overlaps are common.
        let letters = Array("ab/ ".utf8.prefix(2 + seed % 3))
        let values = (0..<(1 + seed % 4)).map { _ in
            (0..<(6 + numbers.below(8))).map { _ in letters[numbers.below(letters.count)] }
        }
        let matcher = makeMatcher(values)
        for _ in 0..<12 {
            var text = (0..<numbers.below(120)).map { _ in letters[numbers.below(letters.count)] }
            for _ in 0..<3 {
                // Whole and broken patterns of every form, so that each form's edges meet the others.
                guard matcher.patternCount > 0 else { break }
                let pattern = matcher.set.patterns[numbers.below(matcher.patternCount)]
                let length = numbers.below(3) == 0 ? numbers.below(Int(pattern.length)) : Int(pattern.length)
                let form = (0..<length).map { matcher.set.bytes[Int(pattern.offset) + $0] }
                text.insert(contentsOf: form, at: numbers.below(text.count + 1))
            }
            let expected = reference(matcher, text)
            #expect(matcher.redact(text.span) == expected)
            for _ in 0..<4 {
                var pieces: [[UInt8]] = []
                var start = 0
                let longest = 1 + numbers.below(12)
                while start < text.count {
                    let end = min(text.count, start + numbers.below(longest + 1))
                    pieces.append(Array(text[start..<end]))
                    start = end
                }
                #expect(output(matcher, pieces) == expected, "pieces \(pieces)")
            }
        }
    }

    @Test func `is the same for every pair of cuts`() {
        let matcher = makeMatcher("correct horse", "horse battery")
        let text = Array("say correct horse battery and Y29ycmVjdCBob3JzZQ== or correct hors".utf8)
        let expected = Array("say [redacted:S0] and [redacted:S0] or correct hors".utf8)
        for first in 0...text.count {
            for second in first...text.count {
                let pieces = [Array(text[..<first]), Array(text[first..<second]), Array(text[second...])]
                #expect(output(matcher, pieces) == expected, "cut at \(first) and \(second)")
            }
        }
    }

    @Test(arguments: [60, 65, 100, 4096, 9000])
    func `replaces long values that cross pieces and blocks`(length: Int) {
        var numbers = Numbers(seed: length)
        // No white space, without which the value would be another one.
        let value = (0..<length).map { _ in UInt8(128 + numbers.below(128)) }
        let matcher = makeMatcher([value])
        var text = [UInt8](repeating: 0x2E, count: 65_536 - length / 2) + value
        text += [UInt8](repeating: 0x2E, count: 70_000) + value.dropLast() + [value[length - 1] ^ 1] + value
        var expected = [UInt8](repeating: 0x2E, count: 65_536 - length / 2) + Array("[redacted:S0]".utf8)
        // Of a value of more than 4096 bytes pieces are known.
        let miss = length > 4096 ? Array("[redacted:S0]".utf8) : Array(value.dropLast())
        expected += [UInt8](repeating: 0x2E, count: 70_000) + miss + [value[length - 1] ^ 1]
        expected += Array("[redacted:S0]".utf8)
        let isWhole = matcher.redact(text.span) == expected
        #expect(isWhole)
        for size in [1, 7, 1000, 4097, 65_537] {
            let pieces = stride(from: 0, to: text.count, by: size).map { start in
                Array(text[start..<min(start + size, text.count)])
            }
            let isSame = output(matcher, pieces) == expected
            #expect(isSame, "pieces of \(size)")
        }
    }

    @Test func `lets a byte go at once where nothing begins with it`() {
        var stream = RedactionStream(matcher: makeMatcher("xyzzy-plugh"))
        for byte in Array("? (.) # ".utf8) {
            var seen: [UInt8] = []
            stream.write([byte].span) { bytes in bytes.append(to: &seen) }
            #expect(seen == [byte])
            let isHolding = stream.isHolding
            #expect(!isHolding)
        }
    }

    @Test func `holds exactly the live prefix`() {
        var stream = RedactionStream(matcher: makeMatcher("xyzzy-plugh"))
        var seen: [UInt8] = []
        stream.write(Array("a? xyzzy-".utf8).span) { bytes in bytes.append(to: &seen) }
        stream.idle { bytes in bytes.append(to: &seen) }
        #expect(String(decoding: seen, as: UTF8.self) == "a? ")
        let isHolding = stream.isHolding
        #expect(isHolding)
        // Not a separator: the value's last letter may begin its reversal, spaced. No form begins with this one.
        stream.write(Array("plughv".utf8).span) { bytes in bytes.append(to: &seen) }
        #expect(String(decoding: seen, as: UTF8.self) == "a? [redacted:S0]v")
        let counts = stream.counts
        #expect(counts == ["S0": 1])
    }

    @Test func `gives up three idle bytes of a prefix and still replaces the rest`() {
        var stream = RedactionStream(matcher: makeMatcher("xyzzy-plugh"), releasesIdlePrefix: true)
        var seen: [UInt8] = []
        for (piece, expected) in [
            ("? xyz", "? xyz"), ("zy-p", "? xyz"), ("lugh!", "? xyz[redacted:S0]!"), ("xy", "? xyz[redacted:S0]!xy"),
            ("z!", "? xyz[redacted:S0]!xyz!"),
        ] {
            stream.write(Array(piece.utf8).span) { bytes in bytes.append(to: &seen) }
            stream.idle { bytes in bytes.append(to: &seen) }
            #expect(String(decoding: seen, as: UTF8.self) == expected)
        }
    }

    @Test func `makes one replacement of overlaps and two of neighbours`() {
        #expect(redact(makeMatcher("abababab"), "abababababababab.") == "[redacted:S0].")
        #expect(redact(makeMatcher("abcdefgh"), "abcdefghabcdefgh") == "[redacted:S0][redacted:S0]")
        #expect(redact(makeMatcher("abcdefgh", "defghijk"), "abcdefghijk") == "[redacted:S0]")
        #expect(redact(makeMatcher("abcdef", "abcdefgh"), "abcdefgh abcdefg") == "[redacted:S1] [redacted:S0]g")
    }

    @Test func `names the first of two secrets with one value`() {
        #expect(redact(makeMatcher("same-value", "same-value"), "same-value") == "[redacted:S0]")
    }

    @Test func `counts what it replaced`() {
        let matcher = makeMatcher("first-value", "second-value", "third-value")
        var stream = RedactionStream(matcher: matcher)
        stream.write(Array("first-value second-value c2Vjb25kLXZhbHVl".utf8).span) { _ in }
        stream.finish { _ in }
        let counts = stream.counts
        #expect(counts == ["S0": 1, "S1": 2])
    }

    @Test func `passes everything on, uncopied, where there are no secrets`() {
        var stream = RedactionStream(matcher: makeMatcher())
        var sizes: [Int] = []
        stream.write([UInt8](repeating: 7, count: 200_000).span) { bytes in sizes.append(bytes.count) }
        stream.finish { bytes in sizes.append(bytes.count) }
        #expect(sizes == [200_000])
    }

    @Test func `leaves ordinary text as it is`() {
        let text = "compiling module 3 of 12: /usr/lib/python3 GET 200 OK dHJ1ZQ== 0x41 %20 \\u0041 'a'\\''b'\n"
        #expect(redact(makeMatcher("tr0ub4dor&3", "correct horse"), text) == text)
    }

    @Test func `fails as its sink fails and withholds the rest`() {
        struct Gone: Error {}
        var stream = RedactionStream(matcher: makeMatcher("xyzzy-plugh"))
        #expect(throws: Gone.self) {
            try stream.write(Array("a xyzzy-plugh b".utf8).span) { bytes throws(Gone) in throw Gone() }
        }
    }
}
