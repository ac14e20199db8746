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
}
