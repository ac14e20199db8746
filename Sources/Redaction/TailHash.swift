/// A polynomial hash modulo 2^61 - 1 with a random base: sequences of text compare with patterns in constant time.
///
/// The matcher compares short patterns byte by byte. A long one is first compared by this hash, so that text full of
/// near misses costs no more than other text. Equal hashes are confirmed byte by byte, so that a collision costs time
/// and never a wrong result. See Karp and Rabin, "Efficient randomized pattern-matching algorithms", 1987.
internal struct TailHash: Sendable {
    private static let modulus: UInt64 = (1 << 61) - 1
    /// Chosen anew for each matcher, so that no program can prepare text that collides.
    private let base = UInt64.random(in: (1 << 32)..<(Self.modulus - 1))

    /// The hash of `bytes`, and the base to the power of their number.
    func tail(_ bytes: Span<UInt8>) -> (hash: UInt64, power: UInt64) {
        var hash: UInt64 = 0
        for index in 0..<bytes.count { hash = appending(bytes[index], to: hash) }
        var power: UInt64 = 1
        var square = base
        var exponent = bytes.count
        while exponent > 0 {
            if exponent & 1 == 1 { power = Self.multiply(power, square) }
            square = Self.multiply(square, square)
            exponent >>= 1
        }
        return (hash, power)
    }

    /// The hash of a sequence with one more byte.
    @inline(__always)
    func appending(_ byte: UInt8, to hash: UInt64) -> UInt64 {
        // One is added to each byte: a zero byte must count too.
        let sum = Self.multiply(hash, base) + UInt64(byte) + 1
        return sum >= Self.modulus ? sum - Self.modulus : sum
    }

    /// The hash of what lies between two prefixes of a text, given their hashes and the power for that length.
    @inline(__always)
    static func between(_ shorter: UInt64, _ longer: UInt64, power: UInt64) -> UInt64 {
        let cut = multiply(shorter, power)
        return longer >= cut ? longer - cut : longer + modulus - cut
    }

    @inline(__always)
    private static func multiply(_ left: UInt64, _ right: UInt64) -> UInt64 {
        let product = left.multipliedFullWidth(by: right)
        let sum = (product.low & modulus) + (product.low >> 61 | product.high << 3)
        return sum >= modulus ? sum - modulus : sum
    }
}
