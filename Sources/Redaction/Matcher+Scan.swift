internal import Secrets

extension Matcher {
    /// Searches `text`, passes on what is decided, and says where the undecided rest starts.
    ///
    /// Undecided is what a pattern may begin in; everything before it has left or was replaced, as had the first bytes of
    /// the text. At the last text everything is decided. The text is searched as it is and, around each escape, decoded.
    internal func scan<E: Error>(
        _ text: Span<UInt8>, isLast: Bool, _ state: inout ScanState, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) -> Int {
        let frontier = searchReadings(text, isLast: isLast, &state)
        try replace(in: text, upTo: frontier, &state, to: sink)
        return frontier
    }

    /// Searches the text as it is and in each other way to read it; gives where what is live in any of them starts.
    private func searchReadings(_ text: Span<UInt8>, isLast: Bool, _ state: inout ScanState) -> Int {
        let plain = searchPlain(text, isLast: isLast, &state)
        state.plainFrom = plain
        var frontier = plain
        var lines = NewlineIndex()
        swap(&lines, &state.lines)
        lines.extend(to: text)
        for kind in ViewKind.allCases {
            let reader = ViewReader(kind: kind, isLast: isLast, listStride: index.listStride)
            let live = searchReading(text, lines, by: reader, plainFrontier: plain, &state)
            // The last kind: what is live in all others is known.
            if kind == .listed { state.unlistedFrontier = frontier }
            frontier = min(frontier, live)
        }
        swap(&lines, &state.lines)
        return frontier
    }

    /// Searches the text as it is; gives where what is live in it starts.
    private func searchPlain(_ text: Span<UInt8>, isLast: Bool, _ state: inout ScanState) -> Int {
        let from = min(state.plainFrom, text.count)
        var found: [Occurrence] = []
        state.forgetHashes()
        var frontier = from + search(text.extracting(from...), isLast: isLast, into: &found, &state)
        for occurrence in found {
            let pattern = pattern(of: occurrence)
            var end = from + occurrence.end
            var left = occurrence.isContiguous ? Int(pattern.trailing) : 0
            while left > 0, end < text.count, ByteClass.isBase64(text[end]) {
                end += 1
                left -= 1
            }
            if left > 0, end == text.count, !isLast {
                // What follows may belong to it: it stays undecided.
                frontier = min(frontier, from + occurrence.start)
                continue
            }
            state.found.append(
                Stretch(
                    start: from + occurrence.start, end: end, length: Int(pattern.length), secret: Int(pattern.secret),
                    family: occurrence.isContiguous ? pattern.family : .spaced))
        }
        return frontier
    }

    /// Searches what a reader sees around each place that reads otherwise than it stands; gives where what is live or
    /// incomplete in it starts, and keeps how far the reading has come.
    private func searchReading(
        _ text: Span<UInt8>, _ lines: borrowing NewlineIndex, by reader: ViewReader, plainFrontier: Int,
        _ state: inout ScanState
    ) -> Int {
        let begin = state.readings[reader.kind.rawValue]
        var reader = reader
        reader.phase = begin.phase
        var position = min(begin.from, text.count)
        var next = reader.firstEscape(text, from: position, lines)
        // Nothing that holds an escape is longer in characters than the longest pattern with a separator behind each, and
        // nothing goes from a row into what stands before or behind, nor from a list but its first and last character.
        let reach =
            switch reader.kind {
            case .dumped: 0
            case .listed: 1
            default: set.longest * Layout.largestFactor
            }
        while let escape = next {
            // A sign that was passed over as what may part a list may be its first character.
            let start = max(reader.kind == .listed ? begin.from : position, escape - reach)
            reader.go(text, to: start, from: begin)
            let first = reader
            let noise = start == begin.from ? begin.noise : 0
            state.view.fill(text, by: reader, from: start, to: escape, noise: noise, reach: reach, lines)
            let (end, phase) = (state.view.end, state.view.phase)
            let reachesEnd = state.view.reachesEnd
            let live = searchView(text, by: reader, isAtEnd: reachesEnd && !reader.isLast, &state)
            let isOpen = live == nil && end < text.count && !reader.isLast && reader.kind.mayPass(text[end])
            if reachesEnd, !isOpen {
                let from = reader.isLast ? text.count : live ?? end
                state.readings[reader.kind.rawValue] = Reading(
                    from: from, noise: live == nil ? state.view.noise : 0,
                    phase: from == end ? phase : first.phase(text, at: from, from: start, lines))
                return from
            }
            position = reachesEnd ? end + 1 : max(state.view.lastEscape, position)
            reader.phase = phase
            next = reader.firstEscape(text, from: max(end, position), lines)
        }
        var from = plainFrontier
        // Where nothing reads otherwise, what is live in one reading is live in the other; so is a list's first character.
        if plainFrontier < position, reader.kind != .listed {
            state.forgetHashes()
            var found: [Occurrence] = []
            from =
                reader.isLast
                ? text.count : position + search(text.extracting(position...), isLast: false, into: &found, &state)
        }
        reader.go(text, to: from, from: begin)
        state.readings[reader.kind.rawValue] = Reading(from: from, phase: reader.phase)
        return from
    }

