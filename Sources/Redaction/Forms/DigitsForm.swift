internal import Secrets

/// The value in binary digits, eight a byte, and as the decimal number that its bytes are, the first one the most
/// significant: what Python's `int.from_bytes(value, 'big')` gives.
internal enum DigitsForm: RedactionForm {
    static let family = FormFamily.digits

    /// The fewest bytes: digits of fewer ones stand in ordinary text, as those of counters and masks do.
    private static let shortest = 8
    /// The most bytes that are taken for one number: the work for it grows with their square.
    private static let longestNumber = 64

    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        guard value.count >= shortest else { return }
        for isParted in [false, true] {
            for index in 0..<value.count {
                if isParted, index > 0 { set.append(UInt8(ascii: " ")) }
                for bit in 0..<UInt8(8) { set.append(UInt8(ascii: "0") + value[index] >> (7 - bit) & 1) }
            }
            set.end(secret: secret)
        }
        guard value.count <= longestNumber, let first = (0..<value.count).first(where: { index in value[index] != 0 }),
            value.count - first >= shortest
        else { return }
        addNumber(value.extracting(first...), secret: secret, to: &set)
    }

    /// The decimal number, made where it will stand: its last digit first, six bytes of the value at a time.
    private static func addNumber(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        var index = 0
        while index < value.count {
            let end = min(index + 6, value.count)
            let factor = UInt64(1) << UInt64(8 * (end - index))
            var carry: UInt64 = 0
            while index < end {
                carry = carry << 8 | UInt64(value[index])
                index += 1
            }
            set.change { digits, places in
                for place in places {
                    carry += UInt64(digits[place]) * factor
                    digits[place] = UInt8(truncatingIfNeeded: carry % 10)
                    carry /= 10
                }
            }
            while carry > 0 {
                set.append(UInt8(truncatingIfNeeded: carry % 10))
                carry /= 10
            }
        }
        set.change { digits, places in
            for step in 0..<(places.count / 2) {
                digits.swapAt(places.lowerBound + step, places.upperBound - 1 - step)
            }
            for place in places { digits[place] += UInt8(ascii: "0") }
        }
        set.end(secret: secret)
    }
}
