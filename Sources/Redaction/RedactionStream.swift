internal import Secrets

/// One output on its way through a matcher; what comes out does not depend on how the input was cut into writes.
///
/// Held back is only what may still turn out to be the beginning of a secret. Matches are leftmost, then longest, and
/// those that overlap become one replacement. Once a sink has thrown, the stream is not to be written to again.
public struct RedactionStream: ~Copyable {
    internal let matcher: Matcher
    private let releasesIdlePrefix: Bool

    /// The automaton's state after the last byte, and how many bytes led to it.
    internal var node = 0
    internal var depth = 0
    /// How many bytes came in, and how many of them have left or are certain to be replaced.
    internal var position = 0
    internal var emitted = 0
    /// The bytes from `emitted` to `position`, between two writes.
    internal var held: HeldBytes
    /// The matches found and not yet replaced, in order and apart from each other.
    internal var regions: [Region] = []
    /// How the last match goes on with characters that share bits with it.
    internal var edge = Edge.none
    /// How often each secret was replaced.
    internal var tally: [Int]
    /// How many automaton nodes were looked at: the measure of verification work.
    internal var work = 0

    /// A part of the input that becomes one replacement.
    internal struct Region: Sendable {
        var start: Int
        var end: Int
        /// The first match's secret, start and length decide the name.
        var secret: Int
        var nameStart: Int
    }

    /// What may follow a match and still belongs to it.
    internal enum Edge: Sendable {
        case none
        /// A base64 character that shares bits with the value, then padding.
        case character
        /// So many signs of padding at most.
        case padding(Int)
    }

    /// The longest prefix that an idle source may release.
    private static let idlePrefix = 3

    /// Begins a stream; with `releasesIdlePrefix`, as a terminal needs it, `idle` lets go of very short prefixes.
    public init(matcher: Matcher, releasesIdlePrefix: Bool = false) {
        self.matcher = matcher
        self.releasesIdlePrefix = releasesIdlePrefix
        held = HeldBytes(capacity: matcher.longest * 2)
        tally = [Int](repeating: 0, count: matcher.names.count)
    }

    /// How often each secret was replaced, by name, without those that never were.
    public var counts: [String: Int] {
        var counts: [String: Int] = [:]
        for index in 0..<tally.count where tally[index] > 0 { counts[matcher.names[index], default: 0] += tally[index] }
        return counts
    }

    /// Whether bytes or a replacement wait for what comes next.
    public var isHolding: Bool { position > emitted || !regions.isEmpty }

    /// Takes the next bytes, and gives the sink what is decided, in order and in any number of pieces.
    public mutating func write<E: Error>(_ bytes: Span<UInt8>, to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        guard matcher.patternCount > 0 else {
            if !bytes.isEmpty { try sink(bytes) }
            return
        }
        let matcher = matcher
        let base = position
        try matcher.automaton.words.withSpan { words throws(E) in
            try scan(bytes, words, base: base, to: sink)
        }
        position = base + bytes.count
        try settle(bytes, base: base, to: sink)
    }

    /// Tells that the source has nothing more for now. A prefix of at most three bytes leaves where the stream was made
    /// for that; the state stays, so that the rest of the secret is still replaced.
    public mutating func idle<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        guard releasesIdlePrefix, regions.isEmpty, depth <= Self.idlePrefix, position > emitted else { return }
        emitted = position
        try held.giveAll(to: sink)
    }

    /// Decides what was held back: the end of the source is the end of every prefix.
    public mutating func finish<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        node = 0
        depth = 0
        edge = .none
        try close(before: position, Span(), base: position, to: sink)
        try give(upTo: position, Span(), base: position, to: sink)
        held.drop(held.count)
    }
}
