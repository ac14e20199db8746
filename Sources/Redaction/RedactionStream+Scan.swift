internal import Secrets

extension RedactionStream {
    /// Reads `bytes`, whose first has the position `base`, and replaces the matches that nothing can change any more.
    ///
    /// The filter leaps from one possible beginning to the next; from there the automaton reads on until less than half
    /// of what it read may still belong to a match. So no byte is read more than about twice, whatever the text.
    internal mutating func scan<E: Error>(
        _ bytes: Span<UInt8>, _ words: Span<UInt32>, base: Int, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) {
        let sampled = matcher.sampled
        var index = 0
        // Where the automaton began to read; before the first byte where it goes on from the last write.
        var began = -depth
        while true {
            if sampled > 0, regions.isEmpty, index - began >= 2 * depth, index >= depth {
                // Every sequence that begins at `start` or later shows one of its first positions to a probe.
                let start = index - depth
                let probe = start + sampled - 1
                if probe + GramFilter.width <= bytes.count {
                    let hit = matcher.filter.firstHit(in: bytes, from: probe, stride: sampled)
                    began = hit - (sampled - 1)
                    if began > start || depth == 0 {
                        index = began
                        node = 0
                        depth = 0
                    } else {
                        // The prefix under way is what the probe has found.
                        began = start
                    }
                }
            }
            if index >= bytes.count { return }
            let byte = bytes[index]
            index += 1
            advance(over: byte, words, end: base + index)
            if !regions.isEmpty { try close(before: base + index - depth, bytes, base: base, to: sink) }
        }
    }

    /// Reads one byte, of which `end` is the position behind.
    @inline(__always)
    private mutating func advance(over byte: UInt8, _ words: Span<UInt32>, end: Int) {
        node = Automaton.next(after: node, by: byte, in: words, work: &work)
        if node == 0 {
            depth = 0
        } else {
            depth = Automaton.depth(of: node, in: words)
        }
        if !regions.isEmpty { extend(over: byte, end: end) }
        let match = Int(words[Automaton.place(node) + Automaton.Field.match])
        if match > 0 { add(matcher.entries[match - 1], end: end) }
    }

    /// Takes a character that shares bits with the last match into it.
    private mutating func extend(over byte: UInt8, end: Int) {
        switch edge {
        case .none: return
        case .character where Base64Form.isCharacter(byte): edge = .padding(2)
        case .padding(let count) where count > 0 && byte == UInt8(ascii: "="): edge = .padding(count - 1)
        default:
            edge = .none
            return
        }
        regions[regions.count - 1].end = end
    }

    /// Adds a match that ends at `end`, and merges those that it overlaps.
    private mutating func add(_ entry: PatternSet.Entry, end: Int) {
        let start = end - entry.count
        var region = Region(start: start, end: end, secret: entry.secret, nameStart: start)
        while let last = regions.last, last.end > start {
            region.start = min(region.start, last.start)
            // Leftmost, then longest: this match ends last, so it is the longer of two with one start.
            if last.nameStart < region.nameStart {
                region.secret = last.secret
                region.nameStart = last.nameStart
            }
            regions.removeLast()
        }
        regions.append(region)
        edge = entry.leavesEdge ? .character : .none
    }

    /// Replaces the regions that end at or before `limit`, where every byte still undecided begins.
    internal mutating func close<E: Error>(
        before limit: Int, _ bytes: Span<UInt8>, base: Int, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) {
        while let region = regions.first, region.end <= limit {
            if regions.count == 1 {
                switch edge {
                case .none: break
                case .character, .padding(1...): return
                case .padding: edge = .none
                }
            }
            try give(upTo: region.start, bytes, base: base, to: sink)
            let replacement = matcher.replacements[region.secret]
            try sink(replacement.span)
            tally[region.secret] += 1
            emitted = max(emitted, region.end)
            regions.removeFirst()
        }
    }

    /// Gives the sink what has not left yet of the bytes before `limit`.
    internal mutating func give<E: Error>(
        upTo limit: Int, _ bytes: Span<UInt8>, base: Int, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) {
        if emitted < min(limit, base) {
            let first = held.count - (base - emitted)
            let range = first..<first + min(limit, base) - emitted
            emitted = min(limit, base)
            try held.give(range, to: sink)
        }
        if emitted < limit {
            let piece = bytes.extracting(emitted - base..<limit - base)
            emitted = limit
            try sink(piece)
        }
    }

    /// Ends a write: gives away what is decided and keeps the rest.
    internal mutating func settle<E: Error>(
        _ bytes: Span<UInt8>, base: Int, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) {
        let undecided = position - depth
        try give(upTo: min(undecided, regions.first?.start ?? undecided), bytes, base: base, to: sink)
        // What a match covers never leaves, so that a chain of overlapping matches need not be kept.
        if let region = regions.first, region.start <= emitted { emitted = max(emitted, region.end) }
        if emitted < base {
            held.drop(held.count - (base - emitted))
            held.append(bytes)
        } else {
            held.drop(held.count)
            held.append(bytes.extracting(emitted - base..<bytes.count))
        }
    }
}
