internal import Secrets

/// A part of the text in hand as a reader sees it, with escapes decoded or lines joined, and where each byte comes from.
internal struct DecodedView: ~Copyable {
    /// The decoded bytes.
    private(set) var bytes = SecretArray<UInt8>()
    /// Where the bytes come from: runs of bytes as they stand, and units.
    private var pieces = SecretArray<Piece>()
    /// Where in the text the view starts and ends; both lie between two units.
    private(set) var start = 0
    private(set) var end = 0
    /// Behind the last unit that is not the byte it stands for.
    private(set) var lastEscape = 0
    /// Whether the text ends at `end` or within the unit there.
    private(set) var reachesEnd = false
    /// How many bytes of noise lie right before `end`.
    private(set) var noise = 0
    /// Where in a line of a dump `end` lies.
    private(set) var phase = DumpRow.Phase.lineStart(after: nil)

    /// The most noise between two characters of a secret, in bytes; what follows then counts as text.
    private static let mostNoise = 256

    /// Reads `text` from `start` on until `reach` plain bytes follow the last place that reads otherwise than it stands.
    ///
    /// - Parameters:
    ///   - escape: the first such place, if it is known; what lies before it stands as it is.
    ///   - noise: how many bytes of noise lie right before `start`.
    ///   - lines: where the newlines of the text are; what is decoded only needs none.
    mutating func fill(
        _ text: Span<UInt8>, by reader: ViewReader, from start: Int, to escape: Int? = nil, noise: Int, reach: Int,
        _ lines: borrowing NewlineIndex
    ) {
        var reader = reader
        bytes.truncate(to: 0)
        pieces.truncate(to: 0)
        self.start = start
        self.noise = noise
        lastEscape = start
        var position = start
        var isBeforeFirst = true
        reachesEnd = true
        while position < text.count {
            let known = isBeforeFirst ? escape : nil
            let rare = known ?? reader.firstCandidate(text, from: position, lines) ?? text.count
            let stop = isBeforeFirst ? rare : min(rare, max(lastEscape + reach, position))
            if stop > position {
                add(from: position, unit: 0)
                bytes.append(contentsOf: text.extracting(position..<stop))
                self.noise = 0
                reader.pass(text, to: stop, from: position)
                position = stop
            }
            if position < rare { reachesEnd = false }
            if position < rare || position == text.count { break }
            isBeforeFirst = false
            let unit = reader.unit(text, at: position, lines)
            guard unit.length > 0 else { break }
            append(unit, of: text, at: position)
            position += unit.length
            if unit.length > 1 || unit.count != 1 { lastEscape = position }
        }
        end = position
        phase = reader.phase
    }

    private mutating func append(_ unit: EscapeUnit, of text: Span<UInt8>, at position: Int) {
        if unit.count == 0 {
            noise += unit.length
            guard noise > Self.mostNoise else { return }
            // The first byte of the noise stands for all of it, and matches nothing but itself.
            add(from: position, unit: unit.length)
            bytes.append(text[position])
            return
        }
        noise = 0
        add(from: position, unit: unit.length)
        var rest = unit.bytes
        for _ in 0..<unit.count {
            bytes.append(UInt8(truncatingIfNeeded: rest))
            rest >>= 8
        }
    }

    private mutating func add(from source: Int, unit: Int) {
        pieces.append(
            Piece(
                place: UInt32(truncatingIfNeeded: bytes.count), source: UInt32(truncatingIfNeeded: source),
                unit: UInt32(truncatingIfNeeded: unit)))
    }

    /// Where in the text the unit of the byte at `index` starts.
    func start(of index: Int) -> Int {
        let piece = piece(of: index)
        return piece.source + (piece.unit == 0 ? index - piece.place : 0)
    }

    /// Whether the byte at `index` is read otherwise than it stands.
    func isDecoded(_ index: Int) -> Bool { piece(of: index).unit > 1 }

    /// Whether something lies between each two of these bytes, and they take `least` bytes of the text behind the first and
    /// what parts it from the next.
    func isParted(_ range: Range<Int>, least: Int) -> Bool {
        guard endOfUnit(range.upperBound - 1) - start(of: range.lowerBound + 1) >= least else { return false }
        return range.dropLast().allSatisfy { index in endOfUnit(index) < start(of: index + 1) }
    }

    /// Behind the unit of the byte at `index`.
    func endOfUnit(_ index: Int) -> Int {
        let piece = piece(of: index)
        return piece.source + (piece.unit == 0 ? index - piece.place + 1 : piece.unit)
    }

    /// The last piece that starts at `index` or before.
    private func piece(of index: Int) -> (place: Int, source: Int, unit: Int) {
        var low = 0
        var high = pieces.count
        while high - low > 1 {
            let middle = (low + high) / 2
            if Int(pieces[middle].place) <= index { low = middle } else { high = middle }
        }
        let found = pieces[low]
        return (Int(found.place), Int(found.source), Int(found.unit))
    }
}

/// A run of bytes as they stand, or one unit.
internal struct Piece: BitwiseCopyable {
    /// Where it starts in the view and in the text.
    var place: UInt32
    var source: UInt32
    /// The length of the unit in the text; zero for a run of bytes.
    var unit: UInt32
}
