/// A ceiling of processor time that is kept by looking, and when to look.
public struct ProcessorTimeCeiling: Sendable {
    /// In milliseconds.
    private let ceiling: UInt64
    /// When the next look is due, by the monotonic clock in milliseconds.
    private var due: UInt64

    /// The shortest time between two looks, in milliseconds.
    private static let interval: UInt64 = 50
    /// No ceiling is passed before this part of what is left of it has gone by: as many processors would have to work.
    private static let processors: UInt64 = 256

    /// Makes a ceiling for what has used nothing yet.
    public init(milliseconds: UInt64) {
        ceiling = milliseconds
        due = Self.next(after: milliseconds)
    }

    /// How long to wait for the next look, in milliseconds.
    public var pause: Int32 {
        let now = Clocks.monotonicMilliseconds
        return due > now ? Int32(clamping: due - now) : 0
    }

    /// Whether it is time to look.
    public var isDue: Bool { pause == 0 }

    /// Whether this is more than the ceiling, in milliseconds; sets the next look where it is not.
    public mutating func isExceeded(by used: UInt64) -> Bool {
        guard used <= ceiling else { return true }
        due = Self.next(after: ceiling - used)
        return false
    }

    /// The moment at which the rest could be used up.
    private static func next(after rest: UInt64) -> UInt64 {
        Clocks.monotonicMilliseconds + max(interval, rest / processors)
    }
}
