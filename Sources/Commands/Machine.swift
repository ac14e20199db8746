internal import Linux

/// What the kernel's own files, and those of whoever runs containers, say of this machine.
internal struct Machine {
    /// What stands before every path; tests have a folder with the files of another machine.
    var root = ""
    /// The caller's user.
    var user = Processes.effectiveUser
    /// The version of Landlock's interface, or `nil` where there is none.
    var landlock = LandlockRules.kernelVersion

    /// Whose container this process is in.
    enum Container: String {
        /// Docker's.
        case docker = "Docker"
        /// Podman's.
        case podman = "Podman"
        /// A pod's.
        case kubernetes = "Kubernetes"
    }

    /// The container that this process is in, or `nil` where nothing tells of one.
    var container: Container? {
        if exists("/var/run/secrets/kubernetes.io") || exists("/run/secrets/kubernetes.io") { return .kubernetes }
        if exists("/run/.containerenv") { return .podman }
        return exists("/.dockerenv") ? .docker : nil
    }

    /// The version of the kernel; 0.0 where it does not say.
    var kernel: KernelVersion {
        KernelVersion(line("/proc/sys/kernel/osrelease") ?? "") ?? KernelVersion(major: 0, minor: 0)
    }

    /// Whether somebody put a filter of system calls around this process.
    var isFiltered: Bool { text("/proc/self/status").split(separator: "\n").contains("Seccomp:\t2") }

    /// The AppArmor profile that holds this process, or `nil` where none does.
    var profile: String? {
        guard let label = line("/proc/self/attr/apparmor/current") ?? line("/proc/self/attr/current") else {
            return nil
        }
        return label.isEmpty || label == "unconfined" ? nil : String(label.prefix { $0 != " " })
    }

    /// Places in /proc that something is mounted over.
    var coveredProcessFiles: [String] {
        text("/proc/self/mountinfo").split(separator: "\n").compactMap { line in
            let fields = line.split(separator: " ")
            return fields.count > 4 && fields[4].hasPrefix("/proc/") ? String(fields[4]) : nil
        }
    }

    /// The one line of a file, or `nil` where there is none.
    func line(_ path: String) -> String? {
        guard exists(path) else { return nil }
        return text(path).split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
    }

    /// A number that stands alone in a file, or `nil` where there is none.
    func number(_ path: String) -> Int? { line(path).flatMap { Int($0) } }

    /// Whether there is something at a path.
    func exists(_ path: String) -> Bool { (try? Files.status(root + path)) != nil }

    /// A whole file, or nothing where it cannot be read.
    func text(_ path: String) -> String {
        String(decoding: (try? Files.contents(of: root + path, limit: 1 << 20)) ?? [], as: UTF8.self)
    }
}
