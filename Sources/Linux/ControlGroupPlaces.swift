/// Where this process is in the trees of control groups (cgroups(7)), as paths of directories.
public struct ControlGroupPlaces: Equatable, Sendable {
    /// Its directory in the unified tree (version 2), or `nil` where none is mounted.
    public var unified: String?
    /// Its directory in the tree of the memory controller of version 1, or `nil` where there is none.
    public var memory: String?
    /// Its directory in the tree of the controller of version 1 that counts processor time, or `nil` where there is none.
    public var processorTime: String?

    /// The largest description of the kernel's that is read, in bytes.
    private static let sizeLimit = 1 << 20

    /// Looks at this process.
    public static func ofThisProcess() -> ControlGroupPlaces {
        func text(_ path: String) -> String {
            String(decoding: (try? Files.contents(of: path, limit: sizeLimit)) ?? [], as: UTF8.self)
        }
        return ControlGroupPlaces(groups: text("/proc/self/cgroup"), mounts: text("/proc/self/mountinfo"))
    }

    /// Reads the texts of /proc/PID/cgroup and /proc/PID/mountinfo.
    public init(groups: String, mounts: String) {
        var paths: [Substring: Substring] = [:]
        for line in groups.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            // The unified tree's line names no controller.
            if parts[1].isEmpty { paths[""] = parts[2] }
            for controller in parts[1].split(separator: ",") { paths[controller] = parts[2] }
        }
        for line in mounts.split(separator: "\n") {
            // Identifiers, device, root, mount point, options and tags, then a dash, kind, source and the tree's options.
            let fields = line.split(separator: " ")
            guard let dash = fields.firstIndex(of: "-"), dash >= 5, fields.count >= dash + 4 else { continue }
            let (root, point) = (fields[3], fields[4])
            switch fields[dash + 1] {
            case "cgroup2": unified = unified ?? paths[""].flatMap { Self.directory($0, root: root, point: point) }
            case "cgroup":
                let controllers = fields[dash + 3].split(separator: ",")
                func place(_ controller: Substring) -> String? {
                    guard controllers.contains(controller) else { return nil }
                    return paths[controller].flatMap { Self.directory($0, root: root, point: point) }
                }
                memory = memory ?? place("memory")
                processorTime = processorTime ?? place("cpuacct")
            default: continue
            }
        }
    }

    /// The directory of a group in a mount that shows the tree from `root` on; `nil` where the group lies outside of it.
    private static func directory(_ path: Substring, root: Substring, point: Substring) -> String? {
        if root == "/" { return path == "/" ? String(point) : "\(point)\(path)" }
        guard path == root || path.hasPrefix(root + "/") else { return nil }
        return "\(point)\(path.dropFirst(root.count))"
    }
}
