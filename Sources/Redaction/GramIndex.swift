internal import Secrets

/// Finds the patterns that may lie around a place in the text, by four bytes at that place.
///
/// The text is probed at every `window`-th position only. Each pattern's first `window` grams are listed, so that each
/// occurrence of a pattern meets exactly one probe, and the gram there says where the occurrence would start.
internal struct GramIndex: ~Copyable, Sendable {
    /// One gram of one pattern.
    struct Entry: BitwiseCopyable {
        /// The four bytes.
        var gram: UInt32 = 0
        /// The pattern's number.
        var pattern: UInt32 = 0
        /// Where in the pattern the gram lies.
        var position: UInt16 = 0
        /// Whether other bytes may stand first in the pattern.
        var hasLeads = false
        /// The pattern's first byte.
        var first: UInt8 = 0
        /// The pattern's length and last four bytes.
        var length: UInt32 = 0
        var lastGram: UInt32 = 0
    }

    /// How many grams of each pattern are listed, and the distance between two probes.
    let window: Int
    /// The distance between two samples of sixteen bytes in which the separators of spaced characters show.
    let separatorSamples: Int
    /// The distance between two samples for lists: each list of a pattern, with a separator of two bytes or more, holds a
    /// sample of sixteen bytes and as much behind it as an item and a separator have, but for the shortest patterns, which
    /// would make every search slower.
    let listStride: Int
    /// A bit for each hash of a listed gram.
    let bitmap: SecretArray<UInt8>
    /// The shift that makes a place in the bitmap of a gram.
    let bitmapShift: UInt32
    /// Where each slot's entries start; one more than there are slots.
    let starts: SecretArray<UInt32>
    /// The shift that makes a slot of a gram.
    let slotShift: UInt32
    /// The entries by slot; within a slot, earlier starts first, then longer patterns, then earlier secrets.
    let entries: SecretArray<Entry>
    /// Which one, two and three bytes patterns begin with; three as hashes.
    private let prefixes: SecretArray<UInt64>

    /// The most grams listed of a pattern: more would not make the search faster.
    private static let largestWindow = 21
    /// Where in `prefixes` the bits of one, two and three bytes lie, in words.
    private static let prefixWords = (one: 0, two: 4, three: 4 + 1024, end: 4 + 2048)

    /// Lists the grams of all patterns in `set`.
    init(_ set: borrowing PatternSet) {
        guard set.count > 0 else {
            (window, separatorSamples, listStride, bitmapShift, slotShift) = (1, 16, 1, 0, 0)
            bitmap = SecretArray()
            starts = SecretArray()
            entries = SecretArray()
            prefixes = SecretArray()
            return
        }
        let window = min(max(set.shortest - 3, 1), Self.largestWindow)
        var count = 0
        set.patterns.withSpan { patterns in
            for number in 0..<patterns.count { count += window + Int(patterns[number].leadCount) }
        }
        let slotBits = Self.bits(for: count, between: 6, and: 20)
        let bitmapBits = Self.bits(for: count * 32, between: 12, and: 20)
        let slotShift = UInt32(32 - slotBits)
        let bitmapShift = UInt32(32 - bitmapBits)
        var bitmap = SecretArray<UInt8>(repeating: 0, count: 1 << (bitmapBits - 3))
        var starts = SecretArray<UInt32>(repeating: 0, count: (1 << slotBits) + 1)
        var entries = SecretArray<Entry>(repeating: Entry(), count: count)
        var prefixes = SecretArray<UInt64>(repeating: 0, count: Self.prefixWords.end)
        bitmap.withMutableSpan { bitmap in
            starts.withMutableSpan { starts in
                prefixes.withMutableSpan { prefixes in
                    Self.list(set, window: window, isReversed: false) { entry in
                        let place = Span<UInt8>.gramHash(entry.gram, shift: bitmapShift)
                        bitmap[place >> 3] |= 1 << UInt8(place & 7)
                        starts[Span<UInt8>.gramHash(entry.gram, shift: slotShift)] += 1
                        if entry.position == 0 { Self.notePrefix(entry.gram, in: &prefixes) }
                    }
                }
                // A counting sort, filled from behind, which keeps the order of the list within a slot.
                var total: UInt32 = 0
                for slot in 0..<starts.count {
                    total += starts[slot]
                    starts[slot] = total
                }
                entries.withMutableSpan { entries in
                    Self.list(set, window: window, isReversed: true) { entry in
                        let slot = Span<UInt8>.gramHash(entry.gram, shift: slotShift)
                        starts[slot] -= 1
                        entries[Int(starts[slot])] = entry
                    }
                }
            }
        }
        self.window = window
        // In patterns of so many characters, four equal separators, and three between pairs, begin at so many places that
        // not all lie in the sixteen bytes between two samples.
        separatorSamples = set.shortest >= 13 && set.shortestPaired >= 20 ? 32 : 16
        listStride = min(max(3 * set.shortest - 20, 8), 64)
        self.bitmap = bitmap
        self.bitmapShift = bitmapShift
        self.starts = starts
        self.slotShift = slotShift
        self.entries = entries
        self.prefixes = prefixes
    }

