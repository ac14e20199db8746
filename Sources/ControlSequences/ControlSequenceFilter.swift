public import Secrets

/// Lets through what draws on a terminal, and keeps back what acts on it; see `ControlSequence` and `SystemCommand`.
///
/// A parser after Paul Williams' state diagram of DEC's terminals (vt100.net/emu/dec_ansi_parser) for a terminal in
/// UTF-8. What passes is text, a few control characters, and whole sequences of at most 64 bytes, which a redactor looks
/// behind. Result and memory do not depend on how the stream was cut. What it holds may hold secrets and is guarded.
public struct ControlSequenceFilter: ~Copyable {
    /// What the next byte belongs to.
    private enum State {
        /// Text.
        case ground
        /// `ESC` and intermediate bytes.
        case escape
        /// `ESC [` and parameters.
        case control
        /// `ESC ]` and a command to the terminal.
        case system
        /// Such a command and the `ESC` that may end it.
        case systemEnd
        /// A string for the terminal's device, for applications or for nobody: none of them passes.
        case string
    }

    private var state = State.ground
    /// The sequence so far, without what introduces it.
    private var held = SecretArray<UInt8>()
    private var character = CharacterDecoder()
    /// The last character that was shown, which `CSI b` repeats.
    private var last = CharacterDecoder.Unit()
    /// The modes that the program has set and not reset.
    private var modes = ModeRecord()

    /// The most bytes of a sequence that are kept; what is longer never passes, but for a title, which is cut.
    private static let longest = 62
    /// How often a character is repeated at most.
    private static let mostRepetitions = 1024

    /// Makes a filter at the start of a stream.
    public init() {}

    /// Takes the next bytes and adds what may pass of them to `output`.
    public mutating func write(_ bytes: Span<UInt8>, to output: inout SecretArray<UInt8>) {
        var index = 0
        while index < bytes.count {
            if state == .ground, character.isEmpty {
                let end = plainEnd(bytes, from: index)
                if end > index {
                    output.append(contentsOf: bytes.extracting(index..<end))
                    last = CharacterDecoder.Unit(bytes[end - 1])
                    index = end
                    continue
                }
            }
            take(bytes[index], &output)
            index += 1
        }
    }

    /// What undoes the modes that a program left behind which did not end by itself.
    public func undoing() -> [UInt8] { modes.undoing() }

    /// Where a run of printable ASCII ends.
    private func plainEnd(_ bytes: Span<UInt8>, from start: Int) -> Int {
        var end = start
        while end < bytes.count, bytes[end] >= 0x20, bytes[end] < 0x7F { end += 1 }
        return end
    }

    private mutating func take(_ byte: UInt8, _ output: inout SecretArray<UInt8>) {
        if byte < 0x80 {
            for unit in character.interrupt() { show(unit, &output) }
            return takeASCII(byte, &output)
        }
        if state == .escape || state == .control { state = .ground }
        if state == .systemEnd { state = .string }
        for unit in character.take(byte) { show(unit, &output) }
    }

    /// A character beyond ASCII, or a byte that is none.
    private mutating func show(_ unit: CharacterDecoder.Unit, _ output: inout SecretArray<UInt8>) {
        // The control characters of the upper half introduce sequences, too. None of them passes, and none of the bytes
        // that are one where a terminal is not in UTF-8.
        if unit.isControl {
            if unit.isStringEnd, state == .system { endCommand(&output) }
            if unit.isStringEnd, state == .string { state = .ground }
            return
        }
        switch state {
        case .ground:
            unit.append(to: &output)
            last = unit
        case .system where held.count < Self.longest: unit.append(to: &held)
        case .system, .escape, .control, .systemEnd, .string: break
        }
    }

