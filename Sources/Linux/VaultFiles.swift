internal import Glibc

extension Calls {
    static func linkat(_ from: String, _ to: String) -> Int32 {
        if let answer = recorded("linkat", [from, to]) { return Int32(answer) }
        return unsafe Glibc.linkat(AT_FDCWD, from, AT_FDCWD, to, 0)
    }

    static func clockGettime(_ clock: clockid_t, _ time: inout timespec) -> Int32 {
        if let answer = recorded("clock_gettime", [clock]) { return Int32(answer) }
        return unsafe Glibc.clock_gettime(clock, &time)
    }
}

extension Files {
    /// Gives a file a second name, and fails where that name is taken; the corresponding C function is `linkat`.
    public static func link(_ from: String, to: String) throws(SystemCallError) {
        try checked("linkat", from) { Calls.linkat(from, to) }
    }
}

/// The time of day.
public enum WallClock {
    /// Whole seconds since 1970 in UTC; the corresponding C function is `clock_gettime`.
    public static var seconds: Int64 {
        var time = timespec()
        // CLOCK_REALTIME with a valid pointer has no way to fail.
        _ = Calls.clockGettime(CLOCK_REALTIME, &time)
        return Int64(time.tv_sec)
    }
}
