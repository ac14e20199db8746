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

    /// Refuses a run that needs what is not there, and is not of the control groups.
    func check(_ policy: Policy) throws(RunError) {
        for (need, origin) in policy.isolation.needs {
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
            case .memoryGroup, .processorGroup: continue
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
