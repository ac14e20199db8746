internal import ControlSequences
internal import Redaction
internal import Secrets

/// What one stream of output goes through: redaction, and on a terminal a filter for control sequences and redaction
/// once more.
///
/// The first redaction sees every byte of a value, also those that the filter would take out or for a sequence. The
/// second sees what the filter has brought together: halves of a value with something between them that does not pass.
internal struct OutputStream: ~Copyable {
    private var written: RedactionStream
    private var shown: RedactionStream
    private var filter = ControlSequenceFilter()
    /// What the filter has let through and the second redaction takes next.
    private var passed = SecretArray<UInt8>()
    private let isTerminal: Bool

    /// Starts a stream.
    ///
    /// - Parameter releasesIdlePrefix: Whether a short undecided rest leaves when the source is idle.
    init(matcher: Matcher, isTerminal: Bool, releasesIdlePrefix: Bool) {
        written = RedactionStream(matcher: matcher, releasesIdlePrefix: releasesIdlePrefix)
        shown = RedactionStream(matcher: matcher, releasesIdlePrefix: releasesIdlePrefix)
        self.isTerminal = isTerminal
    }

    /// Takes the next bytes and passes on all that is decided.
    mutating func write<E: Error>(_ bytes: Span<UInt8>, to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        guard isTerminal else { return try written.write(bytes, to: sink) }
        try throughFilter(sink) { stream, pass in stream.write(bytes, to: pass) }
    }

    /// Says that the source has nothing more for now.
    mutating func idle<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        guard isTerminal else { return try written.idle(to: sink) }
        try throughFilter(sink) { stream, pass in stream.idle(to: pass) }
        try shown.idle(to: sink)
    }

    /// Ends the stream and passes on what it held.
    mutating func finish<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        guard isTerminal else { return try written.finish(to: sink) }
        try throughFilter(sink) { stream, pass in stream.finish(to: pass) }
        try shown.finish(to: sink)
    }

    /// How often each secret was replaced.
    var counts: [String: Int] { written.counts.merging(shown.counts) { $0 + $1 } }

    /// The same by the forms in which they stood.
    var formCounts: [String: [String: Int]] {
        written.formCounts.merging(shown.formCounts) { $0.merging($1) { $0 + $1 } }
    }

    /// Whether bytes are held that have not left.
    var isHolding: Bool { written.isHolding || shown.isHolding }

    /// What undoes the modes of the terminal that a program left behind which did not end by itself.
    var undoing: [UInt8] { filter.undoing() }

    /// Lets the first redaction do something and passes on what comes of it.
    private mutating func throughFilter<E: Error>(
        _ sink: (Span<UInt8>) throws(E) -> Void,
        _ body: (inout RedactionStream, (Span<UInt8>) -> Void) -> Void
    ) throws(E) {
        // Moved out and back in, so that the closure may change them while the stream changes itself.
        var filter = ControlSequenceFilter()
        var passed = SecretArray<UInt8>()
        swap(&filter, &self.filter)
        swap(&passed, &self.passed)
        passed.truncate(to: 0)
        body(&written) { filter.write($0, to: &passed) }
        swap(&filter, &self.filter)
        // After an error the stream is not used further.
        try passed.withSpan { bytes throws(E) in try shown.write(bytes, to: sink) }
        swap(&passed, &self.passed)
    }
}
