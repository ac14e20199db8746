internal import Linux
internal import SandboxPlan

/// /proc of the sandbox: its own processes, with the parts of the whole machine covered or read-only.
internal enum ProcessesView {
    /// What OCI runtimes cover: the kernel's memory, keys, timers and hardware.
    private static let masked = [
        "acpi", "asound", "interrupts", "kallsyms", "kcore", "key-users", "keys", "kmsg", "kpagecgroup", "kpagecount",
        "kpageflags", "latency_stats", "sched_debug", "scsi", "slabinfo", "timer_list", "timer_stats", "vmallocinfo",
    ]

    /// What OCI runtimes leave readable but not writable; and of init, that the kernel rather ends it than others.
    private static let readOnly = ["1/oom_score_adj", "bus", "fs", "irq", "sys", "sysrq-trigger"]

    /// Mounts a fresh procfs, which the kernel allows only where the caller's /proc has nothing mounted over it.
    static func attach(to root: inout SandboxRoot) throws(LaunchFailure) {
        let processes = try during(.mountProcesses) { () throws(SystemCallError) in
            try Mounts.make("proc", attributes: [.noSetUID, .noDevices, .noExecute])
        }
        try root.attach(processes, at: "/proc", isDirectory: true, step: .mountProcesses)
        root.processCeiling = ProcessCeiling(in: processes)
        for name in readOnly {
            try protect(name, in: root)
        }
        for name in masked {
            guard let status = try? Files.status(name, from: .open(processes), followingLinks: false) else { continue }
            try root.mask("/proc/" + name, isDirectory: status.kind == .directory)
        }
    }

    /// Binds a part of /proc onto itself, read-only; what this kernel does not have is passed over.
    private static func protect(_ name: String, in root: borrowing SandboxRoot) throws(LaunchFailure) {
        guard root.groundwork.keeps(.masks) else { return }
        do {
            let place = try root.open("proc/" + name)
            let tree = try Mounts.copyTree(at: place)
            try Mounts.restrict(
                tree, adding: [.readOnly, .noSetUID, .noDevices, .noExecute], recursively: true)
            try Mounts.attach(tree, to: place)
        } catch let error where error.errno == .noSuchFile {
            return
        } catch {
            throw LaunchFailure(step: .mountProcesses, errno: error.errno, subject: "/proc/" + name)
        }
    }
}
