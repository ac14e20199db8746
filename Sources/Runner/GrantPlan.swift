internal import Linux
internal import Policy
internal import Sandbox

/// Turns a policy's paths, and those added for one run, into grants.
internal enum GrantPlan {
    /// The grants in the order of the policy, then of the run; what must stay hidden comes last.
    static func grants(
        policy: Policy, request: RunRequest, places: Places, workDirectory: String, traps: TrapWatch
    ) throws(RunError) -> [Grant] {
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
                    Grant(
                        path: path, access: access, isOptional: rule.isOptional, origin: "\(rule.origin)",
                        canonicalPath: rule.canonicalPath))
            }
        }
        grants += traps.protections
        let masked = Set(grants.filter { $0.access == .mask }.map(\.path))
        if Processes.effectiveUser == 0, grants.contains(where: { $0.path == "/etc" && $0.access == .read }) {
            grants += PrivateSettings.masks().filter { !masked.contains($0.path) }
        }
        for (paths, access, option) in [
            (request.reads, Grant.Access.read, "--read"), (request.writes, .write, "--write"),
        ] {
            for path in paths {
                let grant = Grant(
                    path: Files.absolutePath(path, from: current), access: access, isOptional: false, origin: option)
                try refuseTooMuch(grant, places: places)
                guard !masked.contains(grant.path) else {
                    throw .argument(
                        "\(option) \(grant.path): the policy \(policy.name) masks it, and would show it empty",
                        hint: "name what you need inside it, or take the mask away in a policy of yours")
                }
                grants.append(grant)
            }
        }
        let keys = KeyReader.namedFiles(request.key).map { Files.absolutePath($0, from: current) }
        grants += (places.hidden + keys).map {
            Grant(path: $0, access: .hide, isOptional: true, origin: "vault-sandbox")
        }
        return grants
    }

    /// Folders in which other programs keep the sockets by which they are told what to do.
    private static let socketFolders = ["/run", "/run/user"] + WorkDirectory.sharedFolders

    /// Refuses a path of an option that is everybody's.
    private static func refuseTooMuch(_ grant: Grant, places: Places) throws(RunError) {
        let path = (try? Files.canonicalPath(grant.path)) ?? grant.path
        let reason: String?
        if socketFolders.contains(path) || path == places.runtime {
            reason = "other programs' sockets lie in it"
        } else if grant.access == .write, let status = try? Files.status(path), status.kind == .directory {
            reason = WorkDirectory.sharing(status)
        } else {
            reason = nil
        }
        guard let reason else { return }
        throw .argument("\(grant.origin) \(grant.path): \(reason)", hint: "name what in it the program needs")
    }

    private static var current: String { (try? Files.currentDirectory()) ?? "/" }
}
