internal import Disguises
internal import Redaction
internal import Secrets

/// How much text is searched; the pieces are as large as the supervisor's reads.
let textSize = 32 << 20
let pieceSize = 128 << 10
let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
var numbers = Numbers(seed: 0)

/// `count` random values of `length` base64 characters.
func values(_ count: Int, length: Int, _ numbers: inout Numbers) -> [[UInt8]] {
    (0..<count).map { _ in (0..<length).map { _ in alphabet[numbers.below(64)] } }
}

/// A figure with two decimals.
func rounded(_ value: Double) -> Double { Double(Int(value * 100 + 0.5)) / 100 }

/// What a build prints.
func ordinaryText(_ numbers: inout Numbers) -> [UInt8] {
    let words = [
        "compiling", "module", "warning:", "unused", "variable", "the", "quick", "in", "file", "/usr/lib/python3/site",
        "GET", "200", "OK", "elapsed", "3.1415", "connection", "from", "10.0.0.7", "closed", "\n",
    ].map { word in Array(word.utf8) + [0x20] }
    var text: [UInt8] = []
    text.reserveCapacity(textSize + 64)
    while text.count < textSize { text += words[numbers.below(words.count)] }
    return text
}

/// What builds print, as far as it can be made up: escapes, columns, hashes and paths.
func buildLog() -> [UInt8] {
    var log = BuildLog(seed: 1)
    var text: [UInt8] = []
    while text.count < textSize { text += log.next(1 << 20) }
    return text
}

/// `unit` over and over.
func repeated(_ unit: [UInt8]) -> [UInt8] {
    var text: [UInt8] = []
    text.reserveCapacity(textSize + unit.count)
    while text.count < textSize { text += unit }
    return text
}

/// Words of the rows to measure, or none for all.
let wanted = CommandLine.arguments.dropFirst()

/// Prints one row: the best of three passes.
func measure(_ label: String, _ values: [[UInt8]], in makeText: @autoclosure () -> [UInt8]) {
    guard wanted.isEmpty || wanted.contains(where: { word in label.contains(word) }) else { return }
    let text = makeText()
    let secrets = values.enumerated().map { number, value in
        RedactionSecret(name: "S\(number)", value: SharedSecret(SecretBytes(copying: value.span)))
    }
    let clock = ContinuousClock()
    var builds: [Duration] = []
    var matcher = Matcher(secrets: [])
    for _ in 0..<5 { builds.append(clock.measure { matcher = Matcher(secrets: secrets) }) }
    var best = Duration.seconds(1000)
    var passed = 0
    for _ in 0..<3 {
        var stream = RedactionStream(matcher: matcher)
        let span = text.span
        let taken = clock.measure {
            var start = 0
            while start < text.count {
                let end = min(start + pieceSize, text.count)
                stream.write(span.extracting(start..<end)) { piece in passed += piece.count }
                start = end
            }
            stream.finish { piece in passed += piece.count }
        }
        best = min(best, taken)
    }
    let rate = Double(text.count) / (best / .seconds(1)) / 1e9
    let build = (builds.min() ?? .zero) / .milliseconds(1)
    print(
        "matcher \(matcher.patternCount) patterns\(label): \(rounded(rate)) GB/s, build \(rounded(build)) ms,",
        "tables \(matcher.tableByteCount / 1024) KiB")
}

#if HYPERSCAN
    /// Prints Hyperscan's row over the same text, with literals as long as the forms of values are.
    func measureHyperscan(_ count: Int, in text: [UInt8], _ numbers: inout Numbers) {
        guard wanted.isEmpty || wanted.contains("Hyperscan") else { return }
        let characters = Array(alphabet.dropLast(2))
        let literals = (0..<count).map { _ in
            String(decoding: (0..<(14 + numbers.below(50))).map { _ in numbers.pick(characters) }, as: UTF8.self)
        }
        let clock = ContinuousClock()
        var other: Hyperscan?
        let build = clock.measure { other = Hyperscan(literals) }
        guard let other else { fatalError("Hyperscan takes no such literals") }
        let best = (0..<3).map { _ in
            clock.measure { precondition(other.scan(text, pieces: pieceSize), "Hyperscan stopped") }
        }.min()
        let rate = Double(text.count) / ((best ?? .zero) / .seconds(1)) / 1e9
        print(
            "Hyperscan, streaming, \(count) literals: \(rounded(rate)) GB/s,",
            "build \(rounded(build / .milliseconds(1))) ms")
    }
#endif

