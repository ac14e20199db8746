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

    /// Makes a layout.
    ///
    /// - Parameters:
    ///   - home: The path of the private, empty home, or `nil` for none.
    ///   - temporarySize: How many bytes /tmp, the home and /dev/shm may hold each.
    public init(grants: [Grant], home: String?, temporarySize: UInt64) {
        self.grants = grants
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
        planner.add(.symbolicLink(path: "/var/tmp", target: "/tmp"))
        var pending = temporaries.map { Pending.temporary(path: $0.path, size: $0.size, mode: $0.mode) }
        for grant in grants {
            guard let found = try resolve(grant) else { continue }
            pending += found.links.map { .link($0) }
            pending.append(.grant(grant, found))
        }
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

    /// What is still to be laid out.
    private enum Pending {
        case temporary(path: String, size: UInt64, mode: UInt32)
        case link(ResolvedPath.Link)
        case grant(Grant, ResolvedPath)

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
                }
            }
        }
    }

    /// Finds what a grant's path names; `nil` where it is missing and may be, or where a missing thing needs no cover.
    private func resolve(_ grant: Grant) throws(SandboxError) -> ResolvedPath? {
        do {
            return try ResolvedPath(grant.path)
        } catch let error where error.errno == .noSuchFile || error.errno == .notDirectory {
            guard !grant.isOptional, grant.access != .mask, grant.access != .protect else { return nil }
            throw .missingPath(grant.path, origin: grant.origin)
        } catch let error where error.errno == .accessDenied && grant.isOptional {
            // What the caller cannot reach, the program could not either.
            return nil
        } catch {
            throw .system(error, during: "look at \(grant.path) (\(grant.origin))")
        }
    }

    private func hasGrant(below path: String) -> Bool {
        grants.contains { $0.access != .mask && $0.path.hasPrefix(path + "/") }
    }
}

/// How many components an absolute path has.
internal func depth(of path: String) -> Int { path == "/" ? 0 : path.utf8.count { $0 == UInt8(ascii: "/") } }
