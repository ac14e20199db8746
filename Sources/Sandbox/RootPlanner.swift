internal import Linux
internal import SandboxPlan

/// The state of a layout in the making: the steps so far, and what each path shows by them.
internal struct RootPlanner {
    /// The steps, in order.
    private(set) var steps: [RootStep] = []
    /// What the deepest step at or above a path makes of it.
    private var shown: [String: View] = [:]
    private var links: Set<String> = []

    /// What a path shows inside.
    private enum View: Equatable {
        /// Something of the sandbox's own, in which missing places are made.
        case own
        /// The host's, read-only.
        case readOnly
        /// The host's, writable.
        case writable
        /// Something empty.
        case masked
        /// Nothing, and no grant may change that.
        case hidden
    }

    /// Takes note of a step that is carried out before all others and is none of this layout.
    mutating func assume(_ step: RootStep) { shown[step.path] = .own }

    /// Adds a step that needs no look at the host.
    mutating func add(_ step: RootStep) {
        steps.append(step)
        shown[step.path] = .own
    }

    /// Adds what a grant needs, or nothing where what is there already gives the same.
    mutating func add(_ grant: Grant, _ found: ResolvedPath, hasDeeperGrants: Bool) throws(SandboxError) {
        let current = view(of: found.path)
        if current == .hidden, grant.access.grants {
            guard grant.isOptional else { throw .hiddenPath(grant.path, origin: grant.origin) }
            return
        }
        switch grant.access {
        case .read:
            if current != .readOnly || shown[found.path] != nil { bind(found, isWritable: false) }
        case .write:
            if current != .writable { bind(found, isWritable: true) }
        case .cache(let source):
            guard let status = try? Files.status(source, followingLinks: false) else {
                throw .missingPath(source, origin: grant.origin)
            }
            append(
                .bind(source: source, identity: status.identity, path: found.path, isWritable: true), .writable)
        case .protect:
            // What cannot be written needs no protection; what is not visible, no mask.
            guard current == .writable else { return }
            pinParents(of: found.path)
            bind(found, isWritable: false)
        case .mask:
            guard current == .readOnly || current == .writable else { return }
            // Optional is the caller's word that other names do no harm.
            if !grant.isOptional { try refuseOtherNames(of: found, origin: grant.origin) }
            if current == .writable { pinParents(of: found.path) }
            if hasDeeperGrants, found.identity.kind == .directory {
                append(.temporary(path: found.path, size: 65536, mode: 0o555), .own)
            } else {
                append(.mask(path: found.path, identity: found.identity), .masked)
            }
        case .hide:
            if current == .writable { pinParents(of: found.path) }
            if current == .readOnly || current == .writable {
                try refuseOtherNames(of: found, origin: grant.origin)
                steps.append(.mask(path: found.path, identity: found.identity))
            }
            shown[found.path] = .hidden
        }
    }

    /// Refuses to cover a file that other names show.
    private func refuseOtherNames(of found: ResolvedPath, origin: String) throws(SandboxError) {
        guard found.identity.kind == .regular, let status = try? Files.status(found.path, followingLinks: false),
            status.links > 1
        else { return }
        throw .linkedMask(found.path, origin: origin)
    }

    private mutating func bind(_ found: ResolvedPath, isWritable: Bool) {
        append(
            .bind(source: found.path, identity: found.identity, path: found.path, isWritable: isWritable),
            isWritable ? .writable : .readOnly)
    }

    private mutating func append(_ step: RootStep, _ view: View) {
        steps.append(step)
        shown[step.path] = view
    }

    /// What a path shows by the steps so far.
    private func view(of path: String) -> View {
        var path = path[...]
        while !path.isEmpty {
            if let view = shown[String(path)] { return view }
            path = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        }
        return shown["/"] ?? .own
    }

    /// Binds each directory between a writable root and a path onto itself: a mount point cannot be renamed, so a
    /// protection cannot be shed by moving the folder that it is in.
    private mutating func pinParents(of path: String) {
        var parents: [String] = []
        var parent = path[..<(path.lastIndex(of: "/") ?? path.startIndex)]
        while !parent.isEmpty, shown[String(parent)] == nil {
            parents.append(String(parent))
            parent = parent[..<(parent.lastIndex(of: "/") ?? parent.startIndex)]
        }
        for parent in parents.reversed() {
            guard let status = try? Files.status(parent, followingLinks: false) else { continue }
            append(
                .bind(source: parent, identity: status.identity, path: parent, isWritable: true), .writable)
        }
    }

    /// Makes a link that lies in the sandbox's own part; one in a mounted tree is there already.
    mutating func add(_ link: ResolvedPath.Link) {
        guard view(of: link.path) == .own, links.insert(link.path).inserted else { return }
        steps.append(.symbolicLink(path: link.path, target: link.target))
    }
}
