internal import Linux

/// A path of the host after every link on its way was followed.
internal struct ResolvedPath: Equatable {
    /// A link that was followed.
    struct Link: Equatable {
        /// Where the link lies; nothing above it is a link.
        let path: String
        /// What it holds.
        let target: String
    }

    /// The path without links.
    let path: String
    /// What it names.
    let identity: FileIdentity
    /// The links, in the order in which they were followed.
    let links: [Link]

    /// Follows an absolute path.
    init(_ path: String) throws(SystemCallError) {
        do {
            // Most paths have no link: one call tells, and the result cannot change between the parts of the path.
            let file = try Files.open(path, [.path, .noFollow], resolving: [.noSymbolicLinks, .noMagicLinks])
            let status = try Files.status(of: BorrowedDescriptor(file))
            if status.kind != .symbolicLink {
                self.path = path
                identity = status.identity
                links = []
                return
            }
        } catch let error where error.errno == .tooManyLinks {
            // At least one part is a link; walk.
        }
        var walk = Walk(remaining: Self.components(path))
        while let next = walk.remaining.popFirst() { try walk.step(next) }
        self.path = walk.path.isEmpty ? "/" : walk.path
        identity = try Files.status(self.path, followingLinks: false).identity
        links = walk.links
    }

    /// The folder on the way to a path, links followed, that is this user's and that this user may not search; `nil` where
    /// there is none, as where it is somebody else's.
    static func barredFolder(on path: String) -> String? {
        var walk = Walk(remaining: components(path))
        while let next = walk.remaining.popFirst() {
            do throws(SystemCallError) {
                try walk.step(next)
            } catch {
                let folder = walk.path.isEmpty ? "/" : walk.path
                guard error.errno == .accessDenied, let status = try? Files.status(folder, followingLinks: false)
                else { return nil }
                return status.owner == Processes.effectiveUser ? folder : nil
            }
        }
        return nil
    }

    /// A walk along a path, one component at a time.
    private struct Walk {
        var path = ""
        var remaining: ArraySlice<String>
        var links: [Link] = []

        mutating func step(_ component: String) throws(SystemCallError) {
            if component == ".." {
                path = String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)])
                return
            }
            let next = path + "/" + component
            guard try Files.status(next, followingLinks: false).kind == .symbolicLink else {
                path = next
                return
            }
            // The kernel gives up after 40 links, too.
            guard links.count < 40 else {
                throw SystemCallError(call: "readlinkat", errno: .tooManyLinks, subject: next)
            }
            let target = try Files.linkTarget(next)
            links.append(Link(path: next, target: target))
            if target.hasPrefix("/") { path = "" }
            remaining = ResolvedPath.components(target) + remaining
        }
    }

    private static func components(_ path: String) -> ArraySlice<String> {
        path.split(separator: "/").filter { $0 != "." }.map(String.init)[...]
    }
}