let text = ordinaryText(&numbers)
// A value of letters, digits, plus and slash has about 53 different forms.
for count in [1, 3, 19, 152] { measure(" (\(count) values)", values(count, length: 24, &numbers), in: text) }
#if HYPERSCAN
    measureHyperscan(512, in: text, &numbers)
#endif
let nineteen = values(19, length: 24, &numbers)
measure(" (build log)", nineteen, in: buildLog())
measure(" (values of six bytes)", values(19, length: 6, &numbers), in: text)
measure(" (own prefix, near miss)", nineteen, in: repeated(Array(nineteen[0].dropLast())))
measure(" (all prefixes, near miss)", nineteen, in: repeated(nineteen.flatMap { value in value.dropLast() }))
measure(" (base64 blob)", nineteen, in: (0..<textSize).map { _ in alphabet[numbers.below(64)] })
let long = values(1, length: 4096, &numbers)[0]
measure(" (4 KiB value, near miss)", [long], in: repeated(Array(long.dropLast())))
for size in [5_000, 16_000, 60_000, 64 << 10] {
    measure(" (a value of \(size) bytes)", values(1, length: size, &numbers), in: text)
}
let largest = values(1, length: 60_000, &numbers)[0]
measure(" (60 KB value, build log)", [largest], in: buildLog())
measure(" (60 KB value, base64 blob)", [largest], in: (0..<textSize).map { _ in alphabet[numbers.below(64)] })
measure(" (60 KB value, near miss)", [largest], in: repeated(Array(largest[0..<31])))
measure(" (60 KB value, its windows)", [largest], in: repeated(Array(largest[160..<192] + largest[0..<32])))
measure(" (25 values of 60 KB)", values(25, length: 60_000, &numbers), in: text)
let same = [UInt8](repeating: UInt8(ascii: "a"), count: 60) + [UInt8(ascii: "b")]
measure(" (one letter, near miss)", [same], in: repeated([UInt8(ascii: "a")]))
measure(" (escapes only)", nineteen, in: repeated(Array("\\u0061%41&#65;\u{1B}[0m".utf8)))
measure(" (spaced letters)", nineteen, in: repeated(Array("a b c d ".utf8)))
measure(" (list of letters)", nineteen, in: repeated(Array("'a', 'b', 'c', 'd', ".utf8)))
measure(" (list of numbers)", nineteen, in: repeated(Array("107, 120, 55, 81, ".utf8)))
measure(" (signs)", nineteen, in: repeated(Array("{[(<-+*/|>)]}; ".utf8)))
measure(" (table of bars)", nineteen, in: repeated(Array("+---+---+ | a | b |\n".utf8)))
measure(
    " (log of one width)", nineteen,
    in: repeated(Array("2026-11-24T12:00:00Z INFO  request served path=/api/v1/items status=200 id=0000a1b2\n".utf8)))
measure(" (offsets behind a prefix)", nineteen, in: repeated(Array("x 0000000 \n".utf8)))
measure(" (numbers in one line)", nineteen, in: repeated(Array("x 0000000 ".utf8)))
measure(" (rows of 20)", nineteen, in: repeated(Array("ZXhhbXBsZSByb3dzIHRv\n".utf8)))
measure(" (short rows behind a prefix)", nineteen, in: repeated(Array("a bcdefgh\n".utf8)))
measure(
    " (one line of 64 after another)", nineteen, in: repeated([UInt8](repeating: UInt8(ascii: "Q"), count: 64) + [10]))

/// Looks for 25 random secrets in what builds print, where none is.
func countFalseReplacements(of values: [[UInt8]], in size: Int) {
    var log = BuildLog(seed: 1)
    let secrets = values.enumerated().map { number, value in
        RedactionSecret(name: "S\(number)", value: SharedSecret(SecretBytes(copying: value.span)))
    }
    var stream = RedactionStream(matcher: Matcher(secrets: secrets))
    let clock = ContinuousClock()
    var taken = Duration.zero
    var passed = 0
    var kept = 0
    while passed < size {
        let text = log.next(1 << 20)
        let span = text.span
        taken += clock.measure { stream.write(span) { piece in kept += piece.count } }
        passed += text.count
    }
    stream.finish { piece in kept += piece.count }
    precondition(kept == passed, "something was replaced")
    let rate = Double(passed) / (taken / .seconds(1)) / 1e9
    print("false replacements in \(passed >> 20) MiB of build logs: \(stream.counts.count), \(rounded(rate)) GB/s")
}
if wanted.isEmpty { countFalseReplacements(of: values(25, length: 20, &numbers), in: 1 << 30) }
