internal import Secrets

/// The pieces of long values, by the first characters of each of their forms.
///
/// Every eight bytes of a value, or sixteen, lies an anchor, unless the window of 32 bytes behind it could stand in
/// ordinary text; see `PieceLook`. Of each form the first eight characters of a window are listed, as fingerprints; where
/// text has them, it is compared with the form, which is computed from the value, so that no form is kept. What ordinary
/// text lies between two windows goes with both of them, by patterns of its own. See "Winnowing: local algorithms for
/// document fingerprinting", Schleimer, Wilkerson and Aiken, 2003, for other ways to choose windows.
internal struct PieceTable: ~Copyable, Sendable {
    /// One form of one window.
    struct Entry: BitwiseCopyable {
        /// Where in the bytes the anchor lies, and in the lowest four bits the form; in one number, as guarded memory is dear.
        private var packed: UInt32
        /// The number plus one of the next entry of the slot; zero behind the last one.
        var next: UInt32 = 0
        /// The same of those whose first four characters may be the same.
        var nextAlike: UInt32 = 0

        init(place: Int, form: PieceForm) { packed = UInt32(place) << 4 | UInt32(form.rawValue) }

        /// Where in the bytes the anchor lies.
        var place: Int { Int(packed >> 4) }
        /// The form.
        var form: PieceForm { PieceForm(rawValue: UInt8(packed & 15)) ?? .raw }
    }

    /// A value, as a place in the bytes.
    struct Value: BitwiseCopyable {
        /// Where it starts and ends.
        var start: UInt32
        var end: UInt32
        /// The index of the secret.
        var secret: UInt32
    }

    /// How many bytes agree at least.
    static let window = 32
    /// How many bytes from an anchor on are compared at least, where they are there. What lies farther is for the next
    /// anchors, so that each place of the text costs no more than a bounded time.
    static let reach = 128
    /// How many bytes lie before and behind each value, so that blocks can be read there.
    static let margin = 320
    /// The most bytes between two anchors: of a piece, so many less one are left at its front.
    private static let strides = (short: 8, long: 16)
    /// A longer value has fewer anchors for its length, so that time and memory stay bounded.
    private static let longest = 16 << 10
    /// The most entries of one slot: a value that repeats itself must not make all text slow.
    private static let mostAlike = 3
    /// What is added to the number of the patterns for each value and form.
    static let codes = 2 * PieceForm.count

    /// How many bytes all values may have together, so that a place in them fits an entry.
    private static let mostBytes = 1 << 28

    /// The bytes of the values.
    private(set) var bytes = SecretArray<UInt8>()
    /// The values.
    private(set) var values = SecretArray<Value>()
    /// The anchors.
    private var anchors = SecretArray<UInt32>()
    /// All entries.
    private(set) var entries = SecretArray<Entry>()
    /// The number plus one of the first entry of each slot.
    private(set) var heads = SecretArray<UInt32>()
    /// The shift that makes a slot of eight characters.
    private(set) var slotShift: UInt64 = 0
    /// The number plus one of the first entry of each hash of four characters.
    private(set) var alike = SecretArray<UInt32>()
    /// The shift that makes such a hash.
    private(set) var alikeShift: UInt32 = 0
    /// Two bits for each eight characters that are listed.
    private(set) var filter = SecretArray<UInt64>()
    /// The shift that makes a place in the filter.
    private(set) var filterShift: UInt64 = 0
    /// Which one, two and three bytes entries begin with; three as hashes.
    private var prefixes = SecretArray<UInt64>()
    /// The shift that makes a place in `prefixes` of three bytes.
    private var prefixShift: UInt32 = 0

    /// Where in `prefixes` the bits of one, two and three bytes lie, in words.
    private static let prefixWords = (one: 0, two: 4, three: 4 + 1024)

    init() {}

    /// Whether there is nothing to look for.
    var isEmpty: Bool { entries.count == 0 }

    /// How much memory it takes, in bytes.
    var size: Int {
        bytes.count + MemoryLayout<Entry>.stride * entries.count + 4 * (heads.count + alike.count + anchors.count)
            + 8 * (filter.count + prefixes.count)
    }

    /// Adds the anchors of a value; gives what they leave of it: the ranges in which an anchor's reach does not lead to the
    /// next anchor, with the windows around each. Where nothing looks random that is the whole value.
    mutating func add(_ value: Span<UInt8>, secret: Int) -> [Range<Int>] {
        let start = bytes.count + Self.margin
        guard start + value.count + Self.margin < Self.mostBytes else { return [0..<value.count] }
        if values.count == 0 {
            // Each move to a larger place costs system calls.
            bytes = SecretArray(capacity: value.count + 2 * Self.margin)
            anchors = SecretArray(capacity: value.count / Self.strides.short)
        }
        appendMargin()
        bytes.append(contentsOf: value)
        values.append(
            Value(start: UInt32(start), end: UInt32(start + value.count), secret: UInt32(secret)))
        let stride = value.count > Self.longest ? Self.strides.long : Self.strides.short
        var look = PieceLook()
        var left: [Range<Int>] = []
        var last: Int?
        for block in 0..<(value.count / 8) {
            look.take(value, from: 8 * block)
            let anchor = 8 * block + 8 - Self.window
            guard anchor >= 0, anchor % stride == 0, look.isRandom else { continue }
            anchors.append(UInt32(start + anchor))
            if anchor > (last ?? -1) + Self.reach - 1 || last == nil {
                left.append((last ?? 0)..<(anchor + Self.window))
            }
            last = anchor
        }
        left.append((last ?? 0)..<value.count)
        return left
    }

