internal import Secrets

extension Matcher {
    /// Finds the pieces of long values that start before `frontier`; gives where the first undecided one starts.
    ///
    /// Each place of the text is looked at for itself, so that the result depends on nothing before it. A piece is replaced
    /// from its first anchor on; of anchors that follow each other what is found overlaps and is replaced as one.
    internal func searchPieces(
        _ text: Span<UInt8>, upTo frontier: Int, isLast: Bool, into found: inout [Occurrence], _ state: inout ScanState
    ) -> Int {
        guard !pieces.isEmpty else { return frontier }
        var known = KnownPiece()
        var position = 0
        while let hit = nextPiece(text, from: position), hit < frontier {
            position = hit + 1
            if meetPieces(text, at: hit, isLast: isLast, into: &found, &known, &state) { return hit }
        }
        if isLast { return frontier }
        position = max(0, text.count - 7)
        while position < frontier {
            if mayBeginPiece(text, from: position, &state) { return position }
            position += 1
        }
        return frontier
    }

    /// The pattern that stands for an occurrence; that of a piece is made up.
    internal func pattern(of occurrence: Occurrence) -> Pattern {
        guard occurrence.pattern >= set.count else { return set.patterns[occurrence.pattern] }
        let (value, code) = (occurrence.pattern - set.count).quotientAndRemainder(dividingBy: PieceTable.codes)
        guard let form = PieceForm(rawValue: UInt8(code / 2)) else { fatalError("no form has this number") }
        var pattern = Pattern(
            offset: 0, length: UInt32(occurrence.end - occurrence.start), secret: pieces.values[value].secret)
        pattern.family = form.family
        pattern.trailing = code % 2 == 0 ? 0 : form.trailing
        return pattern
    }

    private func nextPiece(_ text: Span<UInt8>, from position: Int) -> Int? {
        pieces.filter.withSpan { filter in
            text.firstBlockHit(from: position, filter: filter, shift: pieces.filterShift)
        }
    }

    /// Compares the text with all entries that begin like it; gives whether one is undecided.
    private func meetPieces(
        _ text: Span<UInt8>, at start: Int, isLast: Bool, into found: inout [Occurrence], _ known: inout KnownPiece,
        _ state: inout ScanState
    ) -> Bool {
        var next = pieces.heads[pieces.slot(of: text.block(at: start))]
        while next != 0 {
            let entry = pieces.entries[Int(next) - 1]
            next = entry.next
            state.work += 1
            let (length, isEnd) = agreement(entry, text, at: start, known.length(of: entry, at: start), &state)
            if start + length == text.count, !isEnd, !isLast { return true }
            guard length >= entry.form.length(of: PieceTable.window) else { continue }
            known.note(entry, start, length)
            let isCut = isEnd && available(entry) > entry.form.reach
            let code = Int(entry.form.rawValue) * 2 + (isCut ? 0 : 1)
            found.append(
                Occurrence(
                    start: start, end: start + length,
                    pattern: set.count + pieces.value(at: entry.place) * PieceTable.codes + code))
        }
        return false
    }

    /// How many bytes of the value an entry's form may go through.
    private func available(_ entry: PieceTable.Entry) -> Int {
        let value = pieces.values[pieces.value(at: entry.place)]
        return entry.form == .reversed
            ? entry.place + PieceTable.window - Int(value.start) : Int(value.end) - entry.place
    }

    /// How many characters of the text agree with the form, and whether those are all that are compared.
    ///
    /// - Parameter agreed: how many are known to agree.
    private func agreement(
        _ entry: PieceTable.Entry, _ text: Span<UInt8>, at start: Int, _ agreed: Int, _ state: inout ScanState
    ) -> (length: Int, isEnd: Bool) {
        let most = entry.form.length(of: min(available(entry), entry.form.reach))
        let there = min(most, text.count - start)
        var index = min(agreed, there) / 8 * 8
        pieces.bytes.withSpan { bytes in
            while index < there {
                state.work += 8
                let block = entry.form.block(bytes, anchor: entry.place, at: index)
                var other: UInt64 = 0
                if start + index + 8 <= text.count {
                    other = text.block(at: start + index)
                } else {
                    for place in 0..<(text.count - start - index) {
                        other |= UInt64(text[start + index + place]) << UInt64(8 * place)
                    }
                }
                if entry.form.hasOtherAlphabet { other = PieceForm.inUsualAlphabet(other) }
                if block != other {
                    index += (block ^ other).trailingZeroBitCount / 8
                    return
                }
                index += 8
            }
        }
        let length = min(index, there)
        return (length, length == most)
    }

    /// Whether the last bytes of the text, fewer than eight, may begin a piece.
    private func mayBeginPiece(_ text: Span<UInt8>, from start: Int, _ state: inout ScanState) -> Bool {
        let length = text.count - start
        guard length >= 4 else {
            var bits: UInt32 = 0
            for place in 0..<length { bits |= UInt32(text[start + place]) << UInt32(8 * place) }
            return pieces.startsPiece(bits, length: length)
        }
        let gram = text.gram(at: start)
        var next = pieces.alike[Span<UInt8>.gramHash(gram, shift: pieces.alikeShift)]
        while next != 0 {
            let entry = pieces.entries[Int(next) - 1]
            if beginsPiece(entry, text, at: start, &state) { return true }
            next = entry.nextAlike
        }
        return false
    }

    private func beginsPiece(
        _ entry: PieceTable.Entry, _ text: Span<UInt8>, at start: Int, _ state: inout ScanState
    ) -> Bool {
        start + agreement(entry, text, at: start, 0, &state).length == text.count
    }
}

/// The piece that was found last: what is known to agree need not be compared again from the next anchor on.
private struct KnownPiece {
    private var entry: PieceTable.Entry?
    private var start = 0
    private var length = 0

    mutating func note(_ entry: PieceTable.Entry, _ start: Int, _ length: Int) {
        (self.entry, self.start, self.length) = (entry, start, length)
    }

    /// How many characters from `start` on agree with the form from another anchor on; zero where that is not known.
    func length(of other: PieceTable.Entry, at start: Int) -> Int {
        guard let entry, entry.form.sequence == other.form.sequence else { return 0 }
        let bits = 8 * (other.place - entry.place) + other.form.skipped - entry.form.skipped
        let apart = start - self.start
        // Only where both anchors lie as far apart in the text as in the form.
        guard 2 * (entry.form == .reversed ? -bits : bits) == entry.form.halfBits * apart else { return 0 }
        return max(0, length - apart)
    }
}
