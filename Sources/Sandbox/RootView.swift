internal import Linux
public import SandboxPlan

/// What a finished layout shows of the host.
public struct RootView {
    private let steps: [String: RootStep]

    /// Reads a plan; a later step at a path replaces an earlier one.
    public init(_ plan: RootPlan) {
        self.steps = Dictionary((Groundwork.root + plan.steps).map { ($0.path, $0) }) { $1 }
    }

    /// Whether a path of the host can be seen inside under its own name.
    public func shows(_ path: String) -> Bool {
        guard let resolved = try? ResolvedPath(path) else { return false }
        var ancestor = resolved.path[...]
        while true {
            switch steps[ancestor.isEmpty ? "/" : String(ancestor)] {
            case .bind(let source, _, let target, _): return source == target
            case .mask, .temporary, .processes, .devices, .sharedMemory: return false
            case .directory, .symbolicLink, nil: break
            }
            guard !ancestor.isEmpty else { return false }
            ancestor = ancestor[..<(ancestor.lastIndex(of: "/") ?? ancestor.startIndex)]
        }
    }
}
