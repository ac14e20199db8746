internal import Linux

/// The folder that keeps its own owner from a path.
internal enum BarredFolder {
    /// How many links are followed, as by the kernel.
    private static let mostLinks = 40

    /// The first folder on the way to a path that is this user's and that this user may not search; `nil` where there is
    /// none, as where it is somebody else's.
    static func find(on path: String) -> String? {
        var links = 0
        return find(on: path, &links)
    }

    private static func find(on path: String, _ links: inout Int) -> String? {
        var folder = ""
        for component in path.split(separator: "/") {
            let next = folder + "/" + component
            let status: FileStatus
            do throws(SystemCallError) {
                status = try Files.status(next, followingLinks: false)
            } catch {
                guard error.errno == .accessDenied, let status = try? Files.status(folder.isEmpty ? "/" : folder),
                    status.owner == Processes.effectiveUser
                else { return nil }
                return folder.isEmpty ? "/" : folder
            }
            if status.kind == .symbolicLink, let target = try? Files.linkTarget(next) {
                links += 1
                guard links <= mostLinks else { return nil }
                let whole = target.hasPrefix("/") ? target : folder + "/" + target
                if let barred = find(on: whole, &links) { return barred }
            }
            folder = next
        }
        return nil
    }
}
