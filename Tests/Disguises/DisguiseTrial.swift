internal import Redaction
internal import Secrets

/// Disguises values at random and looks for what redaction leaves of them.
///
/// Of a value of 32 bytes or more no run of 16 bytes may be left, nor of any form on the way to its disguise; of shorter
/// ones none of 8. Neither may the output depend on how it was cut.
public struct DisguiseTrial {
    private var numbers: Numbers

    /// How many cases one value serves.
    private static let casesOfValue = 100

    /// Starts a trial of its own for each seed.
    public init(seed: Int) { numbers = Numbers(seed: seed) }

    /// Tries `cases` disguises and describes those that failed; stops at the tenth.
    public mutating func run(cases: Int) -> [String] {
        var failures: [String] = []
        var done = 0
        while done < cases, failures.count < 10 {
            let value = makeValue()
            let matcher = Matcher(secrets: [
                RedactionSecret(name: "S", value: SharedSecret(SecretBytes(copying: value.span)))
            ])
            for _ in 0..<min(Self.casesOfValue, cases - done) {
                if let failure = tryOne(value, matcher) { failures.append(failure) }
                done += 1
            }
        }
        return failures
    }

    private mutating func tryOne(_ value: [UInt8], _ matcher: Matcher) -> String? {
        // What must not be left, and how many bytes each character of the value takes there.
        var forms = [(bytes: value, width: 1)]
        var label = Disguise.pairs.label
        let hidden: [UInt8]
        var isDump = false
        switch numbers.below(16) {
        case 13: (label, hidden) = inRows(value, &forms)
        case 14:
            label = "quoted-printable"
            let lead = [UInt8](repeating: 0x61, count: numbers.below(76))
            let encoded = lead + value.flatMap { byte in byte == 0x3D ? Array("=3D".utf8) : [byte] }
            forms.append((value.flatMap { byte in byte == 0x3D ? Array("=3D".utf8) : [byte] }, 1))
            hidden = Disguise.wrapped(
                encoded, width: 20 + numbers.below(56), by: Array(numbers.pick(["=\n", "=\r\n"]).utf8))
        case 15:
            label = "dumped"
            isDump = true
            let lead = (0..<(16 + numbers.below(48))).map { _ in UInt8(numbers.below(256)) }
            hidden = Disguise.dumped(lead + value + lead[..<numbers.below(16)], &numbers)
        case 2:
            label = "wrapped"
            let lead = (0..<(48 + numbers.below(48))).map { _ in UInt8(numbers.below(256)) }
            let isHex = numbers.below(3) == 0
            let encoded = isHex ? Encoding.hex(lead + value) : Encoding.base64(lead + value + lead)
            let first = isHex ? lead.count * 2 : (lead.count * 8 + 5) / 6
            let last = isHex ? encoded.count : (lead.count + value.count) * 8 / 6
            forms.append((Array(encoded[first..<last]), 1))
            let lineEnd = numbers.pick([
                "\n", "\r\n", "\n    ", "\n\t", "\r\n ", "\\n", "\\\\n", "\\r\\n", "&#10;", "%0A",
            ])
            hidden = Disguise.wrapped(encoded, width: numbers.pick([64, 76, 60, 48]), by: Array(lineEnd.utf8))
        case 0:
            hidden = Disguise.pairs.write(value, &numbers)
            forms.append((hidden, hidden.count / value.count))
        case 1:
            let writing = numbers.pick(Disguise.writings)
            label = "base64 within more, \(writing.label)"
            let (encoded, own) = within(value)
            forms.append((own, 1))
            hidden = writing.write(encoded, &numbers)
        default:
            let encoding = numbers.pick(Disguise.encodings)
            let writing = numbers.pick(Disguise.writings)
            label = "\(encoding.label), \(writing.label)"
            let encoded = encoding.write(value, &numbers)
            hidden = writing.write(encoded, &numbers)
            forms += [(encoded, 1), (hidden, (hidden.count + encoded.count - 1) / encoded.count)]
        }
        let text = (isDump ? [] : Array(numbers.pick(Self.before).utf8)) + hidden + Array(numbers.pick(Self.after).utf8)
        let size = 1 + numbers.below(text.count)
        let whole = matcher.redact(text.span)
        let description = "\(label) of \(Self.show(value)): \(Self.show(text))"
        guard whole == Self.redact(text, matcher, size: size) else {
            return "\(description) depends on cuts at \(size)"
        }
        let least = value.count < 32 ? 8 : 16
        if isDump, !Self.shareRun(Array("[redacted:S]".utf8), whole, of: Self.marker) {
            return "\(description) is left as it is"
        }
        // Most are gone as a whole, which is quickly seen.
        guard whole.count >= least + Self.marker,
            forms.contains(where: { form in Self.shareRun(form.bytes, whole, of: least * form.width) })
        else { return nil }
        return "\(description) leaves \(Self.show(whole))"
    }

