internal import Diagnostics
internal import Linux
internal import Policy

/// What this machine has of the layers that not every machine has.
internal struct MachineFacts: Equatable {
    /// The version of Landlock's interface, or `nil` where there is none.
    var landlock: Int32?
    /// Whether there are time namespaces.
    var hasTimeNamespace: Bool
    /// Whether a run can have a ceiling for its processes alone.
    var boundsProcesses: Bool

    /// Looks at the machine.
    static var ofMachine: MachineFacts {
        MachineFacts(
            landlock: LandlockRules.kernelVersion, hasTimeNamespace: TimeNamespace.isKnown,
            boundsProcesses: KernelVersion.running >= KernelVersion(major: 6, minor: 14))
    }

    /// What a run that was not refused goes without, in the words of a policy.
    var missing: [String] {
        (landlock == nil ? ["landlock"] : []) + (hasTimeNamespace ? [] : ["time-namespace"])
    }

    /// What a run in the weaker mode goes without.
    ///
    /// - Parameter protects: Whether it can keep the program from all that the policy protects.
    func missingPlain(protects: Bool) -> [String] {
        ["namespaces"] + (protects ? [] : ["protect"]) + (landlock ?? 0 < 6 ? ["signals"] : [])
    }

    /// Refuses the weaker mode where it would be none.
    func checkPlain() throws(RunError) {
        // Before version 3 a program could cut every file of the user's.
        guard landlock ?? 0 < 3 else { return }
        let found = landlock.map { "has version \($0)" } ?? "has none, or it is switched off"
        throw .part(
            ErrorReport(
                .sandboxUnavailable, "--isolation landlock needs Landlock of version 3: this kernel \(found)",
                hint: "run Linux 6.2 or later with \"landlock\" in the list of the boot option lsm="))
    }

    /// Refuses a run that needs what is not there, and is not of the control groups.
    ///
    /// - Parameter isPlain: Whether the program has no namespaces, and so no use for what comes with them by default.
    func check(_ policy: Policy, isPlain: Bool = false) throws(RunError) {
        for (need, origin) in policy.isolation.needs where !isPlain || origin != nil {
            switch need {
            case .landlock(let least):
                guard landlock ?? 0 < least else { continue }
                let found =
                    landlock.map { "this kernel has version \($0)" } ?? "this kernel has none, or it is switched off"
                throw Self.lack(
                    origin, "Landlock" + (least > 1 ? " of version \(least)" : "") + ": \(found)",
                    landlock == nil
                        ? "add \"landlock\" to the list of the boot option lsm= (Linux 5.13 or later)"
                        : "run a later kernel", origin == nil ? "landlock" : nil)
            case .timeNamespace, .processCeiling:
                guard isPlain else { break }
                throw Self.lack(
                    origin, "namespaces, and --isolation landlock makes none", "run it without that option", nil)
            case .memoryGroup, .processorGroup: continue
            }
            switch need {
            case .timeNamespace:
                guard !hasTimeNamespace else { continue }
                throw Self.lack(
                    origin, "a time namespace: this kernel has none", "run Linux 5.6 or later with CONFIG_TIME_NS",
                    origin == nil ? "time-namespace" : nil)
            case .processCeiling:
                guard !boundsProcesses else { continue }
                throw Self.lack(
                    origin, "a ceiling for the processes of a run: this kernel has none", "run Linux 6.14 or later", nil
                )
            case .landlock, .memoryGroup, .processorGroup: continue
            }
        }
    }

    /// Refuses a run whose control groups the policy needs and this machine did not make.
    static func checkGroups(
        _ policy: Policy, memory: ControlGroup.Version?, processor: ControlGroup.Version?
    ) throws(RunError) {
        for (need, origin) in policy.isolation.needs {
            switch need {
            case .memoryGroup where policy.limits.memory != nil && memory == nil:
                throw lack(origin, "a control group for its memory: none can be made here", Self.delegation, nil)
            case .processorGroup where policy.limits.processorTime != nil && processor == nil:
                throw lack(
                    origin, "a control group for its processor time: none can be made here", Self.delegation, nil)
            default: continue
            }
        }
    }

    private static let delegation =
        "delegate the controllers to this user: systemd-run --user --scope -p Delegate=yes vault-sandbox …"

    /// - Parameter word: What a policy has to write to go without it, or `nil` where a line of it asks for it.
    private static func lack(_ origin: Policy.Origin?, _ what: String, _ remedy: String, _ word: String?) -> RunError {
        let message = "\(origin.map { "\($0): " } ?? "")the run needs \(what)"
        let way = word.map { "; or go without, with degrade = [\"\($0)\"] under [isolation] of a policy" }
        return .part(ErrorReport(.sandboxUnavailable, message, hint: remedy + (way ?? "")))
    }
}
