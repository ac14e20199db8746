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

    /// The pages of the processes that are theirs alone, and what lies in the sandbox's file systems in memory, in bytes.
    ///
    /// A memory file that is not mapped is not counted.
    private var used: UInt64 {
        var total: UInt64 = 0
        for name in (try? Files.names(in: "/proc")) ?? [] {
            guard let first = name.utf8.first, (0x31...0x39).contains(first) else { continue }
            guard let text = try? Files.contents(of: "/proc/" + name + "/statm", limit: 256) else { continue }
            let fields = text.split(separator: 0x20)
            guard fields.count >= 3, let resident = Self.number(fields[1]),
                let shared = Self.number(fields[2])
            else { continue }
            total += (resident - min(resident, shared)) * 4096
        }
        for path in fileSystems { total += (try? Files.usedBytes(ofFileSystemAt: path)) ?? 0 }
        return total
    }

    private static func number(_ digits: ArraySlice<UInt8>) -> UInt64? {
        UInt64(String(decoding: digits, as: UTF8.self))
    }
}
