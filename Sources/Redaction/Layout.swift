/// How the characters of a form may lie apart: so many beside each other, then one separator that is always the same.
internal enum Layout: CaseIterable {
    /// `s e c r e t`.
    case single
    /// `73 65 63 72`; of hexadecimal only.
    case pairs

    /// How many times longer than a form its spaced text is at most.
    static let largestFactor = 2

    /// How many characters lie beside each other.
    var unit: Int { self == .single ? 1 : 2 }

    /// Where the character at `index` of a form lies, counted from the first one.
    func place(of index: Int) -> Int {
        self == .single ? 2 * index : index + index / 2
    }

    /// Whether `byte` may stand between: no letter or digit; between pairs nothing that ASCII has beside its letters.
    func canSeparate(_ byte: UInt8) -> Bool {
        !ByteClass.isAlphanumeric(byte) && (self == .single || byte < 0x40 || byte >= 0x80)
    }
}
