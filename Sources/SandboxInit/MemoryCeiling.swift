internal import Linux
internal import SandboxPlan

/// How much memory the processes of the sandbox may have, looked at from PID 1 where no control group counts it.
internal struct MemoryCeiling {
    /// The ceiling in bytes.
    private let bytes: UInt64
    /// Where the sandbox's file systems in memory are.
    private let fileSystems: [String]

    /// How often to look, in milliseconds.
    static let interval: Int32 = 50

    /// Makes a ceiling, or `nil` where there is none to keep.
    init?(_ bytes: UInt64, in plan: RootPlan) {
        guard bytes > 0 else { return nil }
        self.bytes = bytes
        fileSystems = plan.steps.compactMap { step in
            switch step {
            case .temporary, .sharedMemory: step.path
            default: nil
            }
        }
    }

    /// Whether the processes have more than they may.
    var isExceeded: Bool { used > bytes }

    /// The pages of the processes that are theirs alone, and what they share or what lies in the sandbox's file systems in
    /// memory and in segments of System V, whichever is more, in bytes: a file or segment that is mapped is in both.
    ///
    /// A memory file that is not mapped is not counted, and neither is what sockets and pipes hold.
    private var used: UInt64 {
        var (own, shared): (UInt64, UInt64) = (0, 0)
        for name in (try? Files.names(in: "/proc")) ?? [] {
            guard let first = name.utf8.first, (0x31...0x39).contains(first) else { continue }
            guard let text = try? Files.contents(of: "/proc/" + name + "/statm", limit: 256) else { continue }
            let fields = text.split(separator: 0x20)
            guard fields.count >= 3, let resident = Self.number(fields[1]), let others = Self.number(fields[2])
            else { continue }
            own += (resident - min(resident, others)) * 4096
            if others * 4096 > Self.negligible { shared += Self.sharedMemory(of: name) }
        }
        let files = fileSystems.reduce(UInt64(0)) { $0 + ((try? Files.usedBytes(ofFileSystemAt: $1)) ?? 0) }
        let segments = Self.segments
        return own + max(shared + segments.detached, files + segments.all)
    }

    /// More than as many segments as a namespace may have take to be listed.
    private static let longestList = 4 << 20

    /// What is in segments of System V of this namespace, and in those of them that no process has attached, in bytes.
    private static var segments: (all: UInt64, detached: UInt64) {
        var (all, detached): (UInt64, UInt64) = (0, 0)
        let text = (try? Files.contents(of: "/proc/sysvipc/shm", limit: longestList)) ?? []
        // The columns of the kernel's ipc/shm.c; below the heading each line is a segment.
        for line in text.split(separator: UInt8(ascii: "\n")).dropFirst() {
            let fields = line.split(separator: 0x20)
            guard fields.count >= 16, let users = number(fields[6]), let resident = number(fields[14]),
                let swapped = number(fields[15])
            else { continue }
            all += resident + swapped
            if users == 0 { detached += resident + swapped }
        }
        return (all, detached)
    }

    /// Less than this is not looked at more closely, in bytes: it takes the kernel a walk through the process's pages.
    private static let negligible: UInt64 = 8 << 20

    /// A process's part of the shared memory that it has mapped, in bytes; all of it where the process does not let its
    /// pages be looked at.
    private static func sharedMemory(of process: String) -> UInt64 {
        let mapped = field("RssShmem:", of: "/proc/" + process + "/status")
        guard mapped > negligible else { return 0 }
        let part = field("Pss_Shmem:", of: "/proc/" + process + "/smaps_rollup")
        return part > 0 ? part : mapped
    }

    /// A number of KiB in a file of the kernel's, in bytes; 0 where it is not there.
    private static func field(_ name: String, of path: String) -> UInt64 {
        guard let text = try? Files.contents(of: path, limit: 16 << 10),
            let line = text.split(separator: UInt8(ascii: "\n")).first(where: { $0.starts(with: name.utf8) })
        else { return 0 }
        return line.split(separator: 0x20).compactMap { number($0) }.first.map { $0 << 10 } ?? 0
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        UInt64(String(decoding: digits, as: UTF8.self))
    }
}
