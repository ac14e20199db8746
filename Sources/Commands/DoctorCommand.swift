internal import ArgumentParser
internal import Diagnostics
internal import Linux
internal import Runner
internal import Secrets

/// `vault-sandbox doctor`: what works on this machine, what does not, and what would change it.
internal struct DoctorCommand: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Say what this machine offers, and what to change where something is missing.")

    @Flag(help: "Print JSON.") var json = false
    @OptionGroup var output: OutputOptions

    func answer() throws -> Int32 {
        let checks = Doctor.examine(places: .ofCaller())
        if json {
            Console.print(json: ["checks": checks])
        } else {
            for check in checks {
                Console.print("\(check.state.rawValue.padded(to: 8))  \(check.name.padded(to: 18))  \(check.detail)")
                if let remedy = check.remedy { Console.print("          \("".padded(to: 18))  hint: \(remedy)") }
            }
        }
        return checks.contains { $0.state == .missing } ? 1 : 0
    }
}

/// One thing that was looked at.
internal struct DoctorCheck: Encodable, Equatable {
    /// How it stands.
    enum State: String, Encodable {
        /// It works.
        case works
        /// It works in part, and runs are possible.
        case partial
        /// It does not work, and runs are refused.
        case missing
    }

    let name: String
    let state: State
    let detail: String
    let remedy: String?

    init(_ name: String, _ state: State, _ detail: String, remedy: String? = nil) {
        self.name = name
        self.state = state
        self.detail = detail
        self.remedy = remedy
    }
}

/// Looks at this machine.
internal enum Doctor {
    /// Every check in the order in which a person would want to know.
    static func examine(places: Places) -> [DoctorCheck] {
        [
            launch(places), namespaces(), timeNamespace(), filter(), landlock(), memoryLimit(), processLimit(),
            processorLimit(), memoryLocking(), vault(places),
        ]
    }

