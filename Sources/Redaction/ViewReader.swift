internal import Secrets

/// Another way to read a text than as it stands.
internal enum ViewKind: Int, CaseIterable {
    /// Escapes are decoded and what a reader does not see is left out.
    case decoded
    /// Lines are joined that a fixed width may have broken: those that end in a long run without white space.
    case joined
    /// Rows of dumps, see `DumpRow`, are read as the bytes they show.
    case dumped
}

/// Reads a text in one of the ways, one unit after the other.
internal struct ViewReader {
    /// The way.
    let kind: ViewKind
    /// Whether the text ends here, so that nothing is incomplete.
    let isLast: Bool
    /// How many dense bytes lie before the text.
    var denseBefore = 0
    /// Where in a line of a dump the next position lies.
    var phase = DumpRow.Phase.lineStart(after: nil)

    /// How many bytes without white space a line must end in to be joined with the next one.
    static let leastDense = 48
    /// The most white space a line that is joined may begin with.
    private static let mostIndentation = 64

    /// The first position from `start` on at which more than the byte itself may stand.
    func firstCandidate(_ text: Span<UInt8>, from start: Int) -> Int? {
        switch kind {
        case .decoded: text.firstRareByte(from: start)
        case .joined: text.firstLineJoin(from: start, least: Self.leastDense, before: denseBefore)
        case .dumped: DumpRow.firstCandidate(text, from: start, isLast: isLast, phase)
        }
    }

    /// The first position from `start` on that reads otherwise than it stands, or may once more is there.
    func firstEscape(_ text: Span<UInt8>, from start: Int) -> Int? {
        var reader = self
        var position = start
        while let candidate = reader.firstCandidate(text, from: position) {
            reader.pass(text, to: candidate, from: position)
            let unit = reader.unit(text, at: candidate)
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
    func phase(_ text: Span<UInt8>, at place: Int, from start: Int) -> DumpRow.Phase {
        var reader = self
        var position = start
        while position < place, kind == .dumped {
            let next = min(reader.firstCandidate(text, from: position) ?? place, place)
            reader.pass(text, to: next, from: position)
            position = next < place ? next + reader.unit(text, at: next).length : place
        }
        return reader.phase
    }

    /// Goes to `position`, which lies in no row, from how far the reading had come.
    mutating func go(_ text: Span<UInt8>, to position: Int, from begin: Reading) {
        phase = begin.phase
        pass(text, to: position, from: begin.from)
    }

    /// What stands at a candidate.
    mutating func unit(_ text: Span<UInt8>, at position: Int) -> EscapeUnit {
        switch kind {
        case .decoded: EscapeDecoder(isLast: isLast).unit(text, at: position)
        case .joined: lineEnd(text, at: position)
        case .dumped: DumpRow.unit(text, at: position, isLast: isLast, &phase)
        }
    }

    /// The end of a line that is joined, with what the next one is indented by.
    private func lineEnd(_ text: Span<UInt8>, at position: Int) -> EscapeUnit {
        var index = position
        if text[index] == 0x0D {
            index += 1
            guard index < text.count else { return isLast ? .byte(0x0D, length: 1) : .incomplete }
        }
        index += 1
        let limit = index + Self.mostIndentation
        while index < min(limit, text.count), text[index] == 0x20 || text[index] == 0x09 { index += 1 }
        return index == text.count && index < limit && !isLast ? .incomplete : .noise(index - position)
    }
}
