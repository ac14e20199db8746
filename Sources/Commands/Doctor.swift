internal import Diagnostics
internal import Linux
internal import Runner
internal import Secrets

/// Looks at this machine: for each layer whether it works, why not, and the one command or file that would change it.
internal struct Doctor {
    /// What the machine says.
    let machine: Machine
    /// Where the caller's things are.
    let places: Places

    /// Every check in the order in which a person would want to know.
    func examine() -> [DoctorCheck] {
        let sandbox = launch()
        return [sandbox]
            + settings(runsWork: sandbox.state == .works, makesNamespaces: Runner.makesNamespaces)
            + [memoryLimit(), processLimit(), processorLimit(), memoryLocking(), vault()]
    }

    /// What the machine's files explain, without trying anything.
    ///
    /// - Parameters:
    ///   - runsWork: Whether a run worked: what stands in the way of runs then does not stand in the way of this one's.
    ///   - makesNamespaces: Whether the kernel gave a process new namespaces.
    func settings(runsWork: Bool, makesNamespaces: Bool) -> [DoctorCheck] {
        [
            userNamespaces(runsWork, makesNamespaces), processFiles(runsWork), networkNamespaces(), timeNamespace(),
            filter(),
            landlock(),
            weakerMode(), terminal(), fileWatches(),
        ]
    }

    /// A real run of a harmless program under `default`: the proof that all else is only an explanation of.
    private func launch() -> DoctorCheck {
        // A name that nobody can take beforehand.
        let folder = "/tmp/vault-sandbox-doctor-\(String(UInt64.random(in: 1 << 60 ... .max), radix: 16))"
        do {
            // Before the folder is made: signals that would end this process wait from here on, until it is removed.
            let beginning = try Runner.Beginning()
            try Files.makeDirectory(folder, mode: 0o700)
            defer { try? Files.remove(folder, isDirectory: true) }
            var request = RunRequest(command: [Array("true".utf8)])
            request.secrets = .none
            request.workDirectory = folder
            request.policies = ["default"]
            let result = try Runner.run(request, beginning: beginning, output: .captured, places: places)
            return result.exitStatus == 0
                ? DoctorCheck("sandbox", .works, "a program ran under the policy default")
                : DoctorCheck(
                    "sandbox", .missing, "the program true ended with \(result.exitStatus) under the policy default",
                    remedy: "look at the system's own `true`, and at limits of this login")
        } catch let error as RunError {
            return DoctorCheck("sandbox", .missing, error.report.message, remedy: error.report.hint)
        } catch {
            return DoctorCheck("sandbox", .missing, "\(error)", remedy: "make /tmp writable")
        }
    }

