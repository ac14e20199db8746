internal import Secrets

/// Takes the secrets out of one stream of bytes, however it is cut into pieces.
///
/// A byte that cannot be part of a form of a secret leaves at once; held back is only what a form may begin in, until
/// more bytes or the end decide it. There is no timer: it would leak to a program that waits between two writes. When
/// the sink throws, what was held stays withheld, and the stream must not be used further.
public struct RedactionStream: ~Copyable {
    private let matcher: Matcher
    private let releasesIdlePrefix: Bool
    private var state: ScanState
    /// What is undecided, behind the last bytes before it.
    private var held = SecretArray<UInt8>()
    /// How many of the held bytes are decided: there for readers that look back, and long since passed on.
    private var decided = 0

    /// How much text is searched at once at most, as long as no pattern is longer.
    private static let blockSize = 64 * 1024
    /// How much is added to held bytes at first, to decide them.
    private static let joinSize = 1024
    /// The longest undecided rest that leaves when the source is idle, in bytes without those of a line's end.
    private static let idlePrefix = 3

    /// Starts a stream.
    ///
    /// - Parameters:
    ///   - matcher: what to search for.
    ///   - releasesIdlePrefix: whether `idle` may let up to three undecided bytes go, for prompts on a terminal.
    public init(matcher: Matcher, releasesIdlePrefix: Bool = false) {
        self.matcher = matcher
        self.releasesIdlePrefix = releasesIdlePrefix
        state = ScanState(secrets: matcher.names.count)
    }

    /// Takes the next bytes and passes on all that is decided.
    public mutating func write<E: Error>(
        _ bytes: Span<UInt8>, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) {
        guard matcher.patternCount > 0 else {
            if !bytes.isEmpty { try sink(bytes) }
            return
        }
        var position = try decideHeld(bytes, to: sink)
        var size = Self.blockSize
        while position < bytes.count {
            let end = min(position + size, bytes.count)
            let start = max(0, position - ViewReader.lookback)
            let frontier =
                try matcher.scan(bytes.extracting(start..<end), isLast: false, &state, to: sink) + start
            let next = max(start, frontier - ViewReader.lookback)
            state.rebase(by: next - start)
            if end == bytes.count {
                held.append(contentsOf: bytes.extracting(next..<end))
                decided = frontier - next
                return
            }
            // A block that is undecided for the most part is tried again with more behind it.
            size = frontier - position < size / 2 ? size * 2 : Self.blockSize
            position = frontier
        }
    }

    /// Says that the source has nothing more for now; a short undecided rest may leave, if the stream was made so.
    ///
    /// The matcher keeps its state: should the rest turn out to begin a secret, what follows is still replaced.
    public mutating func idle<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        let done = state.done
        guard releasesIdlePrefix, done < held.count else { return }
        let decided = decided
        try held.withSpan { text throws(E) in
            let rest = text.extracting(decided...)
            let isShort = rest.count - rest.lineEndLength <= Self.idlePrefix
            // What only a list may begin in has more than its characters.
            let isList = text.count - state.unlistedFrontier <= Self.idlePrefix && rest.isShortList
            guard isShort || isList else { return }
            try sink(text.extracting(done...))
            state.done = text.count
        }
    }

    /// Ends the stream and passes on what it held.
    public mutating func finish<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        guard held.count > 0 else { return }
        state.rebase(by: try scanHeld(isLast: true, to: sink))
        held.truncate(to: 0)
    }

    /// How often each secret was replaced; secrets that were not are left out.
    public var counts: [String: Int] {
        formCounts.mapValues { forms in forms.values.reduce(0, +) }
    }

    /// How often each secret was replaced, by the form in which it stood.
    public var formCounts: [String: [String: Int]] {
        var result: [String: [String: Int]] = [:]
        for (number, count) in state.counts.enumerated() where count > 0 {
            let (secret, family) = number.quotientAndRemainder(dividingBy: FormFamily.allCases.count)
            result[matcher.names[secret], default: [:]][FormFamily.allCases[family].name, default: 0] += count
        }
        return result
    }

    /// Whether anything was replaced so far.
    public var hasFound: Bool { state.counts.contains { $0 > 0 } }

    /// Whether bytes are held that have not left.
    public var isHolding: Bool { state.done < held.count }

    /// How many bytes were compared so far, for the tests of linearity.
    internal var work: Int { state.work }

    /// Adds bytes to the held ones until those are decided, and the last bytes before what is not lie in `bytes`; gives the
    /// position there to go on from.
    private mutating func decideHeld<E: Error>(
        _ bytes: Span<UInt8>, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) -> Int {
        var position = 0
        while held.count > 0, position < bytes.count {
            let end = min(position + max(Self.joinSize, held.count - decided), bytes.count)
            held.append(contentsOf: bytes.extracting(position..<end))
            decided = try scanHeld(isLast: false, to: sink)
            position = end
            let frontier = end - (held.count - decided)
            if frontier >= ViewReader.lookback, end < bytes.count {
                state.rebase(by: decided - ViewReader.lookback)
                held.truncate(to: 0)
                return frontier
            }
            // Not each time: what is left moves.
            if decided > 4 * ViewReader.lookback {
                let dropped = decided - ViewReader.lookback
                held.removeFirst(dropped)
                state.rebase(by: dropped)
                decided -= dropped
            }
        }
        return position
    }

    /// Searches the held bytes; moved out meanwhile, so that state and bytes can be lent at once.
    private mutating func scanHeld<E: Error>(
        isLast: Bool, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) -> Int {
        var text = SecretArray<UInt8>()
        swap(&text, &held)
        let frontier = try text.withSpan { text throws(E) in
            try matcher.scan(text, isLast: isLast, &state, to: sink)
        }
        swap(&text, &held)
        return frontier
    }
}
