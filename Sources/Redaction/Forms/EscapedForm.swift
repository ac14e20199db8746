internal import Secrets

/// What the decoder makes of an escaped value that holds escapes itself, and the escapes that it does not read.
///
/// Most escaped values need no pattern: text is decoded before it is searched, see `EscapeDecoder`.
internal enum EscapedForm: RedactionForm {
    static let family = FormFamily.escaped

    /// What an encoder writes for one byte.
    private typealias Rule = (byte: UInt8, text: StaticString)

    /// Text that is taken for escaped though it is not; backslash escapes; percent encoding; character references.
    private static let escaping: [[Rule]] = [
        [],
        [(UInt8(ascii: "\\"), "\\\\"), (UInt8(ascii: "\""), "\\\"")],
        [(UInt8(ascii: "%"), "%25"), (UInt8(ascii: "\\"), "%5C")],
        [(UInt8(ascii: "&"), "&amp;")],
        [(UInt8(ascii: "&"), "&amp;"), (UInt8(ascii: "\\"), "%5C")],
        // A zero byte breaks up what is none.
        [(UInt8(ascii: "%"), "%\u{0}")],
        // Within single quotes of a shell a single quote ends them, comes escaped, and starts them again.
        [(UInt8(ascii: "'"), "'\\''")],
    ]
    /// The control characters that a reader does not see, except NUL, which vanishes in whatever way it is written.
    private static let unseen: [Rule] = [
        (1, "\\x01"), (2, "\\x02"), (3, "\\x03"), (4, "\\x04"), (5, "\\x05"), (6, "\\x06"), (7, "\\x07"),
        (8, "\\x08"), (0x0D, "\\x0d"), (0x1B, "\\x1b"),
    ]
    /// Forms that hold no escape: SQL and BASIC, shells, `x-www-form-urlencoded` beside percent signs.
    private static let plain: [[Rule]] = [
        [(UInt8(ascii: "'"), "''")],
        [(UInt8(ascii: "\""), "\"\"")],
        [(UInt8(ascii: "'"), "'\"'\"'")],
        [(UInt8(ascii: " "), "+")],
    ]

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        var specials = Specials()
        for index in 0..<value.count { specials.note(value[index]) }
        guard specials.areThere else { return }
        for rules in plain where rules.contains(where: { rule in specials.has(rule.byte) }) {
            let written = write(value, rules)
            written.withSpan { written in
                set.append(written)
                set.end(secret: secret)
                RawForm.addBroken(written, secret: secret, to: &set)
                guard specials.hasEscape else { return }
                addEscaped(written, hasUnseen: specials.hasUnseen, secret: secret, to: &set)
            }
        }
        if specials.hasQuotable { addQuotedPrintable(value, secret: secret, to: &set) }
        if specials.hasNonASCII { addLatin(value, secret: secret, to: &set) }
        guard specials.hasEscape else { return }
        let first = set.count
        addEscaped(value, hasUnseen: specials.hasUnseen, secret: secret, to: &set)
        LetterCase.add(value, from: first, to: &set)
        for disguise in CharacterDisguise.allCases {
            var other = SecretArray<UInt8>(capacity: value.count)
            disguise.write(value) { byte in other.append(byte) }
            other.withSpan { other in
                addEscaped(other, hasUnseen: specials.hasUnseen, secret: secret, to: &set)
            }
        }
    }

    /// What the decoder makes of a value that holds what begins an escape, in each way to write it.
    private static func addEscaped(_ value: Span<UInt8>, hasUnseen: Bool, secret: Int, to set: inout PatternSet) {
        for rules in escaping {
            let escaped = write(value, rules)
            escaped.withSpan { escaped in
                set.append(escaped)
                set.end(secret: secret)
                addDecoded(escaped, secret: secret, to: &set)
            }
            guard hasUnseen else { continue }
            // What is passed over where it stands as it is, is read where an encoder wrote it as an escape.
            let seen = write(value, rules + unseen)
            seen.withSpan { seen in addDecoded(seen, secret: secret, to: &set) }
        }
        // Where each character is escaped by itself, or parted from the next one, only backslashes and NUL vanish.
        for index in 0..<value.count where value[index] != UInt8(ascii: "\\") && value[index] != 0 {
            set.append(value[index])
        }
        set.end(secret: secret, endsInBackslash: value[value.count - 1] == UInt8(ascii: "\\"))
    }

    /// Which bytes a value has that matter here.
    private struct Specials {
        private var low: UInt64 = 0
        private var high: UInt64 = 0
        private(set) var hasNonASCII = false

        mutating func note(_ byte: UInt8) {
            if byte < 64 {
                low |= 1 << UInt64(byte)
            } else if byte < 128 {
                high |= 1 << UInt64(byte - 64)
            } else {
                hasNonASCII = true
            }
        }

        func has(_ byte: UInt8) -> Bool {
            byte < 64 ? low & (1 << UInt64(byte)) != 0 : byte < 128 && high & (1 << UInt64(byte - 64)) != 0
        }

        var hasQuotable: Bool { hasNonASCII || has(UInt8(ascii: "=")) }

        /// Whether the decoder takes any of the bytes for the start of an escape, or for what a reader does not see.
        var hasEscape: Bool {
            has(UInt8(ascii: "\\")) || has(UInt8(ascii: "%")) || has(UInt8(ascii: "&")) || has(UInt8(ascii: "'"))
                || has(0) || hasUnseen
        }

        /// Whether there are control characters that the decoder passes over unless they are written as escapes.
        var hasUnseen: Bool { unseen.contains { rule in has(rule.byte) } }

        var areThere: Bool {
            hasQuotable || hasEscape || has(UInt8(ascii: "\"")) || has(UInt8(ascii: " "))
        }
    }

    private static func write(_ value: Span<UInt8>, _ rules: [Rule]) -> SecretArray<UInt8> {
        var written = SecretArray<UInt8>(capacity: value.count * 4)
        for index in 0..<value.count {
            if let rule = rules.first(where: { rule in rule.byte == value[index] }) {
                for byte in rule.text.description.utf8 { written.append(byte) }
            } else {
                written.append(value[index])
            }
        }
        return written
    }

    /// What the decoder gives for `escaped`; too short a rest is left to the pattern that is not decoded.
    private static func addDecoded(_ escaped: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        var view = DecodedView()
        view.fill(
            escaped, by: ViewReader(kind: .decoded, isLast: true), from: 0, noise: 0, reach: escaped.count,
            NewlineIndex())
        guard view.bytes.count >= RedactionOptions().minimumLength else { return }
        view.bytes.withSpan { bytes in set.append(bytes) }
        set.end(secret: secret, endsInBackslash: escaped[escaped.count - 1] == UInt8(ascii: "\\"))
        view.bytes.withSpan { bytes in RawForm.addBroken(bytes, secret: secret, to: &set) }
    }

    /// Quoted-printable without its soft line breaks; see RFC 2045, section 6.7.
    private static func addQuotedPrintable(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for index in 0..<value.count {
            if value[index] == UInt8(ascii: "=") || value[index] >= 0x7F {
                set.append(UInt8(ascii: "="))
                set.appendHex(value[index], upper: true)
            } else {
                set.append(value[index])
            }
        }
        set.end(secret: secret)
    }

    /// Characters up to U+00FF as one byte each: what decoding `\xe9` of a Python text, or UTF-16 without its zero bytes,
    /// gives. Other characters in UTF-16, little endian and big endian, and what the decoder makes of them.
    private static func addLatin(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for isBig in [false, true] {
            let wide = WideText.write(value, isBig: isBig)
            wide.withSpan { wide in
                for index in 0..<wide.count where wide[index] != 0 { set.append(wide[index]) }
                set.end(secret: secret)
                // Halves that are control characters are passed over as well.
                addDecoded(wide, secret: secret, to: &set)
            }
        }
    }
}