    private func userNamespaces(_ runsWork: Bool, _ makesNamespaces: Bool) -> DoctorCheck {
        let name = "user namespaces"
        if machine.line("/proc/sys/user/max_user_namespaces") == "0" {
            return DoctorCheck(
                name, .missing, "user.max_user_namespaces is 0", remedy: "sysctl -w user.max_user_namespaces=15000")
        }
        if machine.user != 0, machine.line("/proc/sys/kernel/unprivileged_userns_clone") == "0" {
            return DoctorCheck(
                name, .missing, "kernel.unprivileged_userns_clone is 0",
                remedy: "sysctl -w kernel.unprivileged_userns_clone=1")
        }
        if machine.user != 0, machine.line("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1",
            machine.profile == nil
        {
            return DoctorCheck(
                name, runsWork ? .partial : .missing,
                "AppArmor restricts user namespaces to programs with a profile, and this one has none",
                remedy: "cp /usr/local/share/vault-sandbox/apparmor/vault-sandbox /etc/apparmor.d/ && "
                    + "apparmor_parser -r /etc/apparmor.d/vault-sandbox, as root")
        }
        guard makesNamespaces || !machine.isFiltered else {
            return DoctorCheck(
                name, .missing,
                "a filter of system calls around this process refuses them"
                    + (machine.container.map { ", that of \($0.rawValue)" } ?? ""),
                remedy: filterRemedy)
        }
        guard makesNamespaces else {
            return DoctorCheck(
                name, .missing, "the kernel refuses them although its settings do not say so",
                remedy: "look for a security module in the kernel's log (dmesg)")
        }
        return DoctorCheck(name, .works, "permitted by the kernel's settings")
    }

    /// What lets the system calls of a launch through the filter of whoever runs this process.
    private var filterRemedy: String {
        switch machine.container {
        case .docker, .podman:
            "run the container with --security-opt seccomp=PROFILE, a profile that allows clone, unshare, mount and "
                + "pivot_root with the calls of mount_setattr(2) and fsopen(2), or with seccomp=unconfined"
        case .kubernetes:
            "give the pod hostUsers: false and a seccompProfile of type Localhost that allows clone, unshare and mount"
        case nil: "run outside of it, or let its profile allow clone, unshare and mount"
        }
    }

    /// A new /proc is refused where the caller's is covered in part.
    private func processFiles(_ runsWork: Bool) -> DoctorCheck {
        let covered = machine.coveredProcessFiles
        guard !runsWork, machine.user != 0 || machine.container != nil, let first = covered.first else {
            return DoctorCheck("process files", .works, "a run has a /proc of its own")
        }
        let remedy =
            switch machine.container {
            case .docker, .podman: "run the container with --security-opt systempaths=unconfined"
            case .kubernetes: "give the container securityContext.procMount: Unmasked, and the pod hostUsers: false"
            case nil: "umount \(first), or run where /proc is whole"
            }
        return DoctorCheck(
            "process files", .missing,
            "the kernel refuses a run its own /proc, as this one is covered at \(first)"
                + (covered.count > 1 ? " and \(covered.count - 1) more places" : ""),
            remedy: remedy)
    }

    private func networkNamespaces() -> DoctorCheck {
        machine.line("/proc/sys/user/max_net_namespaces") == "0"
            ? DoctorCheck(
                "network namespace", .missing, "user.max_net_namespaces is 0",
                remedy: "sysctl -w user.max_net_namespaces=15000")
            : DoctorCheck("network namespace", .works, "permitted by the kernel's settings")
    }

    private func timeNamespace() -> DoctorCheck {
        machine.exists("/proc/self/ns/time")
            ? DoctorCheck("time namespace", .works, "the kernel has it")
            : DoctorCheck(
                "time namespace", .partial, "the kernel has none; the policy default goes without it",
                remedy: "Linux 5.6 or later with CONFIG_TIME_NS")
    }

    private func filter() -> DoctorCheck {
        let actions = machine.line("/proc/sys/kernel/seccomp/actions_avail") ?? ""
        return actions.contains("errno") && actions.contains("kill_process")
            ? DoctorCheck("system-call filter", .works, "the kernel offers \(actions)")
            : DoctorCheck(
                "system-call filter", .missing, "the kernel lacks seccomp filters",
                remedy: "a kernel with CONFIG_SECCOMP_FILTER")
    }

    private func landlock() -> DoctorCheck {
        guard let version = machine.landlock else {
            let list = machine.line("/sys/kernel/security/lsm").map { "; lsm= has \($0)" } ?? ""
            return DoctorCheck(
                "Landlock", .missing, "the kernel has none, it is switched off, or a filter refuses it\(list)",
                remedy:
                    "Linux 5.13 or later with \"landlock\" in the list of the boot option lsm=; or go without, with "
                    + "degrade = [\"landlock\"] under [isolation] of a policy")
        }
        guard version < 6 else {
            return DoctorCheck("Landlock", .works, "version \(version): files, signals, abstract sockets")
        }
        return DoctorCheck(
            "Landlock", .partial,
            "version \(version): files\(version < 3 ? " but not that they are cut" : ""), neither signals nor abstract "
                + "sockets",
            remedy: "Linux 6.12 or later")
    }

    private func weakerMode() -> DoctorCheck {
        let version = machine.landlock ?? 0
        guard version >= 3 else {
            return DoctorCheck(
                "weaker mode", .partial, "exec --isolation landlock needs Landlock of version 3",
                remedy: "Linux 6.2 or later with Landlock")
        }
        return DoctorCheck(
            "weaker mode", .works,
            "exec --isolation landlock, without namespaces\(version < 6 ? " and bounds for signals" : "")")
    }

    private func terminal() -> DoctorCheck {
        machine.text("/proc/filesystems").split(separator: "\n").contains("nodev\tdevpts")
            ? DoctorCheck("terminal", .works, "exec --tty has terminals of the sandbox's own")
            : DoctorCheck(
                "terminal", .partial, "the kernel has no devpts: exec --tty is refused",
                remedy: "a kernel with CONFIG_UNIX98_PTYS")
    }

    /// How many directories can be watched for what is written; those beyond are looked at when the run has ended.
    private func fileWatches() -> DoctorCheck {
        let watches = machine.number("/proc/sys/fs/inotify/max_user_watches") ?? 0
        let sets = machine.number("/proc/sys/fs/inotify/max_user_instances") ?? 0
        return watches >= 8192 && sets >= 16
            ? DoctorCheck("file watches", .works, "\(watches) directories")
            : DoctorCheck(
                "file watches", .partial,
                "\(watches) directories in \(sets) sets: the look at what a run wrote takes longer in large trees",
                remedy: "sysctl -w fs.inotify.max_user_watches=65536 fs.inotify.max_user_instances=128")
    }

    private func memoryLimit() -> DoctorCheck {
        if let group = ControlGroup.make(memory: 64 << 20) {
            return DoctorCheck("memory limit", .works, "control groups of version \(group.version.rawValue)")
        }
        return DoctorCheck(
            "memory limit", .partial, "no control group can be made here; PID 1 of each run looks 20 times a second",
            remedy: "delegate the memory controller to this user: Delegate=memory in a systemd unit, or systemd-run "
                + "--user --scope -p Delegate=memory vault-sandbox …")
    }

    private func processLimit() -> DoctorCheck {
        // A ceiling for each process-id namespace came with Linux 6.14.
        if machine.kernel >= KernelVersion(major: 6, minor: 14) {
            return DoctorCheck("process limit", .works, "each run has a ceiling of its own")
        }
        return machine.user == 0
            ? DoctorCheck(
                "process limit", .partial, "this kernel does not hold root to a number of processes",
                remedy: "Linux 6.14 or later, or run as an ordinary user where a fork bomb matters")
            : DoctorCheck("process limit", .works, "the user's, RLIMIT_NPROC")
    }

    private func processorLimit() -> DoctorCheck {
        if let group = ControlGroup.makeCounting() {
            return DoctorCheck("processor time", .works, "control groups of version \(group.version.rawValue)")
        }
        return DoctorCheck(
            "processor time", .partial,
            "no control group can be made here; PID 1 of each run with a limit adds up what its processes used",
            remedy: "run under systemd-run --user --scope -p Delegate=yes vault-sandbox …")
    }

    /// How much is looked for: the values and patterns of most runs.
    private static let lockedKibibytes = 8 << 10

    /// Whether guarded memory is kept out of swap; where the kernel refuses that, secrets are used all the same.
    private func memoryLocking() -> DoctorCheck {
        let wanted = Self.lockedKibibytes
        let before = lockedMemory()
        let probe = SecretBytes(count: wanted << 10) { _ in }
        let locked = lockedMemory() - before
        guard probe.count > 0, locked < wanted else {
            return DoctorCheck(
                "memory locking", .works, "values and patterns of \(wanted >> 10) MiB are kept out of swap")
        }
        return DoctorCheck(
            "memory locking", .partial,
            "the kernel does not lock \(wanted >> 10) MiB: secrets of larger runs may be written to swap",
            remedy: "raise `ulimit -l`, or memlock in /etc/security/limits.conf")
    }

    /// How much of this process's memory is locked, in KiB.
    private func lockedMemory() -> Int {
        let line = machine.text("/proc/self/status").split(separator: "\n").first { $0.hasPrefix("VmLck:") } ?? ""
        return Int(line.filter { ("0"..."9").contains($0) }) ?? 0
    }

    private func vault() -> DoctorCheck {
        switch VaultState.look(at: places) {
        case .usable: DoctorCheck("vault", .works, places.data)
        case .none:
            DoctorCheck(
                "vault", .partial, "none at \(places.data)",
                remedy: "vault-sandbox init, or run without secrets")
        case .refused(let report): DoctorCheck("vault", .partial, report.message, remedy: report.hint)
        }
    }
}
