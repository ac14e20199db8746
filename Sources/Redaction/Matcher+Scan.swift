internal import Secrets

extension Matcher {
    /// Searches `text`, passes on what is decided, and says where the undecided rest starts.
    ///
    /// Undecided is what a pattern may begin in; everything before it has left or was replaced. At the last text
    /// everything is decided. The text is searched as it is and, around each escape, decoded.
    internal func scan<E: Error>(
        _ text: Span<UInt8>, isLast: Bool, _ state: inout ScanState, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) -> Int {
        extendEdge(text, &state)
        let plain = searchPlain(text, isLast: isLast, &state)
        let decoded = searchDecoded(text, plainFrontier: plain, isLast: isLast, &state)
        state.plainFrom = plain
        state.decodedFrom = decoded
        let frontier = min(plain, decoded)
        try replace(in: text, upTo: frontier, &state, to: sink)
        return frontier
    }

    /// Searches the text as it is; gives where what is live in it starts.
    private func searchPlain(_ text: Span<UInt8>, isLast: Bool, _ state: inout ScanState) -> Int {
        let from = min(state.plainFrom, text.count)
        var found: [Occurrence] = []
        state.forgetHashes()
        let frontier = search(text.extracting(from...), isLast: isLast, into: &found, &state)
        for occurrence in found {
            let pattern = set.patterns[occurrence.pattern]
            var end = from + occurrence.end
            var left = occurrence.isContiguous ? Int(pattern.trailing) : 0
            while left > 0, end < text.count, ByteClass.isBase64(text[end]) {
                end += 1
                left -= 1
            }
            if left > 0, end == text.count, (end, left) > state.edge { state.edge = (end, left) }
            state.found.append(
                Stretch(
                    start: from + occurrence.start, end: end, length: Int(pattern.length), secret: Int(pattern.secret)))
        }
        return from + frontier
    }

    /// Searches the decoded text around each escape; gives where what is live or incomplete in it starts.
    private func searchDecoded(
        _ text: Span<UInt8>, plainFrontier: Int, isLast: Bool, _ state: inout ScanState
    ) -> Int {
        var position = min(state.decodedFrom, text.count)
        var scanned = position
        // Nothing that holds an escape is longer in characters than the longest pattern with a separator behind each.
        let reach = set.longest * Layout.largestFactor
        while let escape = firstEscape(text, from: scanned, isLast: isLast) {
            let start = max(position, escape - reach)
            state.view.fill(
                text, from: start, noise: start == state.decodedFrom ? state.noise : 0, reach: reach, isLast: isLast)
            let end = state.view.end
            let reachesEnd = state.view.reachesEnd
            let live = searchView(text, isAtEnd: reachesEnd && !isLast, &state)
            if reachesEnd {
                state.noise = live == nil ? state.view.noise : 0
                return isLast ? text.count : live ?? end
            }
            position = max(state.view.lastEscape, position)
            scanned = end
        }
        state.noise = 0
        // Without an escape the decoded text is the text: what is live in one is live in the other.
        if plainFrontier >= position { return plainFrontier }
        guard !isLast else { return text.count }
        state.forgetHashes()
        var found: [Occurrence] = []
        return position + search(text.extracting(position...), isLast: false, into: &found, &state)
    }

    /// The first place where the decoded text differs from the text, or may once more is there.
    private func firstEscape(_ text: Span<UInt8>, from start: Int, isLast: Bool) -> Int? {
        let decoder = EscapeDecoder(isLast: isLast)
        var position = start
        while let rare = text.firstRareByte(from: position) {
            let unit = decoder.unit(text, at: rare)
            if unit.length != 1 || unit.count != 1 { return rare }
            position = rare + 1
        }
        return nil
    }

    /// Adds what the view holds to what was found; gives where in the text the view's live part starts.
    private func searchView(_ text: Span<UInt8>, isAtEnd: Bool, _ state: inout ScanState) -> Int? {
        var view = DecodedView()
        swap(&view, &state.view)
        var found: [Occurrence] = []
        state.forgetHashes()
        var live: Int? = view.bytes.withSpan { bytes in
            let frontier = search(bytes, isLast: !isAtEnd, into: &found, &state)
            return frontier < bytes.count ? view.start(of: frontier) : nil
        }
        for occurrence in found {
            let pattern = set.patterns[occurrence.pattern]
            let start = view.start(of: occurrence.start)
            var end = occurrence.end
            var left = occurrence.isContiguous ? Int(pattern.trailing) : 0
            while left > 0, end < view.bytes.count, ByteClass.isBase64(view.bytes[end]) {
                end += 1
                left -= 1
            }
            var behind = view.endOfUnit(end - 1)
            if pattern.endsInBackslash {
                // The decoder passes over backslashes; of these each pair stands for one of the value's end.
                let first = behind
                while behind < text.count, text[behind] == UInt8(ascii: "\\") { behind += 1 }
                if behind < text.count || !isAtEnd { behind -= (behind - first) % 2 }
            }
            if isAtEnd, behind == text.count, pattern.endsInBackslash || (left > 0 && end == view.bytes.count) {
                // What follows may belong to it: it stays undecided.
                live = min(live ?? start, start)
                continue
            }
            state.found.append(
                Stretch(start: start, end: behind, length: Int(pattern.length), secret: Int(pattern.secret)))
        }
        swap(&view, &state.view)
        return live
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
                let joins = stretch.isExtension ? stretch.start <= state.covered : stretch.start < state.covered
                if !joins {
                    if state.done < stretch.start { try sink(text.extracting(state.done..<stretch.start)) }
                    let replacement = replacements[stretch.secret]
                    try sink(replacement.span)
                    state.counts[stretch.secret] += 1
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

    /// Lets the stretch that reached the end of the text before take the base64 characters that still belong to it.
    private func extendEdge(_ text: Span<UInt8>, _ state: inout ScanState) {
        guard state.edge.left > 0 else { return }
        let start = state.edge.at
        while state.edge.left > 0, state.edge.at < text.count, ByteClass.isBase64(text[state.edge.at]) {
            state.edge.at += 1
            state.edge.left -= 1
        }
        if state.edge.at < text.count { state.edge.left = 0 }
        guard state.edge.at > start else { return }
        state.found.append(Stretch(start: start, end: state.edge.at, length: 0, secret: 0, isExtension: true))
    }
}
