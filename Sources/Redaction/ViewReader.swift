internal import Secrets

/// Another way to read a text than as it stands.
internal enum ViewKind: Int, CaseIterable {
    /// Escapes are decoded and what a reader does not see is left out.
    case decoded
    /// Lines are joined that a fixed width may have broken, see `LineJoin`.
    case joined
    /// Lines are joined that end in the equals sign of quoted-printable's soft line breaks (RFC 2045, section 6.7), or in
    /// the backslash by which a line of source text goes on in the next one.
    case softBroken
    /// Rows of dumps, see `DumpRow`, are read as the bytes they show.
    case dumped
    /// What parts the items of a list, see `ListedText`, is left out, and its numbers are read as bytes.
    case listed

    /// Whether nothing but the breaks between lines is read otherwise than it stands.
    var isOfBreaks: Bool { self == .joined || self == .softBroken }

    /// Whether a place that is undecided, at which nothing is live, may be passed over: what is live behind it is so whatever
    /// it is. A number of a list may be a character itself.
    func mayPass(_ undecided: UInt8) -> Bool { isOfBreaks || (self == .listed && !ByteClass.isAlphanumeric(undecided)) }
}

/// Reads a text in one of the ways, one unit after the other.
internal struct ViewReader {
    /// The way.
    let kind: ViewKind
    /// Whether the text ends here, so that nothing is incomplete.
    let isLast: Bool
    /// Where in a line of a dump the next position lies.
    var phase = DumpRow.Phase.lineStart(after: nil)
    /// The number of a newline near the latest candidate.
    private var line = 0
    /// How far apart the text is sampled for lists.
    let listStride: Int
    /// The latest place of a list that was found.
    private var listed = (position: -1, place: ListedText.Place.plain)

    /// How many bytes before a position a reader may look at.
    static let lookback = 512

    /// Starts at the beginning of a line.
    ///
    /// - Parameter listStride: so far apart that each list that matters holds a sample.
    init(kind: ViewKind, isLast: Bool, listStride: Int = 1) {
        (self.kind, self.isLast, self.listStride) = (kind, isLast, listStride)
    }

    /// The first position from `start` on at which more than the byte itself may stand.
    mutating func firstCandidate(_ text: Span<UInt8>, from start: Int, _ lines: borrowing NewlineIndex) -> Int? {
        switch kind {
        case .decoded: text.firstRareByte(from: start)
        case .joined: text.firstLineJoin(from: start, lines: lines, near: &line, isLast: isLast)
        case .softBroken: text.firstSoftBreak(from: start, lines: lines, near: &line)
        case .dumped: DumpRow.firstCandidate(text, from: start, isLast: isLast, phase, lines, near: &line)
        case .listed: firstListed(text, from: start)
        }
    }

    /// The first position from `start` on that reads otherwise than it stands, or may once more is there.
    mutating func firstEscape(_ text: Span<UInt8>, from start: Int, _ lines: borrowing NewlineIndex) -> Int? {
        var reader = self
        defer { line = reader.line }
        var position = start
        while let candidate = reader.firstCandidate(text, from: position, lines) {
            reader.pass(text, to: candidate, from: position)
            let unit = reader.unit(text, at: candidate, lines)
            if unit.length != 1 || unit.count != 1 { return candidate }
            position = candidate + 1
        }
        return nil
    }

    /// Goes on to `next` past bytes that stand as they are.
    mutating func pass(_ text: Span<UInt8>, to next: Int, from position: Int) {
        if next > position, kind == .dumped { phase = DumpRow.passed(text, to: next, from: position, phase) }
    }

    /// Where in a line of a dump `place` lies, a place between two units of those from `start` on.
    func phase(
        _ text: Span<UInt8>, at place: Int, from start: Int, _ lines: borrowing NewlineIndex
    ) -> DumpRow.Phase {
        var reader = self
        var position = start
        while position < place, kind == .dumped {
            let next = min(reader.firstCandidate(text, from: position, lines) ?? place, place)
            reader.pass(text, to: next, from: position)
            position = next < place ? next + reader.unit(text, at: next, lines).length : place
        }
        return reader.phase
    }

    /// Goes to `position`, which lies in no row, from how far the reading had come.
    mutating func go(_ text: Span<UInt8>, to position: Int, from begin: Reading) {
        phase = begin.phase
        pass(text, to: position, from: begin.from)
    }

    /// What stands at a candidate.
    mutating func unit(_ text: Span<UInt8>, at position: Int, _ lines: borrowing NewlineIndex) -> EscapeUnit {
        switch kind {
        case .decoded: escape(text, at: position)
        case .joined: LineJoin(isLast: isLast).unit(text, at: position, lines, near: line)
        case .softBroken: softBreak(text, at: position)
        case .dumped: DumpRow.unit(text, at: position, isLast: isLast, &phase)
        case .listed: listed(text, at: position)
        }
    }

    private mutating func firstListed(_ text: Span<UInt8>, from start: Int) -> Int? {
        guard let found = ListedText(isLast: isLast).first(text, from: start, stride: listStride) else { return nil }
        listed = found
        return found.position
    }

    /// What parts the items of a list, or a number of one.
    private func listed(_ text: Span<UInt8>, at position: Int) -> EscapeUnit {
        let place = listed.position == position ? listed.place : ListedText(isLast: isLast).place(text, at: position)
        return switch place {
        case .plain: EscapeUnit(length: 1, count: 1, bytes: UInt64(text[position]))
        case .undecided: .incomplete
        case .separator(let length): .noise(length)
        case .number(let length, let value): EscapeUnit(length: length, count: 1, bytes: UInt64(value))
        }
    }

    /// An escape; a line's end that is written as one is passed over behind a line that a fixed width may have broken.
    private func escape(_ text: Span<UInt8>, at position: Int) -> EscapeUnit {
        let unit = EscapeDecoder(isLast: isLast).unit(text, at: position)
        let isLineEnd = unit.length > 1 && unit.count == 1 && (unit.bytes == 0x0A || unit.bytes == 0x0D)
        return isLineEnd && LineJoin.isBroken(text, escapedAt: position) ? .noise(unit.length) : unit
    }

    /// An equals sign or a backslash with the line's end behind it.
    private func softBreak(_ text: Span<UInt8>, at position: Int) -> EscapeUnit {
        let end = text.extracting((position + 1)...).lineEnd(at: 0)
        if let end, end > 0 { return .noise(1 + end) }
        return end == nil && !isLast ? .incomplete : .byte(text[position], length: 1)
    }
}