    /// A real run of a harmless program under `default`: the proof that all else is only an explanation of.
    private static func launch(_ places: Places) -> DoctorCheck {
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

    private static func namespaces() -> DoctorCheck {
        if let limit = setting("/proc/sys/user/max_user_namespaces"), limit == "0" {
            return DoctorCheck(
                "user namespaces", .missing, "user.max_user_namespaces is 0",
                remedy: "sysctl -w user.max_user_namespaces=15000")
        }
        if setting("/proc/sys/kernel/unprivileged_userns_clone") == "0", Processes.effectiveUser != 0 {
            return DoctorCheck(
                "user namespaces", .missing, "kernel.unprivileged_userns_clone is 0",
                remedy: "sysctl -w kernel.unprivileged_userns_clone=1")
        }
        if setting("/proc/sys/kernel/apparmor_restrict_unprivileged_userns") == "1", Processes.effectiveUser != 0 {
            return DoctorCheck(
                "user namespaces", .partial, "AppArmor restricts user namespaces to programs with a profile",
                remedy: "give vault-sandbox an AppArmor profile that permits userns")
        }
        return DoctorCheck("user namespaces", .works, "permitted by the kernel's settings")
    }

    private static func timeNamespace() -> DoctorCheck {
        (try? Files.status("/proc/self/ns/time")) != nil
            ? DoctorCheck("time namespace", .works, "the kernel has it")
            : DoctorCheck(
                "time namespace", .partial, "the kernel has none; runs go without it", remedy: "Linux 5.6 or later")
    }

    private static func filter() -> DoctorCheck {
        let actions = setting("/proc/sys/kernel/seccomp/actions_avail") ?? ""
        return actions.contains("errno") && actions.contains("kill_process")
            ? DoctorCheck("system-call filter", .works, "the kernel offers \(actions)")
            : DoctorCheck(
                "system-call filter", .missing, "the kernel lacks seccomp filters",
                remedy: "a kernel with CONFIG_SECCOMP_FILTER")
    }

    private static func landlock() -> DoctorCheck {
        guard let version = LandlockRules.kernelVersion else {
            return DoctorCheck(
                "Landlock", .partial, "the kernel has none, or it is switched off; runs go without it",
                remedy: "Linux 5.13 or later with \"landlock\" in the list of the boot option lsm=")
        }
        return version >= 6
            ? DoctorCheck("Landlock", .works, "version \(version): files, signals, abstract sockets")
            : DoctorCheck(
                "Landlock", .partial, "version \(version): files, but neither signals nor abstract sockets",
                remedy: "Linux 6.12 or later")
    }

    private static func memoryLimit() -> DoctorCheck {
        if let group = ControlGroup.make(memory: 64 << 20) {
            return DoctorCheck("memory limit", .works, "control groups of version \(group.version.rawValue)")
        }
        return DoctorCheck(
            "memory limit", .partial, "no control group can be made here; PID 1 of each run looks 20 times a second",
            remedy: "delegate the memory controller to this user: Delegate=memory in a systemd unit, or systemd-run "
                + "--user --scope -p Delegate=memory vault-sandbox …")
    }

    private static func processLimit() -> DoctorCheck {
        // A ceiling for each process-id namespace came with Linux 6.14.
        let release = (setting("/proc/sys/kernel/osrelease") ?? "").split { $0 == "." || $0 == "-" }.prefix(2)
            .compactMap { Int($0) }
        if release.count == 2, (release[0], release[1]) >= (6, 14) {
            return DoctorCheck("process limit", .works, "each run has a ceiling of its own")
        }
        return Processes.effectiveUser == 0
            ? DoctorCheck(
                "process limit", .partial, "this kernel does not hold root to a number of processes",
                remedy: "Linux 6.14 or later, or run as an ordinary user where a fork bomb matters")
            : DoctorCheck("process limit", .works, "the user's, RLIMIT_NPROC")
    }

    private static func processorLimit() -> DoctorCheck {
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
    private static func memoryLocking() -> DoctorCheck {
        let before = lockedMemory()
        let probe = SecretBytes(count: lockedKibibytes << 10) { _ in }
        let locked = lockedMemory() - before
        guard probe.count > 0, locked < lockedKibibytes else {
            return DoctorCheck(
                "memory locking", .works, "values and patterns of \(lockedKibibytes >> 10) MiB are kept out of swap")
        }
        return DoctorCheck(
            "memory locking", .partial,
            "the kernel does not lock \(lockedKibibytes >> 10) MiB: secrets of larger runs may be written to swap",
            remedy: "raise `ulimit -l`, or memlock in /etc/security/limits.conf")
    }

    /// How much of this process's memory is locked, in KiB.
    private static func lockedMemory() -> Int {
        let lines = ((try? Files.contents(of: "/proc/self/status", limit: 16 << 10)) ?? [])
            .split(separator: UInt8(ascii: "\n"))
        let line = lines.first { $0.starts(with: "VmLck:".utf8) } ?? []
        return Int(String(decoding: line.filter { (0x30...0x39).contains($0) }, as: UTF8.self)) ?? 0
    }

    private static func vault(_ places: Places) -> DoctorCheck {
        switch VaultState.look(at: places) {
        case .usable: DoctorCheck("vault", .works, places.data)
        case .none:
            DoctorCheck(
                "vault", .partial, "none at \(places.data)",
                remedy: "vault-sandbox init, or run without secrets")
        case .refused(let report): DoctorCheck("vault", .partial, report.message, remedy: report.hint)
        }
    }

    /// The one line of a kernel setting, or `nil` where the kernel does not have it.
    private static func setting(_ path: String) -> String? {
        guard let bytes = try? Files.contents(of: path, limit: 4096) else { return nil }
        return String(decoding: bytes.prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
    }
}

extension String {
    /// The text with spaces behind it up to a width.
    fileprivate func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