    private mutating func takeASCII(_ byte: UInt8, _ output: inout SecretArray<UInt8>) {
        switch byte {
        case 0x1B:
            state = state == .system ? .systemEnd : .escape
            if state == .escape { held.truncate(to: 0) }
            return
        case 0x18, 0x1A:
            state = .ground
            return
        default: break
        }
        switch state {
        case .ground:
            if byte >= 0x20, byte < 0x7F { last = CharacterDecoder.Unit(byte) }
            execute(byte, &output)
        case .escape: takeEscape(byte, &output)
        case .control: takeControl(byte, &output)
        case .system: takeSystem(byte, &output)
        case .systemEnd:
            if byte == UInt8(ascii: "\\") { return endCommand(&output) }
            state = .escape
            held.truncate(to: 0)
            takeEscape(byte, &output)
        case .string: break
        }
    }

    /// A printable character, or a control character that moves the cursor, rings, or shifts the character set.
    private func execute(_ byte: UInt8, _ output: inout SecretArray<UInt8>) {
        if (0x20..<0x7F).contains(byte) || (0x07...0x0F).contains(byte) { output.append(byte) }
    }

    private mutating func takeEscape(_ byte: UInt8, _ output: inout SecretArray<UInt8>) {
        guard byte >= 0x20, byte < 0x7F else { return execute(byte, &output) }
        if byte < 0x30 {
            if held.count < Self.longest { held.append(byte) }
            return
        }
        if held.count == 0 {
            switch byte {
            case UInt8(ascii: "["):
                state = .control
                return
            case UInt8(ascii: "]"):
                state = .system
                return
            // DCS, SOS, PM and APC; the last one is the title of screen(1).
            case UInt8(ascii: "P"), UInt8(ascii: "X"), UInt8(ascii: "^"), UInt8(ascii: "_"), UInt8(ascii: "k"):
                state = .string
                return
            default: break
            }
        }
        held.append(byte)
        state = .ground
        let sequence = held.withSpan { ControlSequence(escape: $0) }
        guard sequence?.isPermittedEscape == true else { return }
        pass(introducedBy: [0x1B], &output)
    }

    private mutating func takeControl(_ byte: UInt8, _ output: inout SecretArray<UInt8>) {
        guard byte >= 0x20, byte < 0x7F else { return execute(byte, &output) }
        if held.count < Self.longest { held.append(byte) }
        guard byte >= 0x40 else { return }
        state = .ground
        // A sequence that was cut does not end in its final byte, or ends in one too many to be permitted.
        guard held.count < Self.longest, let sequence = held.withSpan({ ControlSequence(control: $0) }) else { return }
        if sequence.final == UInt8(ascii: "b"), sequence.prefix == 0, sequence.intermediate == 0 {
            return repeatLast(sequence.parameters.first ?? 1, &output)
        }
        if sequence.isPermitted {
            modes.note(sequence)
            pass(introducedBy: [0x1B, UInt8(ascii: "[")], &output)
        } else if let rest = sequence.withPermittedModes {
            modes.note(rest)
            for byte in rest.bytes { output.append(byte) }
        }
    }

    /// Writes a repetition out, since a redactor does not know what stands there otherwise.
    private func repeatLast(_ count: Int, _ output: inout SecretArray<UInt8>) {
        for _ in 0..<min(max(count, 1), Self.mostRepetitions) { last.append(to: &output) }
    }

    private mutating func takeSystem(_ byte: UInt8, _ output: inout SecretArray<UInt8>) {
        if byte == 0x07 { return endCommand(&output) }
        guard byte >= 0x20, byte < 0x7F else { return }
        if held.count < Self.longest { held.append(byte) }
        // The console of Linux has two commands for its palette that nothing ends: `R`, and `P` with seven digits.
        let isReset = held.count == 1 && byte == UInt8(ascii: "R")
        if isReset || held.count == 8 && held[0] == UInt8(ascii: "P") { state = .ground }
    }

    private mutating func endCommand(_ output: inout SecretArray<UInt8>) {
        state = .ground
        let length = held.withSpan { SystemCommand.permittedLength($0) }
        guard length > 0 else { return }
        held.truncate(to: length)
        pass(introducedBy: [0x1B, UInt8(ascii: "]")], &output)
        output.append(0x07)
    }

    private func pass(introducedBy introducer: [UInt8], _ output: inout SecretArray<UInt8>) {
        for byte in introducer { output.append(byte) }
        held.withSpan { output.append(contentsOf: $0) }
    }
}