    /// Adds what the view holds to what was found; gives where in the text the view's live part starts.
    private func searchView(
        _ text: Span<UInt8>, by reader: ViewReader, isAtEnd: Bool, _ state: inout ScanState
    ) -> Int? {
        var view = DecodedView()
        swap(&view, &state.view)
        var found: [Occurrence] = []
        state.forgetHashes()
        var live: Int? = view.bytes.withSpan { bytes in
            let frontier = search(bytes, isLast: !isAtEnd, into: &found, &state)
            return frontier < bytes.count ? view.start(of: frontier) : nil
        }
        var ending = DumpRow.Ending()
        for occurrence in found {
            let pattern = pattern(of: occurrence)
            // It would matter where the text was sampled.
            guard
                reader.kind != .listed
                    || view.isParted(occurrence.start..<occurrence.end, least: reader.listStride + 15)
            else { continue }
            let start = view.start(of: occurrence.start)
            var end = occurrence.end
            var left = occurrence.isContiguous ? Int(pattern.trailing) : 0
            // What lies in one line ends with it.
            let isOfLine = reader.kind.isOfBreaks && view.endOfUnit(end - 1) - start == end - occurrence.start
            while left > 0, end < view.bytes.count, ByteClass.isBase64(view.bytes[end]) {
                if isOfLine, view.start(of: end) != view.endOfUnit(end - 1) {
                    left = 0
                    break
                }
                end += 1
                left -= 1
            }
            var behind = view.endOfUnit(end - 1)
            var isCut = false
            if pattern.endsInBackslash {
                (behind, isCut) = endOfBackslashes(text, from: behind, isLast: !isAtEnd)
            }
            var family = pattern.family == .raw ? .escaped : pattern.family
            if reader.kind == .listed { family = .spaced }
            if reader.kind == .dumped, view.isDecoded(end - 1) {
                family = .dumped
                (behind, isCut) = DumpRow.endOfColumn(
                    text, from: behind, unitAt: view.start(of: end - 1), isLast: !isAtEnd, &ending)
            }
            if isAtEnd, isCut || (left > 0 && end == view.bytes.count) {
                // What follows may belong to it: it stays undecided.
                live = min(live ?? start, start)
                continue
            }
            state.found.append(
                Stretch(
                    start: start, end: behind, length: Int(pattern.length), secret: Int(pattern.secret),
                    family: family))
        }
        state.work += ending.work
        swap(&view, &state.view)
        return live
    }

    /// The end of the escaped backslashes at `start`, which the decoder passed over, and whether more may follow.
    private func endOfBackslashes(_ text: Span<UInt8>, from start: Int, isLast: Bool) -> (end: Int, isCut: Bool) {
        let decoder = EscapeDecoder(isLast: isLast)
        var end = start
        while end < text.count {
            let unit = decoder.unit(text, at: end)
            if unit.length == 0 { return (end, true) }
            guard unit.count == 0, text[end] >= 0x20 else { break }
            if text[end] == UInt8(ascii: "\\"), text[end + unit.length - 1] == UInt8(ascii: "\\") {
                // Of a run each pair stands for one; what is left over escapes what follows.
                return (end + unit.length - unit.length % 2, false)
            }
            end += unit.length
        }
        return (end, end == text.count && !isLast)
    }

    /// Passes on the text up to `frontier` with what was found replaced; what starts later is kept.
    private func replace<E: Error>(
        in text: Span<UInt8>, upTo frontier: Int, _ state: inout ScanState,
        to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) {
        if !state.found.isEmpty {
            state.found.sort { left, right in left.precedes(right) }
            var used = 0
            while used < state.found.count, state.found[used].start < frontier || frontier == text.count {
                let stretch = state.found[used]
                used += 1
                if stretch.start >= state.covered {
                    if state.done < stretch.start { try sink(text.extracting(state.done..<stretch.start)) }
                    let replacement = replacements[stretch.secret]
                    try sink(replacement.span)
                    state.counts[stretch.secret * FormFamily.allCases.count + Int(stretch.family.rawValue)] += 1
                }
                state.covered = max(state.covered, stretch.end)
                state.done = max(state.done, state.covered)
            }
            state.found.removeFirst(used)
        }
        if state.done < frontier {
            try sink(text.extracting(state.done..<frontier))
            state.done = frontier
        }
    }
}
