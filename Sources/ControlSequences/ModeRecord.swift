/// Which modes a program has set, as far as they would trouble whoever uses the terminal after it.
internal struct ModeRecord {
    /// Those that are off at a shell's prompt: keys and mouse that send something else, the other screen.
    private static let usuallyOff: Set<Int> = [
        1, 9, 1000, 1002, 1003, 1004, 1005, 1006, 1015, 1016, 1047, 1049, 2004, 2026,
    ]
    /// Those that are on: wrapping, the cursor.
    private static let usuallyOn: Set<Int> = [7, 25]

    /// The modes that are not as usual.
    private var changed: Set<Int> = []

    /// Notes what a permitted sequence does.
    mutating func note(_ sequence: ControlSequence) {
        guard sequence.prefix == UInt8(ascii: "?"), sequence.intermediate == 0 else { return }
        let isSet = sequence.final == UInt8(ascii: "h")
        guard isSet || sequence.final == UInt8(ascii: "l") else { return }
        for mode in sequence.parameters {
            guard Self.usuallyOff.contains(mode) || Self.usuallyOn.contains(mode) else { continue }
            if isSet == Self.usuallyOff.contains(mode) { changed.insert(mode) } else { changed.remove(mode) }
        }
    }

    /// What puts them back.
    func undoing() -> [UInt8] {
        changed.sorted().flatMap { Array("\u{1B}[?\($0)\(Self.usuallyOn.contains($0) ? "h" : "l")".utf8) }
    }
}
