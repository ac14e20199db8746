internal import Glibc

extension Calls {
    static func clockGettime(_ clock: clockid_t, _ time: inout timespec) -> Int32 {
        if let answer = recorded("clock_gettime", [clock]) { return Int32(answer) }
        return unsafe Glibc.clock_gettime(clock, &time)
    }
}

/// The time of day and of the machine. The corresponding C function is `clock_gettime`.
public enum Clocks {
    /// Whole seconds since 1970.
    public static var wallSeconds: Int64 { Int64(now(CLOCK_REALTIME).tv_sec) }

    /// Milliseconds since 1970.
    public static var wallMilliseconds: UInt64 { milliseconds(now(CLOCK_REALTIME)) }

    /// Milliseconds since some moment before this process, unmoved by changes of the time of day.
    public static var monotonicMilliseconds: UInt64 { milliseconds(now(CLOCK_MONOTONIC)) }

    /// Nanoseconds since 1970 by the clock that file systems of this machine stamp changes with: no change that comes
    /// later has an earlier time. It moves a few milliseconds at a time.
    public static var changeNanoseconds: Int64 { nanoseconds(now(CLOCK_REALTIME_COARSE)) }

    /// How far the time of day is ahead of the time of the machine, in nanoseconds; it moves when somebody sets the
    /// clock.
    public static var offsetNanoseconds: Int64 { nanoseconds(now(CLOCK_REALTIME)) - nanoseconds(now(CLOCK_MONOTONIC)) }

    /// A time as a number of nanoseconds.
    internal static func nanoseconds(_ time: timespec) -> Int64 {
        Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }

    private static func now(_ clock: clockid_t) -> timespec {
        var time = timespec()
        // A clock that exists, with a valid pointer, has no way to fail.
        _ = Calls.clockGettime(clock, &time)
        return time
    }

    private static func milliseconds(_ time: timespec) -> UInt64 {
        UInt64(time.tv_sec) * 1000 + UInt64(time.tv_nsec) / 1_000_000
    }
}
