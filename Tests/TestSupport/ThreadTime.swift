internal import Glibc

/// How much processor time of this thread something takes, in nanoseconds: what else the machine does counts for nothing.
public func threadTime(_ body: () -> Void) -> UInt64 {
    func now() -> UInt64 {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return UInt64(time.tv_sec) * 1_000_000_000 + UInt64(time.tv_nsec)
    }
    let start = now()
    body()
    return now() - start
}