    /// An encoding of the value in rows of one width, of which two at least are full, each with what begins lines.
    private mutating func inRows(
        _ value: [UInt8], _ forms: inout [(bytes: [UInt8], width: Int)]
    ) -> (label: String, text: [UInt8]) {
        let encoding = numbers.pick(Disguise.encodings)
        let encoded = encoding.write(value, &numbers)
        forms.append((encoded, 1))
        let lead = Array(numbers.pick(["", "TOKEN=", "is: "]).utf8)
        let width = 6 + numbers.below(max(1, min(132 - 40, (lead.count + encoded.count) / 2 - 6)))
        let kind = numbers.below(6)
        var rows = Disguise.wrapped(lead + encoded, width: width, by: [0x0A]).split(separator: 0x0A).map { Array($0) }
        for row in rows.indices {
            let begin =
                switch kind {
                case 0: "> "
                case 1: "web_1  | "
                case 2: "2026-11-24T12:00:\(10 + row % 50).\(numbers.below(9))Z "
                case 3: "\t"
                case 4: row < 9 ? "     \(row + 1)\t" : "    \(row + 1)\t"
                default: ""
                }
            rows[row] = Array(begin.utf8) + rows[row]
        }
        let lineEnd = numbers.below(4) == 0 ? "\r\n" : "\n"
        return (
            "\(encoding.label) in rows of \(width), kind \(kind)",
            Array("\n".utf8) + Array(rows.joined(separator: Array(lineEnd.utf8))) + Array(lineEnd.utf8)
        )
    }

    /// The base64 of the value among other bytes, and the part of it whose bits are all the value's.
    private mutating func within(_ value: [UInt8]) -> (all: [UInt8], own: [UInt8]) {
        let before = (0..<numbers.below(7)).map { _ in UInt8(numbers.below(256)) }
        let after = (0..<numbers.below(7)).map { _ in UInt8(numbers.below(256)) }
        let all = Encoding.base64(before + value + after)
        return (all, Array(all[((before.count * 8 + 5) / 6)..<((before.count + value.count) * 8 / 6)]))
    }

    private static let before = ["", "log line: ", "{\"key\":\"", "export KEY=", "a\n"]
    private static let after = ["", " and more\n", "\"}", "\n\n", "; true"]
    private static let marker = "[redacted:S]".utf8.count

    /// What begins an escape.
    private static let escapes: Set<UInt8> = [0x5C, 0x25, 0x26]

    /// Whether a byte and the one behind it may be read as an escape.
    private static func isEscape(_ byte: UInt8, _ next: UInt8) -> Bool {
        escapes.contains(byte) && (Encoding.isAlphanumeric(next) || next == 0x23)
    }

    /// A password, a token or a key.
    private mutating func makeValue() -> [UInt8] {
        let alphabet = Array(
            numbers.pick([
                "abcdefghijklmnopqrstuvwxyz0123456789", "0123456789abcdef",
                "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/",
                "abcdXYZ0189!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~",
            ]).utf8)
        let count = numbers.pick([8, 11, 16, 20, 24, 32, 40, 64, 100])
        // Letters at both ends: the escapes behind a match are no part of it.
        var value = [alphabet[0]] + (2..<count).map { _ in numbers.pick(alphabet) } + [alphabet[1]]
        // What reads as an escape in the value itself, from either end, and is then broken up in some places only, is not
        // found.
        for index in 1..<(count - 1) {
            while Self.isEscape(value[index - 1], value[index]) || Self.isEscape(value[index], value[index - 1]) {
                value[index] = numbers.pick(alphabet)
            }
        }
        if Self.escapes.contains(value[count - 2]) { value[count - 2] = alphabet[0] }
        return value
    }

    private static func redact(_ text: [UInt8], _ matcher: Matcher, size: Int) -> [UInt8] {
        var result: [UInt8] = []
        var stream = RedactionStream(matcher: matcher)
        for start in stride(from: 0, to: text.count, by: size) {
            let piece = Array(text[start..<min(start + size, text.count)])
            stream.write(piece.span) { bytes in for index in 0..<bytes.count { result.append(bytes[index]) } }
        }
        stream.finish { bytes in for index in 0..<bytes.count { result.append(bytes[index]) } }
        return result
    }

    /// Whether `count` bytes of `form` that stand together also stand together in `text`.
    private static func shareRun(_ form: [UInt8], _ text: [UInt8], of count: Int) -> Bool {
        guard form.count >= count, text.count >= count else { return false }
        for start in 0...(text.count - count) {
            for place in 0...(form.count - count) where form[place] == text[start] {
                if form[place..<(place + count)].elementsEqual(text[start..<(start + count)]) { return true }
            }
        }
        return false
    }

    private static func show(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self).debugDescription }
}
