internal import Secrets

/// A part of the text in hand as a reader sees it, with escapes decoded or lines joined, and where each byte comes from.
internal struct DecodedView: ~Copyable {
    /// The decoded bytes.
    private(set) var bytes = SecretArray<UInt8>()
    /// Where in the text each byte's unit starts, and behind its end.
    private var starts = SecretArray<UInt32>()
    private var ends = SecretArray<UInt32>()
    /// Where in the text the view starts and ends; both lie between two units.
    private(set) var start = 0
    private(set) var end = 0
    /// Behind the last unit that is not the byte it stands for.
    private(set) var lastEscape = 0
    /// Whether the text ends at `end` or within the unit there.
    private(set) var reachesEnd = false
    /// How many bytes of noise lie right before `end`.
    private(set) var noise = 0

    /// The most noise between two characters of a secret, in bytes; what follows then counts as text.
    private static let mostNoise = 256

    /// Reads `text` from `start` on until `reach` plain bytes follow the last place that reads otherwise than it stands.
    ///
    /// - Parameter noise: how many bytes of noise lie right before `start`.
    mutating func fill(
        _ text: Span<UInt8>, by reader: borrowing ViewReader, from start: Int, noise: Int, reach: Int
    ) {
        bytes.truncate(to: 0)
        starts.truncate(to: 0)
        ends.truncate(to: 0)
        self.start = start
        self.noise = noise
        lastEscape = start
        var position = start
        var isBeforeFirst = true
        reachesEnd = true
        while position < text.count {
            let rare = reader.firstCandidate(text, from: position) ?? text.count
            let stop = isBeforeFirst ? rare : min(rare, max(lastEscape + reach, position))
            if stop > position {
                bytes.append(contentsOf: text.extracting(position..<stop))
                for index in position..<stop {
                    starts.append(UInt32(truncatingIfNeeded: index))
                    ends.append(UInt32(truncatingIfNeeded: index + 1))
                }
                self.noise = 0
                position = stop
            }
            if position < rare { reachesEnd = false }
            if position < rare || position == text.count { break }
            isBeforeFirst = false
            let unit = reader.unit(text, at: position)
            guard unit.length > 0 else { break }
            append(unit, of: text, at: position)
            position += unit.length
            if unit.length > 1 || unit.count != 1 { lastEscape = position }
        }
        end = position
    }

    private mutating func append(_ unit: EscapeUnit, of text: Span<UInt8>, at position: Int) {
        if unit.count == 0 {
            noise += unit.length
            guard noise > Self.mostNoise else { return }
            // The first byte of the noise stands for all of it, and matches nothing but itself.
            append(text[position], from: position, to: position + unit.length)
            return
        }
        noise = 0
        var rest = unit.bytes
        for _ in 0..<unit.count {
            append(UInt8(truncatingIfNeeded: rest), from: position, to: position + unit.length)
            rest >>= 8
        }
    }

    private mutating func append(_ byte: UInt8, from start: Int, to end: Int) {
        bytes.append(byte)
        starts.append(UInt32(truncatingIfNeeded: start))
        ends.append(UInt32(truncatingIfNeeded: end))
    }

    /// Behind the unit of the byte at `index`.
    func endOfUnit(_ index: Int) -> Int {
        Int(ends[index])
    }

    /// Where in the text the unit of the byte at `index` starts.
    func start(of index: Int) -> Int {
        Int(starts[index])
    }
}
