internal import Secrets

extension Matcher {
    /// Finds occurrences whose characters, or pairs of hexadecimal digits, have one repeated separator between them.
    internal func searchSpaced(
        _ text: Span<UInt8>, isLast: Bool, into found: inout [Occurrence], _ state: inout ScanState
    ) -> Int {
        var probe = 0
        while let hit = nextSpaced(text, from: probe) {
            probe = hit.position + index.spacedStride
            var live = text.count
            for number in 0..<SpacedBytes.readings {
                guard let reading = hit.bytes.reading(number) else { continue }
                let start = hit.position + reading.start
                live = min(live, meetSpaced(reading, at: start, in: text, into: &found, &state))
            }
            if live < text.count, !isLast { return live }
        }
        return isLast ? text.count : spacedTail(text, &state)
    }

    /// Compares the patterns that may have the characters that were read at `position`; gives the first live start.
    private func meetSpaced(
        _ reading: SpacedBytes.Reading, at position: Int, in text: Span<UInt8>, into found: inout [Occurrence],
        _ state: inout ScanState
    ) -> Int {
        var live = text.count
        let layout: Layout = reading.isPaired ? .pairs : .single
        let slot = Span<UInt8>.gramHash(reading.gram, shift: index.slotShift)
        for place in Int(index.starts[slot])..<Int(index.starts[slot + 1]) {
            let entry = index.entries[place]
            guard entry.gram == reading.gram, layout == .single || entry.position & 1 == 0 else { continue }
            let start = position - layout.place(of: Int(entry.position))
            let number = Int(entry.pattern)
            switch compareSpaced(number, layout, with: text, at: start, &state) {
            case .differs: continue
            case .live: live = min(live, start)
            case .complete:
                let end = start + layout.place(of: Int(set.patterns[number].length) - 1) + 1
                found.append(Occurrence(start: start, end: end, pattern: number, isContiguous: false))
            }
        }
        return live
    }

    private func nextSpaced(_ text: Span<UInt8>, from probe: Int) -> (position: Int, bytes: SpacedBytes)? {
        index.bitmap.withSpan { bitmap in
            text.firstSpacedBytes(
                from: probe, stride: index.spacedStride, apart: index.separatorSamples, bitmap: bitmap,
                shift: index.bitmapShift)
        }
    }

    /// The first start of a live spaced prefix among the last bytes.
    private func spacedTail(_ text: Span<UInt8>, _ state: inout ScanState) -> Int {
        // A probe meets all that has two windows and a gram before the end.
        var start = max(0, text.count - 2 * index.window - 8)
        while start + 1 < text.count {
            if index.startsPattern(UInt32(text[start]), length: 1), isSpacedLive(text, from: start, &state) {
                return start
            }
            start += 1
        }
        return text.count
    }

    private func isSpacedLive(_ text: Span<UInt8>, from start: Int, _ state: inout ScanState) -> Bool {
        for layout in Layout.allCases {
            let separator = start + layout.unit
            guard separator < text.count, layout.canSeparate(text[separator]) else { continue }
            var gram: UInt32 = 0
            var length = 0
            while length < 4, start + layout.place(of: length) < text.count {
                let byte = UInt32(text[start + layout.place(of: length)])
                gram |= byte << UInt32(8 * length)
                length += 1
            }
            if length < 4 {
                if index.startsPattern(gram, length: length), separatorsAgree(text, from: start, layout) { return true }
                continue
            }
            let slot = Span<UInt8>.gramHash(gram, shift: index.slotShift)
            for place in Int(index.starts[slot])..<Int(index.starts[slot + 1]) {
                let entry = index.entries[place]
                guard entry.gram == gram, entry.position == 0 else { continue }
                if compareSpaced(Int(entry.pattern), layout, with: text, at: start, &state) == .live { return true }
            }
        }
        return false
    }

    /// Whether each separator up to the end of the text is the first one.
    private func separatorsAgree(_ text: Span<UInt8>, from start: Int, _ layout: Layout) -> Bool {
        let first = start + layout.unit
        return stride(from: first, to: text.count, by: layout.unit + 1).allSatisfy { text[$0] == text[first] }
    }

    /// Compares one pattern, laid out, with the text from `start`.
    private func compareSpaced(
        _ number: Int, _ layout: Layout, with text: Span<UInt8>, at start: Int, _ state: inout ScanState
    ) -> Comparison {
        let pattern = set.patterns[number]
        guard start >= 0, pattern.length >= 6, layout == .single || pattern.isHexadecimal,
            start + layout.unit < text.count
        else {
            return .differs
        }
        let separator = text[start + layout.unit]
        guard layout.canSeparate(separator), canLead(pattern, text[start]) else { return .differs }
        let length = Int(pattern.length)
        for index in 1..<length {
            let place = start + layout.place(of: index)
            state.work += 1
            if index % layout.unit == 0 {
                guard place - 1 < text.count else { return .live }
                guard text[place - 1] == separator else { return .differs }
            }
            guard place < text.count else { return .live }
            guard text[place] == set.bytes[Int(pattern.offset) + index] else { return .differs }
        }
        return .complete
    }
}
