internal import Linux
public import SandboxPlan

/// What a program may open of the host where it has no root of its own: a root's plan, as far as Landlock can carry it
/// out.
///
/// Landlock only ever adds rights on the way down a tree. What must not be read is left out by granting, one by one,
/// what lies beside it; in a tree that can be written this cannot be done, as what is made there has no name yet.
public struct HostPlan: Sendable {
    /// What can be opened, and directories that can be listed; every path is the host's own.
    public private(set) var root = RootPlan(steps: [])
    /// What the plan protects and a program can change all the same.
    public private(set) var unprotected: [String] = []

    /// What a path is to the program.
    private enum Access {
        case none
        case read(FileIdentity)
        case write(FileIdentity)
    }

    private let entries: [String: Access]

    /// Reads a root's plan.
    public init(_ plan: RootPlan) throws(SandboxError) {
        var entries: [String: Access] = [:]
        for step in plan.steps {
            switch step {
            case .bind(let source, let identity, _, let isWritable):
                entries[source] = isWritable ? .write(identity) : .read(identity)
            case .mask(let path, _), .temporary(let path, _, _): entries[path] = Access.none
            case .directory, .symbolicLink, .processes, .devices, .sharedMemory: break
            }
        }
        self.entries = entries
        for (path, access) in entries.sorted(by: { $0.key < $1.key }) {
            switch access {
            case .none: break
            case .read(let identity):
                if isWritten(above: path) { unprotected.append(path) }
                try grant(path, identity)
            case .write(let identity):
                if let hidden = hidden(below: path) { throw .unhideable(hidden, tree: path) }
                root.steps.append(.bind(source: path, identity: identity, path: path, isWritable: true))
            }
        }
    }

    /// The first path below this one that must not be seen.
    private func hidden(below path: String) -> String? {
        entries.filter { entry in
            guard case .none = entry.value else { return false }
            return entry.key.hasPrefix(path + "/")
        }.keys.min()
    }

    /// Whether the nearest path above this one that says anything can be written.
    private func isWritten(above path: String) -> Bool {
        var parent = path[...]
        while let slash = parent.lastIndex(of: "/"), slash > parent.startIndex {
            parent = parent[..<slash]
            switch entries[String(parent)] {
            case .write: return true
            case .none?, .read: return false
            case nil: continue
            }
        }
        return false
    }

    /// Grants reading a tree, or of one with something hidden what lies beside that.
    private mutating func grant(_ path: String, _ identity: FileIdentity) throws(SandboxError) {
        guard hidden(below: path) != nil, identity.kind == .directory else {
            root.steps.append(.bind(source: path, identity: identity, path: path, isWritable: false))
            return
        }
        root.steps.append(.directory(path: path, mode: 0))
        var inner: [(name: String, identity: FileIdentity)] = []
        do throws(SystemCallError) {
            try TreeDirectory(path).forEachEntry { status, name in
                // A link is followed to what it leads to; a device, FIFO or socket is nothing to read.
                guard [.regular, .directory].contains(status.kind),
                    let name = String(validating: name(), as: UTF8.self)
                else { return }
                inner.append((name, status.identity))
            }
        } catch {
            throw .system(error, during: "look into \(path)")
        }
        for (name, identity) in inner.sorted(by: { $0.name < $1.name }) {
            let child = path + "/" + name
            // What has a line of its own is granted, or not, by that.
            if entries[child] == nil { try grant(child, identity) }
        }
    }
}
