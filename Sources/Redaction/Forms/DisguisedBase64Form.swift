internal import Secrets

/// Base64 of the value from back to front, and the value's base64 from back to front and with its letters moved thirteen
/// places, each at every alignment within a longer encoded text.
internal enum DisguisedBase64Form: RedactionForm {
    static let family = FormFamily.base64

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        let count = value.count
        for alignment in 0..<3 {
            Base64Form.addAligned(count, alignment: alignment, secret: secret, to: &set) { value[count - 1 - $0] }
            Base64Form.addAligned(count, alignment: alignment, .rotated, secret: secret, to: &set) { value[$0] }
            addBackwards(value, alignment: alignment, secret: secret, to: &set)
        }
        addReversedCharacters(value, secret: secret, to: &set)
    }

    /// The characters of the encoding from back to front, where `alignment` bytes lie before the value in its group.
    ///
    /// What shares its bits with the bytes behind the value is the first one here and has leads; what shares them with the
    /// bytes before is the last one, and belongs to the match.
    private static func addBackwards(_ value: Span<UInt8>, alignment: Int, secret: Int, to set: inout PatternSet) {
        let skipped = 2 * alignment % 3 * 2
        let whole = (8 * value.count - skipped) / 6
        let known = UInt32((8 * value.count - skipped) % 6)
        var leads: [UInt8] = []
        if known > 0 {
            let high = UInt32(value[value.count - 1]) << (6 - known) & 63
            for foreign in 0..<(UInt32(1) << (6 - known)) {
                leads.append(Base64Alphabet.standard.character(high | foreign))
            }
            set.append(leads[0])
        }
        for index in (0..<whole).reversed() {
            set.append(Base64Form.character(of: value, at: index, behind: skipped))
        }
        set.end(secret: secret, trailing: skipped > 0 ? 1 : 0, leads: leads)
    }

    /// Base64 of the characters from back to front, as rev(1) writes them, which are its bytes where all are ASCII.
    private static func addReversedCharacters(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        guard !ByteClass.isASCII(value) else { return }
        var other = SecretArray<UInt8>(capacity: value.count)
        CharacterDisguise.reversedCharacters.write(value) { byte in other.append(byte) }
        other.withSpan { other in
            for alignment in 0..<3 {
                Base64Form.addAligned(other.count, alignment: alignment, secret: secret, to: &set) { other[$0] }
            }
        }
    }
}
