/// A code of DEFLATE, made from the lengths of its symbols; see RFC 1951, section 3.2.2.
internal struct HuffmanTable {
    /// What the next bits say.
    enum Reading {
        /// A symbol, in so many bits.
        case symbol(Int, length: Int)
        /// More bits are needed.
        case short
        /// No symbol has this code.
        case broken
    }

    /// How many bits are looked up at once.
    private static let fastBits = 10
    /// No code is longer.
    private static let longest = 15

    /// By the next bits: the symbol times sixteen, plus the code's length; 0 where the code is longer or unknown.
    private var fast = [UInt16](repeating: 0, count: 1 << fastBits)
    /// How many codes each length has.
    private var counts = [Int](repeating: 0, count: longest + 1)
    /// The symbols in the order of their codes.
    private var symbols: [UInt16] = []

    /// Makes the code; `nil` where the lengths are no code.
    init?(lengths: ArraySlice<UInt8>) {
        for length in lengths { counts[Int(length)] += 1 }
        counts[0] = 0
        var left = 1
        for length in 1...Self.longest {
            left = left * 2 - counts[length]
            guard left >= 0 else { return nil }
        }
        var next = [Int](repeating: 0, count: Self.longest + 2)
        var offsets = next
        for length in 1...Self.longest {
            next[length + 1] = (next[length] + counts[length]) * 2
            offsets[length + 1] = offsets[length] + counts[length]
        }
        symbols = [UInt16](repeating: 0, count: offsets[Self.longest + 1])
        for (symbol, length) in lengths.enumerated() where length > 0 {
            let length = Int(length)
            let code = next[length]
            next[length] += 1
            symbols[offsets[length]] = UInt16(symbol)
            offsets[length] += 1
            guard length <= Self.fastBits else { continue }
            var place = Self.reversed(code, length)
            while place < fast.count {
                fast[place] = UInt16(symbol << 4 | length)
                place += 1 << length
            }
        }
    }

    /// Reads one symbol from the low end of `bits`, of which `available` are there.
    func read(_ bits: UInt64, available: Int) -> Reading {
        let entry = fast[Int(bits & UInt64(fast.count - 1))]
        if entry != 0 {
            let length = Int(entry & 15)
            return length <= available ? .symbol(Int(entry >> 4), length: length) : .short
        }
        var code = 0
        var first = 0
        var index = 0
        for length in 1...Self.longest {
            guard length <= available else { return .short }
            code |= Int(bits >> UInt64(length - 1) & 1)
            let count = counts[length]
            if code - count < first { return .symbol(Int(symbols[index + code - first]), length: length) }
            index += count
            first = (first + count) * 2
            code *= 2
        }
        return .broken
    }

    private static func reversed(_ code: Int, _ length: Int) -> Int {
        (0..<length).reduce(0) { $0 << 1 | code >> $1 & 1 }
    }
}
