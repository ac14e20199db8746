internal import Redaction
internal import Secrets

/// Makes text in lines at random, with forms of a value among them, and looks whether what redaction makes of it depends
/// on how it was cut.
public struct CutTrial {
    private var numbers: Numbers

    /// Starts a trial of its own for each seed.
    public init(seed: Int) { numbers = Numbers(seed: seed) }

    /// Tries `cases` texts and describes those that failed; stops at the third.
    public mutating func run(cases: Int) -> [String] {
        var failures: [String] = []
        for _ in 0..<cases where failures.count < 3 {
            if let failure = tryOne() { failures.append(failure) }
        }
        return failures
    }

    private static let letters = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    private static let lineEnds = [
        "\n", "\n", "\n", "\n", "\r\n", "\r\n", "\r", "\n\n", "\r\r\n", "=\n", "=\r\n", "\\n", "\n ",
    ]
    private static let prefixes = [
        "", "", "> ", "    ", "\t", "web_1  | ", "+", "-", "| ", "12: ", "#12 0.5 ", "2026-11-24T12:00:01.123Z ",
        "     1\t", "@@", "00000000: ", "\u{1B}[32m> \u{1B}[0m ", "  - ",
    ]
    private static let gaps = [
        ", ", "', '", ",", " ", "  ", "\n", ", \n", "...", " -> ", ";", "</b><b>", "- -", "\",\n \"",
    ]
    private static let signs = Array("ab01 \t\r\n=\\%+-/|>:\"@x\u{1B}[m0".utf8)

    private mutating func tryOne() -> String? {
        let count = numbers.pick([8, 12, 20, 33, 64, 128, 400, 5000])
        let value = (0..<count).map { _ in numbers.pick(Self.letters) }
        let matcher = Matcher(secrets: [
            RedactionSecret(name: "S", value: SharedSecret(SecretBytes(copying: value.span)))
        ])
        for _ in 0..<10 {
            let text = makeText(value)
            let whole = matcher.redact(text.span)
            for _ in 0..<4 {
                var cuts: [Int] = []
                var result: [UInt8] = []
                var stream = RedactionStream(matcher: matcher)
                var start = 0
                let most = numbers.pick([1, 3, 17, 100, 600, 3000])
                while start < text.count {
                    let end = min(start + 1 + numbers.below(most), text.count)
                    stream.write(text.span.extracting(start..<end)) { bytes in
                        for index in 0..<bytes.count { result.append(bytes[index]) }
                    }
                    start = end
                    cuts.append(start)
                }
                stream.finish { bytes in for index in 0..<bytes.count { result.append(bytes[index]) } }
                if result != whole {
                    return """
                        \(Self.show(value)) in \(Self.show(text)) cut at \(cuts.prefix(40)):
                        whole \(Self.show(whole))
                        cut   \(Self.show(result))
                        """
                }
            }
        }
        return nil
    }

    private mutating func makeText(_ value: [UInt8]) -> [UInt8] {
        var text: [UInt8] = []
        for _ in 0..<(1 + numbers.below(4)) {
            switch numbers.below(6) {
            case 0:
                for _ in 0..<numbers.below(200) { text.append(numbers.pick(Self.signs)) }
            case 5:
                let part = value[numbers.below(value.count)...].prefix(1 + numbers.below(60))
                let gap = numbers.pick(Self.gaps)
                let isNumbers = numbers.below(2) == 0
                let items = part.map { byte in isNumbers ? Array(String(byte).utf8) : [byte] }
                text += Array(items.joined(separator: Array(gap.utf8)))
                text += Array(numbers.pick(["\n", gap, "", " ", "'", ";"]).utf8)
            case 1:
                let row = (0..<numbers.below(70)).map { _ in numbers.pick(Self.letters) }
                let end = numbers.pick(Self.lineEnds)
                for _ in 0..<numbers.below(30) { text += row + Array(end.utf8) }
            default:
                let start = numbers.below(3) == 0 ? numbers.below(value.count) : 0
                let part = Array(value[start..<min(value.count, start + 2000)])
                let lead = (0..<numbers.pick([0, 0, 1, 7, 60, 300])).map { _ in numbers.pick(Self.letters) }
                var form = lead + part
                switch numbers.below(5) {
                case 0: form = Encoding.base64(form)
                case 1: form = lead + Encoding.hex(part)
                case 2: form = Encoding.base64(Encoding.base64(form))
                default: break
                }
                form += (0..<numbers.pick([0, 0, 5, 70])).map { _ in numbers.pick(Self.letters) }
                let width = numbers.pick([1 + numbers.below(140), 1 + numbers.below(12), 60, 64, 76])
                let end = Array(numbers.pick(Self.lineEnds).utf8)
                let prefix = Array(numbers.pick(Self.prefixes).utf8)
                var row = 0
                while row < form.count {
                    text += prefix.map { byte in
                        byte >= 0x30 && byte <= 0x39 && numbers.below(2) == 0 ? UInt8(0x30 + numbers.below(10)) : byte
                    }
                    text += form[row..<min(row + width, form.count)]
                    if numbers.below(40) == 0 { text.append(numbers.pick(Self.signs)) }
                    row += width
                    text += numbers.below(30) == 0 ? Array(numbers.pick(Self.lineEnds).utf8) : end
                }
            }
        }
        return text
    }

    private static func show(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self).debugDescription }
}
