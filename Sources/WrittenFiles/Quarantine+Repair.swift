internal import Linux

extension Quarantine {
    /// Repairs what a run, or a command on one item, left unfinished when it was killed.
    ///
    /// What a file holds is never lost by it: only an item without content goes, or a copy of what is still in its place.
    ///
    /// - Returns: Whether nothing is unfinished any more.
    internal func repair() -> Bool {
        var isRepaired = true
        for name in (try? Files.names(in: folder)) ?? [] where name == run || name.hasPrefix(run + "-") {
            do throws(SystemCallError) { try repair(name) } catch { isRepaired = false }
        }
        return isRepaired
    }

    /// Repairs one item.
    internal func repair(_ item: String) throws(SystemCallError) {
        let place = folder + "/" + item
        if try Files.names(in: place).contains(where: { $0.hasPrefix(Self.discarded) }) { return try finish(item) }
        if status(of: item, Self.part) != nil { try repairPart(of: item) }
        if status(of: item, Self.restoring) != nil { try repairRestoring(item) }
        if status(of: item) == nil, status(of: item, Self.part) == nil { try finish(item) }
    }

    /// Decides about a copy whose file may be gone.
    private func repairPart(of item: String) throws(SystemCallError) {
        let place = folder + "/" + item
        let part = place + "/" + Self.part
        let isWhole: Bool
        if let record = readRecord(of: item) {
            // The file is removed when the copy is whole. One that is still there is the better of the two.
            let there = record.isExact ? try? Files.status(record.path, followingLinks: false) : nil
            let size = status(of: item, Self.part)?.size ?? 0
            isWhole = there?.identity != record.identity && size >= record.size
            // Half, and nothing in its place: somebody else removed that, and this is all there is.
            if !isWhole, record.isExact, there?.identity != record.identity { return }
        } else {
            isWhole = true
        }
        if isWhole { try Files.rename(part, to: place + "/" + Self.content) } else { try Files.remove(part) }
    }

    /// Finishes a restoring whose file has its place, and takes back one whose file has not.
    private func repairRestoring(_ item: String) throws(SystemCallError) {
        let place = folder + "/" + item
        let marker = place + "/" + Self.restoring
        let bytes = try Files.contents(of: marker, limit: 16 << 10)
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count == 3 else { return try Files.remove(marker) }
        let target = try? Files.status(String(lines[0]), followingLinks: false)
        let copy = try? Files.status(String(lines[1]), followingLinks: false)
        if copy != nil { try Files.remove(String(lines[1])) }
        // A copy that has its place was whole before it got there.
        if let target, target.identity == identity(of: item) || target.identity == copy?.identity {
            try discard(item)
        } else {
            try Files.remove(marker)
        }
    }

    /// What the name of content begins with that is being removed.
    internal static var discarded: String { "discarded-" }
    /// The name of what says where the content is being put back: the place, and that of a copy on the way there.
    internal static var restoring: String { "restoring" }

    /// Removes an item with its content; once it has begun, `repair` finishes it.
    internal func discard(_ item: String) throws(SystemCallError) {
        let place = folder + "/" + item
        if status(of: item) != nil {
            try Files.rename(place + "/" + Self.content, to: place + "/" + Self.discarded + "content")
        }
        try finish(item)
    }

    /// Removes all that an item has left, and the item.
    private func finish(_ item: String) throws(SystemCallError) {
        let place = folder + "/" + item
        let base = try TreeDirectory(place)
        for name in try Files.names(in: place) where name.hasPrefix(Self.discarded) {
            let path = Array(name.utf8)
            let isDirectory = try base.status(path).kind == .directory
            if isDirectory {
                try base.openToOwner(path)
                try base.directory(path).removeContents(place + "/" + name)
            }
            try base.remove(path, isDirectory: isDirectory)
        }
        for name in [Self.part, Self.restoring, Self.record] where self.status(of: item, name) != nil {
            try Files.remove(place + "/" + name)
        }
        try Files.remove(place, isDirectory: true)
    }
}
