internal import Linux
public import SandboxPlan

/// Turns grants into the steps that make a root, looking at the host's files but changing nothing.
///
/// Every path keeps its name inside. A link on the way to a granted path is made again, so that /bin/sh and a version
/// manager's folder work under the names that people use; what the link leads to is mounted under its own name.
public struct RootLayout {
    /// The sandbox's own file systems in memory: path, bytes, permission bits.
    private let temporaries: [(path: String, size: UInt64, mode: UInt32)]
    private let sharedMemory: UInt64
    private let grants: [Grant]
    /// The work directory: what it holds may have been made by an earlier run.
    private let workTree: String?

    /// Makes a layout.
    ///
    /// - Parameters:
    ///   - home: The path of the private, empty home, or `nil` for none.
    ///   - temporarySize: How many bytes /tmp, the home and /dev/shm may hold each.
    ///   - workTree: The work directory, whose links an earlier run may have made although this one may not write.
    public init(grants: [Grant], home: String?, temporarySize: UInt64, workTree: String? = nil) {
        self.grants = grants
        self.workTree = workTree
        var temporaries = [(path: "/tmp", size: temporarySize, mode: UInt32(0o1777))]
        if let home, home != "/", home != "/tmp" { temporaries.append((home, temporarySize, 0o700)) }
        self.temporaries = temporaries
        sharedMemory = temporarySize
    }

    /// The steps, parents before what lies in them.
    public func plan() throws(SandboxError) -> RootPlan {
        var planner = RootPlanner()
        for step in Groundwork.root { planner.assume(step) }
        planner.add(.sharedMemory(size: sharedMemory))
        var pending: [Pending] = []
        for grant in grants {
            guard let found = try resolve(grant) else { continue }
            try check(grant, found)
            pending += found.links.map { .link($0) }
            pending.append(.grant(grant, found))
        }
        var temporaries = temporaries
        if temporaries.contains(where: { $0.path.isIn(Self.lasting) }) || pending.contains(where: \.isInLasting) {
            // What is mounted there cannot be mounted behind a link.
            temporaries.append((Self.lasting, sharedMemory, 0o1777))
        } else if !pending.contains(where: { $0.isLink(at: Self.lasting) }) {
            planner.add(ResolvedPath.Link(path: Self.lasting, target: "/tmp"))
        }
        pending = temporaries.map { .temporary(path: $0.path, size: $0.size, mode: $0.mode) } + pending
        try refusePlantedLinks(pending)
        // A stable order by depth of what was found: what is more specific is mounted later, and so on top.
        let ordered = pending.enumerated().sorted { ($0.element.rank, $0.offset) < ($1.element.rank, $1.offset) }
        for (_, item) in ordered {
            switch item {
            case .temporary(let path, let size, let mode):
                planner.add(.temporary(path: path, size: size, mode: mode))
            case .link(let link): planner.add(link)
            case .grant(let grant, let found):
                try planner.add(grant, found, hasDeeperGrants: hasGrant(below: grant.path))
            }
        }
        return RootPlan(steps: planner.steps)
    }

    /// The place of temporary files that outlive a boot outside; inside it is /tmp, unless something of it is granted.
    private static let lasting = "/var/tmp"

    /// What is still to be laid out.
    private enum Pending {
        case temporary(path: String, size: UInt64, mode: UInt32)
        case link(ResolvedPath.Link)
        case grant(Grant, ResolvedPath)

        /// Whether this is a link of the host's at a path.
        func isLink(at path: String) -> Bool {
            switch self {
            case .link(let link): link.path == path
            case .temporary, .grant: false
            }
        }

        /// Whether this needs /var/tmp to be a directory.
        var isInLasting: Bool {
            switch self {
            case .temporary: false
            case .link(let link): link.path.hasPrefix(RootLayout.lasting + "/")
            case .grant(_, let found): found.path.isIn(RootLayout.lasting)
            }
        }

        /// Depth first; at one depth private file systems, then links and grants, then what takes away.
        var rank: Int {
            switch self {
            case .temporary(let path, _, _): depth(of: path) * 4
            case .link(let link): depth(of: link.path) * 4 + 1
            case .grant(let grant, let found):
                switch grant.access {
                case .read, .write, .cache: depth(of: found.path) * 4 + 1
                case .protect: depth(of: found.path) * 4 + 2
                case .mask: depth(of: found.path) * 4 + 3
                // Before what would show it, which is then refused.
                case .hide: depth(of: found.path) * 4
                }
            }
        }
    }

    /// Finds what a grant's path names; `nil` where it is missing and may be, or where a missing thing needs no cover.
    private func resolve(_ grant: Grant) throws(SandboxError) -> ResolvedPath? {
        do throws(SystemCallError) {
            let found = try ResolvedPath(grant.path)
            // The work directory was judged with its links followed: a link there now leads elsewhere.
            // What a pattern found was looked at, too.
            let isOther = grant.canonicalPath.map { $0 != found.path } ?? false
            guard found.links.isEmpty || grant.path != workTree, !isOther else {
                throw SystemCallError(call: "openat2", errno: .stale, subject: grant.path)
            }
            return found
        } catch let error where error.errno == .noSuchFile || error.errno == .notDirectory {
            guard !grant.isOptional, grant.access.grants else { return nil }
            throw .missingPath(grant.path, origin: grant.origin)
        } catch let error where error.errno == .accessDenied && (grant.isOptional || grant.access == .mask) {
            // What the caller cannot reach, the program could not either, but where it could give itself the right to.
            if let folder = ResolvedPath.barredFolder(on: grant.path) {
                throw .barredPath(grant.path, folder: folder, origin: grant.origin)
            }
            return nil
        } catch {
            throw .system(error, during: "look at \(grant.path) (\(grant.origin))")
        }
    }

    /// Refuses to show the whole host, its processes, its devices, or all that the kernel says and takes in /sys.
    private func check(_ grant: Grant, _ found: ResolvedPath) throws(SandboxError) {
        let isOwn = found.path == "/" || Self.own.contains { found.path.isIn($0) }
        let isRefused =
            switch grant.access {
            case .mask, .hide: false
            case .read, .protect: isOwn || found.path == "/sys"
            case .write, .cache: isOwn || found.path.isIn("/sys")
            }
        guard isRefused else { return }
        throw .ungrantablePath(grant.path, origin: grant.origin)
    }

    /// What the sandbox has its own of.
    private static let own = ["/proc", "/dev"]

    private func hasGrant(below path: String) -> Bool {
        grants.contains { $0.access.grants && $0.path.hasPrefix(path + "/") }
    }

    /// Refuses a grant whose path was led out of a writable tree by a link in that tree: a run that could write there
    /// would choose what the next one sees.
    private func refusePlantedLinks(_ pending: [Pending]) throws(SandboxError) {
        var trees = workTree.map { [$0] } ?? []
        for case .grant(let grant, let found) in pending where grant.access == .write { trees.append(found.path) }
        for case .grant(let grant, let found) in pending where !found.links.isEmpty && grant.access.grants {
            for tree in trees where !found.path.isIn(tree) {
                guard let link = found.links.first(where: { $0.path.hasPrefix(tree + "/") }) else { continue }
                throw .linkInTree(grant.path, link: link.path, target: found.path, origin: grant.origin)
            }
        }
    }
}

extension String {
    /// Whether this absolute path is that directory or lies below it.
    fileprivate func isIn(_ directory: String) -> Bool { self == directory || hasPrefix(directory + "/") }
}

/// How many components an absolute path has.
internal func depth(of path: String) -> Int { path == "/" ? 0 : path.utf8.count { $0 == UInt8(ascii: "/") } }
