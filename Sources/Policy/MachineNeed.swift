/// What a run can need of a machine and not every machine has, as `[isolation]` names it.
public enum MachineNeed: Hashable, Sendable {
    /// Landlock, of this version of its interface or later.
    case landlock(Int32)
    /// A time namespace.
    case timeNamespace
    /// A control group that counts the memory, where the policy limits it.
    case memoryGroup
    /// A control group that counts the processor time, where the policy limits it.
    case processorGroup
    /// A ceiling that holds the processes of the run and nothing else.
    case processCeiling

    /// The words of a policy; `landlock>=N` is one for each version.
    internal static let words = [
        "landlock", "landlock>=3", "time-namespace", "cgroup.memory", "cgroup.cpu", "processes",
    ]
    /// What a policy can do without.
    internal static let dispensable = ["landlock", "time-namespace"]

    /// Reads a word.
    internal init?(_ word: String) {
        switch word {
        case "landlock": self = .landlock(1)
        case "time-namespace": self = .timeNamespace
        case "cgroup.memory": self = .memoryGroup
        case "cgroup.cpu": self = .processorGroup
        case "processes": self = .processCeiling
        default:
            let prefix = "landlock>="
            guard word.hasPrefix(prefix), let version = Int32(word.dropFirst(prefix.count)), (1...99).contains(version)
            else { return nil }
            self = .landlock(version)
        }
    }
}

extension Policy {
    /// What the machine must have and what it may lack.
    public struct Isolation: Equatable, Sendable {
        /// What a run is refused without.
        public var require: [Item] = []
        /// What a run goes without where the machine lacks it.
        public var degrade: [Item] = []

        /// What a run is refused without, each with the place that says so; `nil` where that is no line of a policy.
        public var needs: [(need: MachineNeed, origin: Origin?)] {
            let given = Set(degrade.map(\.text))
            let usual = Self.usual.filter { !given.contains($0) }.compactMap { MachineNeed($0) }
            let asked = require.compactMap { item in MachineNeed(item.text).map { ($0, Optional(item.origin)) } }
            return asked + usual.map { ($0, nil) }
        }

        private static let usual = MachineNeed.dispensable
    }
}
