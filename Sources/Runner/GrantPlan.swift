internal import Linux
internal import Policy
internal import Sandbox

/// Turns a policy's paths, and those added for one run, into grants.
internal enum GrantPlan {
    /// The grants in the order of the policy, then of the run; what must stay hidden comes last.
    static func grants(
        policy: Policy, request: RunRequest, places: Places, workDirectory: String
    ) -> [Grant] {
        let lists: [([Policy.Item], Grant.Access)] = [
            (policy.filesystem.read, .read), (policy.filesystem.write, .write),
            (policy.filesystem.protect, .protect), (policy.filesystem.mask, .mask),
        ]
        var grants: [Grant] = []
        for (rules, access) in lists {
            for rule in rules {
                let path = rule.expanded(
                    home: places.home, workDirectory: workDirectory, runtimeDirectory: places.runtime)
                grants.append(
                    Grant(path: path, access: access, isOptional: rule.isOptional, origin: "\(rule.origin)"))
            }
        }
        grants += request.reads.map { added($0, .read, "--read") }
        grants += request.writes.map { added($0, .write, "--write") }
        var hidden = places.hidden
        if let key = KeyReader.keyFilePath(request.key) { hidden.append(Files.absolutePath(key, from: current)) }
        grants += hidden.map { Grant(path: $0, access: .mask, isOptional: false, origin: "vault-sandbox") }
        return grants
    }

    private static func added(_ path: String, _ access: Grant.Access, _ option: String) -> Grant {
        Grant(path: Files.absolutePath(path, from: current), access: access, isOptional: false, origin: option)
    }

    private static var current: String { (try? Files.currentDirectory()) ?? "/" }
}
