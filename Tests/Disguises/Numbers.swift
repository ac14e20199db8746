/// Numbers that look random and are the same for one seed (Marsaglia's xorshift).
public struct Numbers {
    private var state: UInt64

    /// Starts the numbers of a seed.
    public init(seed: Int) { state = UInt64(seed + 1) &* 0x9E37_79B9_7F4A_7C15 }

    /// The next number from zero on and below `limit`.
    public mutating func below(_ limit: Int) -> Int {
        state ^= state << 13
        state ^= state >> 7
        state ^= state << 17
        return Int(state % UInt64(limit))
    }

    /// One of `choices`.
    public mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }
}
