internal import Linux

/// How much processor time all processes of the sandbox may use together, looked at from PID 1.
///
/// The kernel adds a process's time to its parent's when the parent waits for it, so that the times of the processes
/// that are there, with what each has taken over, are those of all. What ends unwaited for is kept as it was last seen.
internal struct ProcessorCeiling {
    private var ceiling: ProcessorTimeCeiling
    /// What the last look found, in milliseconds.
    private var last: UInt64 = 0
    /// What was there at some look and at the next no more, in milliseconds.
    private var lost: UInt64 = 0

    /// Milliseconds in a tick of /proc/PID/stat, which counts in hundredths of a second on every machine (proc(5)).
    private static let tick: UInt64 = 10

    /// Makes a ceiling, or `nil` where there is none to keep.
    init?(milliseconds: UInt64) {
        guard milliseconds > 0 else { return nil }
        ceiling = ProcessorTimeCeiling(milliseconds: milliseconds)
    }

    /// How long to wait for the next look, in milliseconds.
    var pause: Int32 { ceiling.pause }

    /// Whether the processes have used more than they may; looks where that is due.
    mutating func isExceeded() -> Bool {
        guard ceiling.isDue else { return false }
        let found = Self.used
        lost += last - min(last, found)
        last = found
        return ceiling.isExceeded(by: found + lost)
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
