internal import Diagnostics
internal import Linux
internal import Policy
internal import Sandbox

/// Puts what patterns mean now in the place of the patterns of a policy's paths.
internal enum PathPatterns {
    /// A policy whose paths are paths.
    static func expand(
        _ policy: Policy, places: Places, workDirectory: String
    ) throws(RunError) -> Policy {
        var expanded = policy
        func expand(_ items: inout [Policy.Item], grants: Bool) throws(RunError) {
            guard items.contains(where: { $0.isPattern }) else { return }
            var all: [Policy.Item] = []
            for item in items {
                all += try Self.expand(item, grants: grants, places: places, workDirectory: workDirectory)
            }
            items = all
        }
        try expand(&expanded.filesystem.read, grants: true)
        try expand(&expanded.filesystem.write, grants: true)
        try expand(&expanded.filesystem.protect, grants: false)
        try expand(&expanded.filesystem.mask, grants: false)
        return expanded
    }

    /// The items that one stands for: itself where it is a path.
    ///
    /// - Parameter grants: Whether it shows something, and does not only take away.
    static func expand(
        _ item: Policy.Item, grants: Bool, places: Places, workDirectory: String
    ) throws(RunError) -> [Policy.Item] {
        guard item.isPattern else { return [item] }
        let path = item.expanded(home: places.home, workDirectory: workDirectory, runtimeDirectory: places.runtime)
        guard let pattern = PathPattern(path) else { return [item] }
        return try matches(of: pattern, item, path, grants: grants)
    }

    /// The items that a pattern stands for.
    private static func matches(
        of pattern: PathPattern, _ item: Policy.Item, _ path: String, grants: Bool
    ) throws(RunError) -> [Policy.Item] {
        let found: [PathPattern.Match]
        do throws(SystemCallError) {
            found = try pattern.matches(findsLinks: !grants)
        } catch {
            switch error.errno {
            case .argumentsTooLong:
                throw problem(
                    "\(item.origin): \(path) stands for more than \(PathPattern.mostMatches) paths",
                    "name the folder that they are in, or less of them")
            case .invalidArgument:
                throw problem(
                    "\(item.origin): \(path) stands for a name that is not UTF-8: \(error.subject ?? "")",
                    "rename the file")
            default: throw .part(SandboxError.system(error, during: "look for \(path) (\(item.origin))").report)
            }
        }
        guard !found.isEmpty || !grants || item.isOptional else {
            throw problem(
                "\(item.origin): nothing is like \(path)",
                "create it, or write \"?\(item.text)\" where it may be missing; links are passed over")
        }
        // What goes away meanwhile was not named; a mask keeps what its mark says of other names.
        return found.map {
            item.matched($0.path, canonicalPath: $0.canonicalPath, isOptional: grants || item.isOptional)
        }
    }

    private static func problem(_ message: String, _ hint: String) -> RunError {
        .part(ErrorReport(.policyInvalid, message, hint: hint))
    }
}
