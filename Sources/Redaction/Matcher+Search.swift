internal import Secrets

/// What a comparison of a pattern with a place in the text says.
internal enum Comparison {
    /// The pattern is not there.
    case differs
    /// The text ends within the pattern, and all of it agrees.
    case live
    /// The pattern is there.
    case complete
}

extension Matcher {
    /// Finds every occurrence in `text` that starts before the frontier, and gives the frontier.
    ///
    /// The frontier is where what is live starts: what the rest of a pattern may follow. Of what starts behind it
    /// some may be found, too.
    internal func search(
        _ text: Span<UInt8>, isLast: Bool, into found: inout [Occurrence], _ state: inout ScanState
    ) -> Int {
        let spaced = searchSpaced(text, isLast: isLast, into: &found, &state)
        let frontier = min(spaced, searchContiguous(text, isLast: isLast, into: &found, &state))
        return searchPieces(text, upTo: frontier, isLast: isLast, into: &found, &state)
    }

    private func searchContiguous(
        _ text: Span<UInt8>, isLast: Bool, into found: inout [Occurrence], _ state: inout ScanState
    ) -> Int {
        let window = index.window
        var probe = window - 1
        while let hit = nextHit(text, from: probe) {
            probe = hit + window
            let gram = text.gram(at: hit)
            let slot = Span<UInt8>.gramHash(gram, shift: index.slotShift)
            let live = index.entries.withSpan { entries in
                for place in Int(index.starts[slot])..<Int(index.starts[slot + 1]) {
                    let entry = entries[place]
                    guard entry.gram == gram else { continue }
                    let start = hit - Int(entry.position)
                    let end = start + Int(entry.length)
                    // The first and last bytes first: near misses share one of them only.
                    if end <= text.count, text.gram(at: end - 4) != entry.lastGram {
                        state.work += 1
                        continue
                    }
                    if text[start] != entry.first, !entry.hasLeads {
                        state.work += 1
                        continue
                    }
                    let number = Int(entry.pattern)
                    switch compare(set.patterns[number], with: text, at: start, &state) {
                    case .differs: continue
                    // Entries of earlier starts, and longer patterns, come first: nothing undecided lies before this.
                    case .live where isLast: continue
                    case .live: return start
                    case .complete: found.append(Occurrence(start: start, end: end, pattern: number))
                    }
                }
                return text.count
            }
            if live < text.count { return live }
        }
        return isLast ? text.count : tailStart(text, &state)
    }

    private func nextHit(_ text: Span<UInt8>, from probe: Int) -> Int? {
        index.bitmap.withSpan { bitmap in
            text.firstGramHit(from: probe, stride: index.window, bitmap: bitmap, shift: index.bitmapShift)
        }
    }

    /// The first start of a live prefix among the last bytes, too near the end for a probe to meet.
    internal func tailStart(_ text: Span<UInt8>, _ state: inout ScanState) -> Int {
        let window = index.window
        let probes = text.count - 4 - (window - 1)
        var start = probes < 0 ? 0 : window + probes / window * window
        while start < text.count {
            if isLive(text, from: start, &state) { return start }
            start += 1
        }
        return text.count
    }

    private func isLive(_ text: Span<UInt8>, from start: Int, _ state: inout ScanState) -> Bool {
        let length = text.count - start
        if length < 4 {
            var bits: UInt32 = 0
            for place in 0..<length { bits |= UInt32(text[start + place]) << UInt32(8 * place) }
            return index.startsPattern(bits, length: length)
        }
        let gram = text.gram(at: start)
        let slot = Span<UInt8>.gramHash(gram, shift: index.slotShift)
        for place in Int(index.starts[slot])..<Int(index.starts[slot + 1]) {
            let entry = index.entries[place]
            guard entry.gram == gram, entry.position == 0 else { continue }
            let pattern = set.patterns[Int(entry.pattern)]
            if compare(pattern, with: text, at: start, &state) == .live { return true }
        }
        return false
    }

    /// Compares one pattern with the text from `start`.
    private func compare(
        _ pattern: Pattern, with text: Span<UInt8>, at start: Int, _ state: inout ScanState
    ) -> Comparison {
        let tail = Int(pattern.length) - 1
        let there = text.count - start - 1
        guard canLead(pattern, text[start]) else { return .differs }
        let offset = Int(pattern.offset) + 1
        if there < tail {
            return agrees(text, at: start + 1, patternAt: offset, length: there, &state) ? .live : .differs
        }
        if tail > PatternSet.directLength {
            guard agrees(text, at: start + 1, patternAt: offset, length: 16, &state),
                pattern.tailHash
                    == state.hash(
                        of: text, from: start + 1, to: start + 1 + tail, power: pattern.tailPower, by: set.hash)
            else { return .differs }
        }
        return agrees(text, at: start + 1, patternAt: offset, length: tail, &state) ? .complete : .differs
    }

    private func agrees(
        _ text: Span<UInt8>, at position: Int, patternAt offset: Int, length: Int, _ state: inout ScanState
    ) -> Bool {
        let equal = set.bytes.withSpan { bytes in
            text.agreement(at: position, with: bytes, at: offset, length: length)
        }
        state.work += equal + 1
        return equal == length
    }

    /// Whether `byte` may stand first in `pattern`.
    internal func canLead(_ pattern: Pattern, _ byte: UInt8) -> Bool {
        if set.bytes[Int(pattern.offset)] == byte { return true }
        for lead in 0..<Int(pattern.leadCount) where set.bytes[Int(pattern.leadOffset) + lead] == byte {
            return true
        }
        return false
    }
}