    /// Whether one to three bytes, the first lowest in `bits`, may be the start of a pattern; sure for one and two.
    func startsPattern(_ bits: UInt32, length: Int) -> Bool {
        switch length {
        case 1: Self.isSet(Int(bits), in: prefixes, from: Self.prefixWords.one)
        case 2: Self.isSet(Int(bits), in: prefixes, from: Self.prefixWords.two)
        default: Self.isSet(Span<UInt8>.gramHash(bits, shift: 16), in: prefixes, from: Self.prefixWords.three)
        }
    }

    private static func isSet(_ bit: Int, in words: borrowing SecretArray<UInt64>, from start: Int) -> Bool {
        words[start + bit >> 6] >> UInt64(bit & 63) & 1 != 0
    }

    private static func notePrefix(_ gram: UInt32, in words: inout MutableSpan<UInt64>) {
        func note(_ bit: Int, from start: Int) { words[start + bit >> 6] |= 1 << UInt64(bit & 63) }
        note(Int(gram & 0xFF), from: prefixWords.one)
        note(Int(gram & 0xFFFF), from: prefixWords.two)
        note(Span<UInt8>.gramHash(gram & 0xFF_FFFF, shift: 16), from: prefixWords.three)
    }

    /// The distance between two probes for spaced characters: their listed grams begin at twice as many places. Pairs have
    /// only every other gram listed, and the first of these shows at one place.
    var spacedStride: Int { min(2 * window, 3 * ((window + 1) / 2 - 1) + 1) }

    /// How much memory the tables take, in bytes.
    var size: Int {
        bitmap.count + 4 * starts.count + 8 * prefixes.count + MemoryLayout<Entry>.stride * entries.count
    }

    /// Gives all entries, in the order in which the matcher must meet those of one gram, or from the last to the first.
    private static func list(
        _ set: borrowing PatternSet, window: Int, isReversed: Bool, _ body: (Entry) -> Void
    ) {
        set.patterns.withSpan { patterns in
            set.bytes.withSpan { bytes in
                set.order.withSpan { order in
                    for step in 0..<window {
                        // Later places in the pattern first: their occurrences start earlier.
                        let position = isReversed ? step : window - 1 - step
                        for index in 0..<order.count {
                            let number = order[isReversed ? order.count - 1 - index : index]
                            give(number, patterns[Int(number)], at: position, bytes, body)
                        }
                    }
                }
            }
        }
    }

    /// Gives the entry of one place in one pattern; of the first place, one for each byte that may lead.
    @inline(__always)
    private static func give(
        _ number: UInt32, _ pattern: Pattern, at position: Int, _ bytes: Span<UInt8>, _ body: (Entry) -> Void
    ) {
        var entry = Entry()
        entry.gram = bytes.gram(at: Int(pattern.offset) + position)
        entry.pattern = number
        entry.position = UInt16(position)
        entry.hasLeads = pattern.leadCount > 0
        entry.first = bytes[Int(pattern.offset)]
        entry.length = pattern.length
        entry.lastGram = pattern.lastGram
        body(entry)
        guard position == 0, pattern.leadCount > 0 else { return }
        let rest = entry.gram & ~0xFF
        for lead in 0..<Int(pattern.leadCount) {
            // The gram is loaded little-endian: its lowest byte is the pattern's first.
            entry.gram = rest | UInt32(bytes[Int(pattern.leadOffset) + lead])
            body(entry)
        }
    }

    /// The binary logarithm of the smallest power of two that is at least `count`, within bounds.
    private static func bits(for count: Int, between low: Int, and high: Int) -> Int {
        var bits = low
        while bits < high, 1 << bits < count { bits += 1 }
        return bits
    }
}
