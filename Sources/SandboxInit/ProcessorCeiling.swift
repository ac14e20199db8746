internal import Linux

/// How much processor time all processes of the sandbox may use together, looked at from PID 1.
///
/// The kernel adds a process's time to its parent's when the parent waits for it, so that the times of the processes
/// that are there, with what each has taken over, are those of all. What ends unwaited for is kept as it was last seen.
internal struct ProcessorCeiling {
    /// The ceiling in milliseconds.
    private let ceiling: UInt64
    /// What the last look found, in milliseconds.
    private var last: UInt64 = 0
    /// What was there at some look and at the next no more, in milliseconds.
    private var lost: UInt64 = 0
    /// When the next look is due, by the monotonic clock in milliseconds.
    private var due: UInt64

    /// The shortest time between two looks, in milliseconds.
    private static let interval: UInt64 = 50
    /// No ceiling is passed before this part of what is left of it has gone by: as many processors would have to work.
    private static let processors: UInt64 = 256
    /// Milliseconds in a tick of /proc/PID/stat, which counts in hundredths of a second on every machine (proc(5)).
    private static let tick: UInt64 = 10

    /// Makes a ceiling, or `nil` where there is none to keep.
    init?(milliseconds: UInt64) {
        guard milliseconds > 0 else { return nil }
        ceiling = milliseconds
        due = 0
        wait(for: milliseconds)
    }

    /// How long to wait for the next look, in milliseconds.
    var pause: Int32 {
        let now = Clocks.monotonicMilliseconds
        return due > now ? Int32(clamping: due - now) : 0
    }

    /// Whether the processes have used more than they may; looks where that is due.
    mutating func isExceeded() -> Bool {
        guard Clocks.monotonicMilliseconds >= due else { return false }
        let found = Self.used
        lost += last - min(last, found)
        last = found
        let used = found + lost
        guard used <= ceiling else { return true }
        wait(for: ceiling - used)
        return false
    }

    /// Sets the next look to the moment at which the rest could be used up.
    private mutating func wait(for rest: UInt64) {
        due = Clocks.monotonicMilliseconds + max(Self.interval, rest / Self.processors)
    }

    /// The processor time of all processes, and of what they have waited for, in milliseconds.
    private static var used: UInt64 {
        var ticks: UInt64 = 0
        for name in (try? Files.names(in: "/proc")) ?? [] {
            guard let first = name.utf8.first, (0x31...0x39).contains(first),
                let text = try? Files.contents(of: "/proc/" + name + "/stat", limit: 4096)
            else { continue }
            ticks += Self.ticks(text)
        }
        return ticks * tick
    }

    /// The four times of a line of /proc/PID/stat: of the process in user and kernel mode, and of what it has waited for.
    internal static func ticks(_ line: [UInt8]) -> UInt64 {
        // The name in parentheses may hold anything, so the fields are counted from its end.
        guard let end = line.lastIndex(of: UInt8(ascii: ")")) else { return 0 }
        let fields = line[(end + 1)...].split(separator: 0x20)
        guard fields.count > 14 else { return 0 }
        return fields[11...14].reduce(0) { $0 + (UInt64(String(decoding: $1, as: UTF8.self)) ?? 0) }
    }
}
