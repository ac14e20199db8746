internal import Redaction
internal import Secrets

/// A small generator of numbers, the same in each run (Marsaglia's xorshift).
struct Generator {
    private var state: UInt64 = 0x9E37_79B9_7F4A_7C15

    mutating func next() -> UInt64 {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return state
    }
}

let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
var generator = Generator()

/// Makes a random value of 24 letters and digits.
@MainActor func makeValue() -> [UInt8] {
    (0..<24).map { _ in alphabet[Int(generator.next() % UInt64(alphabet.count))] }
}

/// Makes about 16 MiB of words and numbers, as a build prints them.
@MainActor func makeText() -> [UInt8] {
    let words = [
        "compiling", "module", "warning:", "unused", "variable", "the", "quick", "in", "file", "/usr/lib/python3/site",
        "GET", "200", "OK", "elapsed", "3.1415", "connection", "from", "10.0.0.7", "closed", "\n",
    ].map { Array($0.utf8) }
    var text: [UInt8] = []
    text.reserveCapacity(16 << 20)
    while text.count < 16 << 20 - 64 {
        text += words[Int(generator.next() % UInt64(words.count))]
        text.append(UInt8(ascii: " "))
    }
    return text
}

/// Measures one matcher over a text that is written in pieces of 64 KiB.
func measure(_ label: String, _ values: [[UInt8]], text: [UInt8]) {
    let secrets = values.enumerated().map { number, value in
        RedactionSecret(name: "S\(number)", value: SharedSecret(SecretBytes(copying: value.span)))
    }
    let clock = ContinuousClock()
    var matcher = Matcher(secrets: [])
    let build = clock.measure { matcher = Matcher(secrets: secrets) }
    var passed = 0
    var best = Duration.seconds(1000)
    for _ in 0..<3 {
        var stream = RedactionStream(matcher: matcher)
        let span = text.span
        best = min(
            best,
            clock.measure {
                var start = 0
                while start < text.count {
                    let end = min(start + 65536, text.count)
                    stream.write(span.extracting(start..<end)) { passed += $0.count }
                    start = end
                }
                stream.finish { passed += $0.count }
            })
    }
    let rate = Double(text.count) / (best / .seconds(1)) / 1e9
    let milliseconds = build / .milliseconds(1)
    print(
        "matcher \(matcher.patternCount) patterns\(label): \(rate) GB/s, build \(milliseconds) ms,",
        "tables \(matcher.tableByteCount / 1024) KiB")
}

let text = makeText()
measure("", [], text: text)
for count in [1, 2, 15, 120] { measure("", (0..<count).map { _ in makeValue() }, text: text) }

let values = (0..<15).map { _ in makeValue() }
var nearMisses: [UInt8] = []
while nearMisses.count < 4 << 20 { nearMisses += values[nearMisses.count % 15].dropLast() }
measure(" (own prefix)", values, text: nearMisses)
measure(" (base64 blob)", values, text: (0..<4 << 20).map { _ in alphabet[Int(generator.next() % 62)] })
