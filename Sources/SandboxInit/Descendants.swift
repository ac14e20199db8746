internal import Linux

/// Everything that a program started, where no PID 1 takes it along.
///
/// This process must adopt orphans: what a descendant leaves behind is its child then, so that none gets away by
/// leaving its parent, its group or its session.
internal enum Descendants {
    /// Where the kernel lists the children of the calling thread, which is the only one.
    private static let list = "/proc/thread-self/children"

    /// Whether the kernel lists children at all; without that none can be ended.
    static var areListed: Bool { (try? Files.contents(of: list, limit: 1)) != nil }

    /// Ends all of them and returns when none is left.
    static func endAll() {
        while true {
            let listed = (try? Files.contents(of: list, limit: 1 << 20)) ?? []
            let children = listed.split(separator: UInt8(ascii: " "))
                .compactMap { Int32(String(decoding: $0, as: UTF8.self)) }
            for child in children { try? Processes.send(Signals.kill, to: child) }
            // Those of theirs are this process's as soon as their end was taken.
            while let end = try? Processes.nextEvent(), end.process > 0 {}
            if children.isEmpty, !Processes.hasChildren { return }
            _ = try? Polling.wait([], milliseconds: 1)
        }
    }
}
