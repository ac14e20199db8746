internal import Secrets

/// Finds the patterns that may lie around a place in the text, by four bytes at that place.
///
/// The text is probed at every `window`-th position only. Each pattern's first `window` grams are listed, so that each
/// occurrence of a pattern meets exactly one probe, and the gram there says where the occurrence would start.
internal struct GramIndex: ~Copyable, Sendable {
    /// One gram of one pattern.
    struct Entry: BitwiseCopyable {
        /// The four bytes.
        var gram: UInt32
        /// The pattern's number.
        var pattern: UInt32
        /// Where in the pattern the gram lies.
        var position: UInt32
    }

    /// How many grams of each pattern are listed, and the distance between two probes.
    let window: Int
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
    /// The patterns' first three bytes as numbers, the first byte highest, in order.
    let prefixes: SecretArray<UInt32>

    /// The most grams listed of a pattern: more would not make the search faster.
    private static let largestWindow = 16

    /// Lists the grams of all patterns in `set`.
    init(_ set: borrowing PatternSet) {
        guard set.count > 0 else {
            (window, bitmapShift, slotShift) = (1, 0, 0)
            bitmap = SecretArray()
            starts = SecretArray()
            entries = SecretArray()
            prefixes = SecretArray()
            return
        }
        let window = min(max(set.shortest - 3, 1), Self.largestWindow)
        let listed = Self.list(set, window: window)
        let slotBits = Self.bits(for: listed.count, between: 6, and: 20)
        let bitmapBits = Self.bits(for: listed.count * 32, between: 12, and: 20)
        let slotShift = UInt32(32 - slotBits)
        let bitmapShift = UInt32(32 - bitmapBits)
        var bitmap = SecretArray<UInt8>(repeating: 0, count: 1 << (bitmapBits - 3))
        var starts = SecretArray<UInt32>(repeating: 0, count: (1 << slotBits) + 1)
        var entries = SecretArray<Entry>(
            repeating: Entry(gram: 0, pattern: 0, position: 0), count: listed.count)
        listed.withSpan { listed in
            bitmap.withMutableSpan { bitmap in
                for index in 0..<listed.count {
                    let place = Span<UInt8>.gramHash(listed[index].gram, shift: bitmapShift)
                    bitmap[place >> 3] |= 1 << UInt8(place & 7)
                }
            }
            starts.withMutableSpan { starts in
                // A counting sort, which keeps the order of the list within a slot.
                for index in 0..<listed.count {
                    starts[Span<UInt8>.gramHash(listed[index].gram, shift: slotShift)] += 1
                }
                var total: UInt32 = 0
                for slot in 0..<starts.count {
                    total += starts[slot]
                    starts[slot] = total
                }
                entries.withMutableSpan { entries in
                    for index in (0..<listed.count).reversed() {
                        let slot = Span<UInt8>.gramHash(listed[index].gram, shift: slotShift)
                        starts[slot] -= 1
                        entries[Int(starts[slot])] = listed[index]
                    }
                }
            }
        }
        self.window = window
        self.bitmap = bitmap
        self.bitmapShift = bitmapShift
        self.starts = starts
        self.slotShift = slotShift
        self.entries = entries
        prefixes = Self.sortedPrefixes(set)
    }

    /// Whether one to three bytes, the first highest in `bits`, are the start of a pattern.
    func startsPattern(_ bits: UInt32, length: Int) -> Bool {
        let shift = UInt32(8 * (3 - length))
        return prefixes.withSpan { prefixes in
            var low = 0
            var high = prefixes.count
            while low < high {
                let middle = (low + high) / 2
                if prefixes[middle] >> shift < bits { low = middle + 1 } else { high = middle }
            }
            return low < prefixes.count && prefixes[low] >> shift == bits
        }
    }

    /// How much memory the tables take, in bytes.
    var size: Int {
        bitmap.count + 4 * (starts.count + prefixes.count) + MemoryLayout<Entry>.stride * entries.count
    }

    /// All entries, in the order in which the matcher must meet those of one gram.
    private static func list(_ set: borrowing PatternSet, window: Int) -> SecretArray<Entry> {
        var listed = SecretArray<Entry>(capacity: max(set.count * window * 2, 64))
        set.patterns.withSpan { patterns in
            set.bytes.withSpan { bytes in
                let order = (0..<patterns.count).sorted { left, right in
                    (patterns[right].length, left) < (patterns[left].length, right)
                }
                for position in (0..<window).reversed() {
                    for number in order {
                        let pattern = patterns[number]
                        let gram = bytes.gram(at: Int(pattern.offset) + position)
                        listed.append(
                            Entry(gram: gram, pattern: UInt32(number), position: UInt32(position)))
                        guard position == 0 else { continue }
                        for lead in 0..<Int(pattern.leadCount) {
                            // The gram is loaded little-endian: its lowest byte is the pattern's first.
                            let byte = UInt32(bytes[Int(pattern.leadOffset) + lead])
                            listed.append(Entry(gram: gram & ~0xFF | byte, pattern: UInt32(number), position: 0))
                        }
                    }
                }
            }
        }
        return listed
    }

    private static func sortedPrefixes(_ set: borrowing PatternSet) -> SecretArray<UInt32> {
        var prefixes = SecretArray<UInt32>(capacity: max(set.count * 2, 64))
        set.patterns.withSpan { patterns in
            set.bytes.withSpan { bytes in
                for number in 0..<patterns.count {
                    let pattern = patterns[number]
                    let offset = Int(pattern.offset)
                    let rest = UInt32(bytes[offset + 1]) << 8 | UInt32(bytes[offset + 2])
                    prefixes.append(UInt32(bytes[offset]) << 16 | rest)
                    for lead in 0..<Int(pattern.leadCount) {
                        prefixes.append(UInt32(bytes[Int(pattern.leadOffset) + lead]) << 16 | rest)
                    }
                }
            }
        }
        prefixes.sort()
        return prefixes
    }

    /// The binary logarithm of the smallest power of two that is at least `count`, within bounds.
    private static func bits(for count: Int, between low: Int, and high: Int) -> Int {
        var bits = low
        while bits < high, 1 << bits < count { bits += 1 }
        return bits
    }
}
