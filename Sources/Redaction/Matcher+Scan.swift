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
    /// Searches `text`, passes on what is decided, and says where the undecided rest starts.
    ///
    /// Undecided is what a pattern may begin in; everything before it has left or was replaced. At the last text
    /// everything is decided.
    internal func scan<E: Error>(
        _ text: Span<UInt8>, isLast: Bool, _ state: inout ScanState, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) -> Int {
        state.forgetHashes()
        extendCover(text, &state)
        let frontier = try search(text, isLast: isLast, &state, to: sink)
        if state.done < frontier {
            try sink(text.extracting(state.done..<frontier))
            state.done = frontier
        }
        return frontier
    }

    /// Meets every occurrence that starts before the frontier, in order, and gives the frontier.
    private func search<E: Error>(
        _ text: Span<UInt8>, isLast: Bool, _ state: inout ScanState, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) -> Int {
        let window = index.window
        var probe = window - 1
        while let hit = nextHit(text, from: probe) {
            probe = hit + window
            let gram = text.gram(at: hit)
            let slot = Span<UInt8>.gramHash(gram, shift: index.slotShift)
            for place in Int(index.starts[slot])..<Int(index.starts[slot + 1]) {
                let entry = index.entries[place]
                guard entry.gram == gram else { continue }
                let start = hit - Int(entry.position)
                let pattern = set.patterns[Int(entry.pattern)]
                switch compare(pattern, with: text, at: start, &state) {
                case .differs: continue
                // Entries of earlier starts, and longer patterns, come first: nothing undecided lies before this.
                case .live where isLast: continue
                case .live: return start
                case .complete: try meet(pattern, at: start, in: text, isLast: isLast, &state, to: sink)
                }
            }
        }
        return isLast ? text.count : tailStart(text, &state)
    }

    private func nextHit(_ text: Span<UInt8>, from probe: Int) -> Int? {
        index.bitmap.withSpan { bitmap in
            text.firstGramHit(from: probe, stride: index.window, bitmap: bitmap, shift: index.bitmapShift)
        }
    }

    /// The first start of a live prefix among the last bytes, too near the end for a probe to meet.
    private func tailStart(_ text: Span<UInt8>, _ state: inout ScanState) -> Int {
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
            for position in start..<text.count { bits = bits << 8 | UInt32(text[position]) }
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
        guard canLead(pattern, text[start]) else { return .differs }
        let tail = Int(pattern.length) - 1
        let offset = Int(pattern.offset) + 1
        let there = text.count - start - 1
        if there < tail {
            return agrees(text, at: start + 1, patternAt: offset, length: there, &state) ? .live : .differs
        }
        // The end first: near misses mostly share the beginning.
        let end = min(tail, 8)
        guard agrees(text, at: start + 1 + tail - end, patternAt: offset + tail - end, length: end, &state) else {
            return .differs
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
    private func canLead(_ pattern: Pattern, _ byte: UInt8) -> Bool {
        if set.bytes[Int(pattern.offset)] == byte { return true }
        for lead in 0..<Int(pattern.leadCount) where set.bytes[Int(pattern.leadOffset) + lead] == byte {
            return true
        }
        return false
    }

    /// Takes an occurrence into the stretch before it where they overlap, and starts a new one otherwise.
    private func meet<E: Error>(
        _ pattern: Pattern, at start: Int, in text: Span<UInt8>, isLast: Bool, _ state: inout ScanState,
        to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) {
        var reach = start + Int(pattern.length)
        var left = Int(pattern.trailing)
        while left > 0, reach < text.count, ByteClass.isBase64(text[reach]) {
            reach += 1
            left -= 1
        }
        if reach < text.count { left = 0 }
        if start >= state.covered {
            if state.done < start { try sink(text.extracting(state.done..<start)) }
            let secret = Int(pattern.secret)
            let replacement = replacements[secret]
            try sink(replacement.span)
            state.counts[secret] += 1
            (state.covered, state.trailing) = (reach, left)
        } else if (reach, left) > (state.covered, state.trailing) {
            (state.covered, state.trailing) = (reach, left)
        }
        state.done = max(state.done, state.covered)
    }

    /// Lets the latest stretch take the base64 characters that still belong to it.
    private func extendCover(_ text: Span<UInt8>, _ state: inout ScanState) {
        while state.trailing > 0, state.covered < text.count, ByteClass.isBase64(text[state.covered]) {
            state.covered += 1
            state.trailing -= 1
        }
        if state.covered < text.count { state.trailing = 0 }
        state.done = max(state.done, state.covered)
    }
}
