/// One control sequence as it was parsed, and whether a terminal may have it; see ECMA-48 and xterm's ctlseqs.
///
/// Permitted is what draws: colours, cursor, clearing, margins, the alternate screen, character sets, and the modes of
/// keyboard and mouse that programs on a full screen need. Kept back is what acts on the caller's machine or puts bytes
/// of the program's choice into the caller's input.
internal struct ControlSequence {
    /// `<`, `=`, `>` or `?` in front of the parameters of a control sequence; 0 for none.
    var prefix: UInt8 = 0
    /// The one byte between parameters and final byte; 0 for none; nothing permitted has several.
    var intermediate: UInt8 = 0
    /// The byte that says what it is.
    var final: UInt8 = 0
    /// The parameters, -1 where one is left out.
    var parameters: [Int] = []
    /// Whether a parameter has parts, which only colours may have.
    var hasSubparameters = false

    /// Modes of DEC and xterm that may be set and reset: cursor keys, video, origin, wrapping, the mouse, the alternate
    /// screen, bracketed paste, synchronized output.
    ///
    /// Not among them are those after which the terminal reads other sequences (2, VT52; 38, Tektronix), waits for an
    /// answer (1001), or sends other bytes for a key (1034).
    private static let permittedModes: Set<Int> = [
        1, 4, 5, 6, 7, 9, 12, 25, 45, 47, 66, 69, 1000, 1002, 1003, 1004, 1005, 1006, 1007, 1015, 1016, 1036, 1047,
        1048,
        1049, 2004, 2026,
    ]

    /// Finals of plain control sequences that only draw.
    private static let drawing = Set("@ABCDEFGHIJKLMPSTXZ`adefgmrsu".utf8)

    /// Whether a control sequence may pass as it is.
    var isPermitted: Bool {
        if hasSubparameters { return final == UInt8(ascii: "m") && prefix == 0 && intermediate == 0 }
        switch (prefix, intermediate) {
        case (0, 0):
            switch final {
            case UInt8(ascii: "h"), UInt8(ascii: "l"):
                // Insert mode. Among the others are the lock of the keyboard (2) and its echo (12).
                return parameters == [4]
            case UInt8(ascii: "c"): return first <= 0
            case UInt8(ascii: "n"): return parameters == [5] || parameters == [6]
            case UInt8(ascii: "t"): return isHarmlessWindowOperation
            default: return Self.drawing.contains(final)
            }
        case (UInt8(ascii: "?"), 0):
            switch final {
            case UInt8(ascii: "h"), UInt8(ascii: "l"): return parameters.allSatisfy(Self.permittedModes.contains)
            case UInt8(ascii: "J"), UInt8(ascii: "K"): return true
            case UInt8(ascii: "n"): return parameters == [6]
            default: return false
            }
        case (UInt8(ascii: ">"), 0):
            // The second answer to who it is, and how keys are told apart.
            return final == UInt8(ascii: "c") && first <= 0 || final == UInt8(ascii: "m")
        case (0, UInt8(ascii: " ")): return final == UInt8(ascii: "q")
        case (0, UInt8(ascii: "!")): return final == UInt8(ascii: "p")
        case (0, UInt8(ascii: "$")), (UInt8(ascii: "?"), UInt8(ascii: "$")): return final == UInt8(ascii: "p")
        default: return false
        }
    }

    private var first: Int { parameters.first ?? -1 }

    /// The reports of sizes, and putting the title on its stack and back. Others move windows, or report the title.
    private var isHarmlessWindowOperation: Bool {
        switch first {
        case 14, 16, 18, 19: parameters.count == 1
        case 22, 23: parameters.count <= 3 && parameters.dropFirst().allSatisfy { $0 <= 2 }
        default: false
        }
    }

    /// Whether an escape sequence with at most one intermediate may pass.
    ///
    /// `ESC %` is not among them: it takes the terminal out of UTF-8, where half a character is a control sequence.
    var isPermittedEscape: Bool {
        switch intermediate {
        case 0: Set("78=>DEHMc".utf8).contains(final)
        case UInt8(ascii: "("), UInt8(ascii: ")"), UInt8(ascii: "*"), UInt8(ascii: "+"): Set("0AB".utf8).contains(final)
        case UInt8(ascii: "#"): Set("34568".utf8).contains(final)
        default: false
        }
    }

    /// A copy that sets or resets only the permitted ones of several modes; `nil` where none is.
    var withPermittedModes: ControlSequence? {
        guard prefix == UInt8(ascii: "?"), intermediate == 0, !hasSubparameters,
            final == UInt8(ascii: "h") || final == UInt8(ascii: "l")
        else { return nil }
        var copy = self
        copy.parameters = parameters.filter(Self.permittedModes.contains)
        return copy.parameters.isEmpty ? nil : copy
    }

    /// Reads what stands behind `ESC [`, the final byte included; `nil` where it is malformed.
    init?(control text: Span<UInt8>) {
        var index = 0
        if index < text.count, (0x3C...0x3F).contains(text[index]) {
            prefix = text[index]
            index += 1
        }
        let start = index
        var value = -1
        while index < text.count, (0x30...0x3B).contains(text[index]) {
            switch text[index] {
            case UInt8(ascii: ";"):
                parameters.append(value)
                value = -1
            case UInt8(ascii: ":"): hasSubparameters = true
            default: value = max(value, 0) * 10 + Int(text[index] - 0x30)
            }
            guard value <= 99_999 || hasSubparameters, value < 1 << 40 else { return nil }
            index += 1
        }
        if index > start { parameters.append(value) }
        if index + 2 == text.count {
            intermediate = text[index]
            index += 1
        }
        guard index + 1 == text.count, intermediate == 0 || (0x20...0x2F).contains(intermediate),
            (0x40...0x7E).contains(text[index])
        else { return nil }
        final = text[index]
    }

    /// Reads what stands behind `ESC`: at most one intermediate byte and the final one; `nil` where there are more.
    init?(escape text: Span<UInt8>) {
        guard text.count == 1 || text.count == 2 else { return nil }
        if text.count == 2 { intermediate = text[0] }
        final = text[text.count - 1]
    }

    /// A control sequence without parts of parameters as it is written.
    var bytes: [UInt8] {
        var bytes: [UInt8] = [0x1B, UInt8(ascii: "[")]
        if prefix != 0 { bytes.append(prefix) }
        bytes += parameters.map { $0 < 0 ? "" : "\($0)" }.joined(separator: ";").utf8
        if intermediate != 0 { bytes.append(intermediate) }
        bytes.append(final)
        return bytes
    }
}
