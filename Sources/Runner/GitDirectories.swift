internal import Linux

/// The git directories of a work tree, as far as a launch can afford to look for them.
///
/// Looked at are the tree itself and its direct subfolders, the submodules that `.gitmodules` names, and what lies in
/// `.git/modules` and `.git/worktrees`. Repositories deeper in the tree are not found.
internal struct GitDirectories: Equatable {
    /// Directories that git takes its settings from.
    private(set) var directories: Set<String> = []
    /// Files called `.git`, which name such a directory.
    private(set) var files: Set<String> = []
    /// Links called `.git`, and what they hold.
    private(set) var links: [String: String] = [:]

    /// How many entries of a folder are looked at: a tree may be made to hold up every run in it.
    private static let mostNames = 1024
    /// How many submodules and further work trees are looked at, and how deep the name of a submodule may be.
    private static let (mostModules, deepestModule) = (256, 4)
    /// The longest `.gitmodules` that is read, in bytes.
    private static let longestList = 1 << 20

    /// Looks for the git directories of a tree.
    init(in tree: String) {
        take(tree + "/.git")
        let git = tree + "/.git"
        if directories.contains(git) {
            var visits = Self.mostNames
            takeModules(in: git + "/modules", depth: 0, visits: &visits)
            for name in ((try? Files.names(in: git + "/worktrees")) ?? []).prefix(Self.mostModules) {
                directories.insert(git + "/worktrees/" + name)
            }
            for path in Self.submodules(of: tree).prefix(Self.mostModules) {
                take(Files.absolutePath(path, from: tree) + "/.git")
            }
        }
        for name in ((try? Files.names(in: tree)) ?? []).prefix(Self.mostNames) where name != ".git" {
            take(tree + "/" + name + "/.git")
        }
    }

    private mutating func take(_ path: String) {
        guard let status = try? Files.status(path, followingLinks: false) else { return }
        switch status.kind {
        case .directory: directories.insert(path)
        case .symbolicLink: links[path] = (try? Files.linkTarget(path)) ?? ""
        default: files.insert(path)
        }
    }

    /// A submodule's name may have slashes: a folder without HEAD is part of a name.
    private mutating func takeModules(in folder: String, depth: Int, visits: inout Int) {
        guard depth < Self.deepestModule, let names = try? Files.names(in: folder) else { return }
        for name in names where directories.count < Self.mostModules && visits > 0 {
            visits -= 1
            let path = folder + "/" + name
            if (try? Files.status(path + "/HEAD", followingLinks: false)) != nil {
                directories.insert(path)
            } else {
                takeModules(in: path, depth: depth + 1, visits: &visits)
            }
        }
    }

    /// Where the submodules lie that a tree's `.gitmodules` names.
    private static func submodules(of tree: String) -> [String] {
        guard let bytes = try? Files.contents(of: tree + "/.gitmodules", limit: longestList) else { return [] }
        return String(decoding: bytes, as: UTF8.self).split(whereSeparator: \.isNewline).compactMap { line in
            let halves = line.split(separator: "=", maxSplits: 1).map { $0.drop { " \t".contains($0) } }
            guard halves.count == 2, halves[0].hasPrefix("path") else { return nil }
            let path = halves[1].filter { $0 != "\"" }
            return path.isEmpty || path.hasPrefix("/") || path.split(separator: "/").contains("..") ? nil : path
        }
    }
}
