public import Linux

/// How much processor time a run may use where a control group counts it.
public struct ProcessorTimeBound: Sendable {
    private let counter: ProcessorTimeCounter
    private var ceiling: ProcessorTimeCeiling

    /// Makes a bound over a count that starts at nothing.
    public init(_ counter: ProcessorTimeCounter, milliseconds: UInt64) {
        self.counter = counter
        ceiling = ProcessorTimeCeiling(milliseconds: milliseconds)
    }

    /// How long to wait for the next look, in milliseconds.
    internal var pause: Int32 { ceiling.pause }

    /// Whether more was used; looks where that is due.
    internal mutating func isExceeded() -> Bool {
        guard ceiling.isDue else { return false }
        // A count that cannot be read is looked for again as if nothing had changed.
        return ceiling.isExceeded(by: counter.milliseconds ?? 0)
    }
}
