public import Linux

/// The moment from which on changes count, by the clock that file systems stamp them with.
public struct ChangeClock: Sendable {
    private let start: Int64
    private let offset: Int64

    /// File systems that keep whole seconds, or every second one, round down.
    private static let coarsest: Int64 = 2_000_000_000
    private static let second: Int64 = 1_000_000_000

    /// Takes the moment: before the program starts.
    public init() {
        start = Clocks.changeNanoseconds
        offset = Self.offset()
    }

    /// The offset of the two clocks. A pause between the look at one and at the other makes it smaller than it is.
    private static func offset() -> Int64 {
        max(Clocks.offsetNanoseconds, Clocks.offsetNanoseconds, Clocks.offsetNanoseconds)
    }

    /// What tells changes since then, taken when the program has ended.
    ///
    /// A clock that was set back meanwhile stamped changes with times before the start.
    public func test() -> @Sendable (FileStatus) -> Bool {
        // The two clocks of an offset are read one after the other.
        let setBack = offset - Self.offset()
        let since = setBack > 1_000_000 ? start - setBack : start
        return { status in
            status.changed >= since
                || (status.changed % Self.second == 0 && status.changed >= since - Self.coarsest)
        }
    }
}