    /// Lists the forms of all anchors.
    mutating func close() {
        guard anchors.count > 0 else { return }
        appendMargin()
        let most = anchors.count * PieceForm.usual
        let slotBits = Self.bits(for: most * 2, between: 6, and: 21)
        let filterBits = Self.bits(for: most / 2, between: 6, and: 19)
        let alikeBits = Self.bits(for: most, between: 6, and: 20)
        let prefixBits = Self.bits(for: most * 16, between: 12, and: 21)
        alikeShift = UInt32(32 - alikeBits)
        slotShift = UInt64(64 - slotBits)
        prefixShift = UInt32(32 - prefixBits)
        filterShift = UInt64(64 - filterBits)
        entries = SecretArray(capacity: most)
        heads = SecretArray(repeating: 0, count: 1 << slotBits)
        alike = SecretArray(repeating: 0, count: 1 << alikeBits)
        filter = SecretArray(repeating: 0, count: 1 << filterBits)
        prefixes = SecretArray(repeating: 0, count: Self.prefixWords.three + 1 << (prefixBits - 6))
        var bytes = SecretArray<UInt8>()
        var anchors = SecretArray<UInt32>()
        swap(&bytes, &self.bytes)
        swap(&anchors, &self.anchors)
        bytes.withSpan { bytes in
            anchors.withSpan { anchors in
                for index in 0..<anchors.count { list(bytes, Int(anchors[index])) }
            }
        }
        swap(&bytes, &self.bytes)
    }

    private mutating func appendMargin() {
        for _ in 0..<Self.margin { bytes.append(0) }
    }

    /// Lists all forms of one anchor.
    private mutating func list(_ bytes: Span<UInt8>, _ place: Int) {
        for number in 0..<UInt8(PieceForm.count) {
            guard let form = PieceForm(rawValue: number) else { continue }
            let block = form.block(bytes, anchor: place, at: 0)
            let entry = Entry(place: place, form: form)
            list(bytes, block, entry)
            if form.hasOtherAlphabet {
                let other = PieceForm.inOtherAlphabet(block)
                if other != block { list(bytes, other, entry) }
            }
        }
    }

    private mutating func list(_ bytes: Span<UInt8>, _ block: UInt64, _ entry: Entry) {
        let slot = slot(of: block)
        let gram = UInt32(truncatingIfNeeded: block)
        let head = heads[slot]
        guard head == 0 || hasRoom(bytes, for: entry, from: head) else { return }
        let alikeSlot = Span<UInt8>.gramHash(gram, shift: alikeShift)
        var entry = entry
        (entry.next, entry.nextAlike) = (head, alike[alikeSlot])
        entries.append(entry)
        heads.replace(at: slot, with: UInt32(entries.count))
        alike.replace(at: alikeSlot, with: UInt32(entries.count))
        let place = Span<UInt8>.blockHash(block, shift: filterShift)
        filter.replace(at: place.word, with: filter[place.word] | 1 << place.first | 1 << place.second)
        note(Int(gram & 0xFF), from: Self.prefixWords.one)
        note(Int(gram & 0xFFFF), from: Self.prefixWords.two)
        note(Span<UInt8>.gramHash(gram & 0xFF_FFFF, shift: prefixShift), from: Self.prefixWords.three)
    }

    /// Whether the slot that begins with `next` has neither too many entries nor the same window: of a value that repeats
    /// itself the first place stands for all.
    private func hasRoom(_ bytes: Span<UInt8>, for entry: Entry, from next: UInt32) -> Bool {
        var (next, count) = (next, 0)
        while next != 0 {
            let other = entries[Int(next) - 1]
            count += 1
            if other.form == entry.form,
                bytes.agreement(at: other.place, with: bytes, at: entry.place, length: Self.window) == Self.window,
                value(at: other.place) == value(at: entry.place)
            {
                return false
            }
            next = other.next
        }
        return count < Self.mostAlike
    }

    /// The number of the value in which a place lies.
    func value(at place: Int) -> Int {
        var (low, high) = (0, values.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(values[middle].start) <= place { low = middle } else { high = middle }
        }
        return low
    }

    /// The slot of eight characters.
    @inline(__always)
    func slot(of block: UInt64) -> Int { Int(truncatingIfNeeded: Span<UInt8>.blockProduct(block) &>> slotShift) }

    private mutating func note(_ bit: Int, from start: Int) {
        let word = start + bit >> 6
        prefixes.replace(at: word, with: prefixes[word] | 1 << UInt64(bit & 63))
    }

    /// Whether one to three bytes, the first lowest in `bits`, may be the start of an entry; sure for one and two.
    func startsPiece(_ bits: UInt32, length: Int) -> Bool {
        let (bit, start) =
            switch length {
            case 1: (Int(bits), Self.prefixWords.one)
            case 2: (Int(bits), Self.prefixWords.two)
            default: (Span<UInt8>.gramHash(bits, shift: prefixShift), Self.prefixWords.three)
            }
        return prefixes[start + bit >> 6] >> UInt64(bit & 63) & 1 != 0
    }

    /// The binary logarithm of the smallest power of two that is at least `count`, within bounds.
    private static func bits(for count: Int, between low: Int, and high: Int) -> Int {
        var bits = low
        while bits < high, 1 << bits < count { bits += 1 }
        return bits
    }
}
