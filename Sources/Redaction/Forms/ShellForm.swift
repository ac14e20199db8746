/// A value as shells and their quoting tools write it: `set -x`, `export -p`, `printf %q`, Python's `shlex.quote`.
///
/// The quotes around the whole are left out: a match inside them is enough.
internal enum ShellForm: RedactionForm {
    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        // Inside single quotes, a single quote ends them, comes escaped, and starts them again.
        for quote in ["'\\''", "'\"'\"'"] as [StaticString] {
            for index in 0..<value.count {
                value[index] == UInt8(ascii: "'") ? set.append(quote) : set.append(value[index])
            }
            set.end(secret: secret)
        }
        addEscaped(value, secret: secret, to: &set) { byte in isSpecialInDoubleQuotes(byte) }
        // Interactive shells escape history's character too.
        addEscaped(value, secret: secret, to: &set) { byte in
            isSpecialInDoubleQuotes(byte) || byte == UInt8(ascii: "!")
        }
        // bash's %q: all but what it calls safe; dash's and zsh's tools escape tilde and others as well.
        addEscaped(value, secret: secret, to: &set) { byte in isSpecialBare(byte) }
        addEscaped(value, secret: secret, to: &set) { byte in
            !ByteClass.isAlphanumeric(byte) && byte != UInt8(ascii: "_") && byte < 0x80
        }
        addEscaped(value, secret: secret, to: &set) { byte in
            isSpecialBare(byte) || byte == UInt8(ascii: "=") || byte == UInt8(ascii: "~")
        }
        for octal in [false, true] {
            for upper in [false, true] where !octal || !upper {
                addANSI(value, octal: octal, upper: upper, secret: secret, to: &set)
            }
        }
    }

    /// Puts a backslash before the bytes that `isSpecial` names.
    private static func addEscaped(
        _ value: Span<UInt8>, secret: Int, to set: inout PatternSet, where isSpecial: (UInt8) -> Bool
    ) {
        for index in 0..<value.count {
            if isSpecial(value[index]) { set.append(UInt8(ascii: "\\")) }
            set.append(value[index])
        }
        set.end(secret: secret)
    }

    private static func isSpecialInDoubleQuotes(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "$"), UInt8(ascii: "`"): true
        default: false
        }
    }

    /// What bash's `printf %q` escapes outside quotes.
    private static func isSpecialBare(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: " "), UInt8(ascii: "!"), UInt8(ascii: "\""), UInt8(ascii: "#"), UInt8(ascii: "$"),
            UInt8(ascii: "&"), UInt8(ascii: "'"), UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"),
            UInt8(ascii: ","), UInt8(ascii: ";"), UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "?"),
            UInt8(ascii: "["), UInt8(ascii: "\\"), UInt8(ascii: "]"), UInt8(ascii: "^"), UInt8(ascii: "`"),
            UInt8(ascii: "{"), UInt8(ascii: "|"), UInt8(ascii: "}"):
            true
        default: false
        }
    }

    /// The inside of `$'…'`: C escapes, and octal or hexadecimal for what is not printable.
    private static func addANSI(
        _ value: Span<UInt8>, octal: Bool, upper: Bool, secret: Int, to set: inout PatternSet
    ) {
        for index in 0..<value.count {
            let byte = value[index]
            switch byte {
            case UInt8(ascii: "'"), UInt8(ascii: "\\"):
                set.append(UInt8(ascii: "\\"))
                set.append(byte)
            case 0x07: set.append("\\a")
            case 0x08: set.append("\\b")
            case 0x09: set.append("\\t")
            case 0x0A: set.append("\\n")
            case 0x0B: set.append("\\v")
            case 0x0C: set.append("\\f")
            case 0x0D: set.append("\\r")
            case 0x1B: set.append(octal ? "\\E" : "\\e")
            case 0x20..<0x7F: set.append(byte)
            default:
                if octal {
                    set.append(UInt8(ascii: "\\"))
                    for shift in [UInt8(6), 3, 0] { set.append(UInt8(ascii: "0") + (byte >> shift & 7)) }
                } else {
                    set.append("\\x")
                    set.append(ByteClass.hexDigit(byte >> 4, upper: upper))
                    set.append(ByteClass.hexDigit(byte, upper: upper))
                }
            }
        }
        set.end(secret: secret)
    }
}
