/// Bytes of one argument of the command.
internal struct Place: Hashable {
    /// The index of the argument.
    var argument: Int
    /// The bytes.
    var range: Range<Int>
}

/// A text that was put together from pieces of the arguments, and where each came from.
internal struct SourceText {
    /// The text.
    private(set) var bytes: [UInt8] = []
    private var runs: [Run] = []

    /// Bytes that came from one place: byte by byte, or as a whole.
    private struct Run {
        let start: Int
        let place: Place
        let isWhole: Bool
    }

    /// Makes an empty text.
    init() {}

    /// Makes the text of a whole argument.
    init(_ bytes: [UInt8], argument: Int) {
        append(bytes, from: Place(argument: argument, range: 0..<bytes.count))
    }

    /// Adds bytes; as a whole where they stand for something else than is written.
    mutating func append(_ added: some Collection<UInt8>, from place: Place, asWhole: Bool = false) {
        runs.append(Run(start: bytes.count, place: place, isWhole: asWhole))
        bytes += added
    }

    /// Where a range of the text came from.
    func place(of range: Range<Int>) -> Place {
        guard let first = run(at: range.lowerBound) else { return Place(argument: 0, range: 0..<0) }
        let begin = first.isWhole ? first.place.range.lowerBound : offset(range.lowerBound, in: first)
        guard !range.isEmpty, let last = run(at: range.upperBound - 1), last.place.argument == first.place.argument
        else { return Place(argument: first.place.argument, range: begin..<first.place.range.upperBound) }
        let end = last.isWhole ? last.place.range.upperBound : offset(range.upperBound - 1, in: last) + 1
        return Place(argument: first.place.argument, range: begin..<max(begin, end))
    }

    private func offset(_ position: Int, in run: Run) -> Int {
        min(
            run.place.range.lowerBound + position - run.start,
            max(run.place.range.lowerBound, run.place.range.upperBound - 1))
    }

    private func run(at position: Int) -> Run? {
        var low = 0
        var high = runs.count
        while low < high {
            let middle = (low + high) / 2
            if runs[middle].start <= position { low = middle + 1 } else { high = middle }
        }
        return low > 0 ? runs[low - 1] : nil
    }
}
