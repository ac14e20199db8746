public import Linux

/// A path in which `*` stands for any part of one name, looked up once before a launch.
///
/// A name that begins with a dot is only meant by a pattern that does, as in a shell. No link is followed from the first
/// name with a `*` on: a run that may write in the tree would otherwise choose what the pattern of the next one means.
public struct PathPattern: Equatable, Sendable {
    /// What the pattern found.
    public struct Match: Equatable, Sendable {
        /// The path as the pattern writes it.
        public let path: String
        /// The same path without links: what must lie there when it is mounted.
        public let canonicalPath: String
    }

    /// The folder above the first name with a `*`.
    private let base: String
    /// The names from there on.
    private let names: [String]

    /// How many paths one pattern may mean.
    public static let mostMatches = 1000
    /// How many names are looked at for one pattern.
    private static let mostNames = 200_000

    /// Takes an absolute path apart; `nil` where it has no `*`.
    public init?(_ path: String) {
        let names = path.split(separator: "/").map(String.init)
        guard let first = names.firstIndex(where: { $0.contains("*") }) else { return nil }
        base = "/" + names[..<first].joined(separator: "/")
        self.names = Array(names[first...])
    }

    /// What the pattern means now, sorted; more than `mostMatches` are an error.
    ///
    /// - Parameter findsLinks: Whether a link that matches and leads to something in the base folder is found, too: what
    ///   takes something away must reach it by that name as well. Other links are always passed over.
    public func matches(findsLinks: Bool) throws(SystemCallError) -> [Match] {
        guard let root = try Self.ifThere({ () throws(SystemCallError) in try Files.canonicalPath(base) }) else {
            return []
        }
        var found = [Match(path: base == "/" ? "" : base, canonicalPath: root == "/" ? "" : root)]
        var seen = 0
        for (index, name) in names.enumerated() {
            var next: [Match] = []
            for folder in found {
                for candidate in try Self.candidates(for: name, in: folder.canonicalPath, &seen) {
                    let match = Match(
                        path: folder.path + "/" + candidate, canonicalPath: folder.canonicalPath + "/" + candidate)
                    let isLast = index == names.count - 1
                    if let match = try Self.look(at: match, isLast: isLast, linksInto: findsLinks ? root : nil) {
                        next.append(match)
                    }
                }
            }
            guard next.count <= Self.mostMatches else { throw tooMany }
            found = next
        }
        return found.sorted { $0.path < $1.path }
    }

    /// The names in a folder that a name of the pattern means.
    private static func candidates(
        for name: String, in folder: String, _ seen: inout Int
    ) throws(SystemCallError) -> [String] {
        guard name.contains("*") else { return [name] }
        let path = folder.isEmpty ? "/" : folder
        let names = try ifThere { () throws(SystemCallError) in try Files.names(in: path) } ?? []
        seen += names.count
        guard seen <= mostNames else {
            throw SystemCallError(call: "getdents64", errno: .argumentsTooLong, subject: path)
        }
        let meant = names.filter { matches(Array($0.utf8), Array(name.utf8)) }
        // The path that is made of a name that is not UTF-8 would be another one.
        if let broken = meant.first(where: { $0.unicodeScalars.contains("\u{FFFD}") }) {
            throw SystemCallError(call: "getdents64", errno: .invalidArgument, subject: path + "/" + broken)
        }
        return meant
    }

    /// What lies at a path, as far as the pattern means it.
    private static func look(
        at match: Match, isLast: Bool, linksInto root: String?
    ) throws(SystemCallError) -> Match? {
        let status = try ifThere { () throws(SystemCallError) in
            try Files.status(match.canonicalPath, followingLinks: false)
        }
        guard let status else { return nil }
        guard status.kind == .symbolicLink else { return isLast || status.kind == .directory ? match : nil }
        guard isLast, let root,
            let target = try ifThere({ () throws(SystemCallError) in try Files.canonicalPath(match.canonicalPath) }),
            target.hasPrefix(root == "/" ? "/" : root + "/")
        else { return nil }
        return Match(path: match.path, canonicalPath: target)
    }

    /// A result, or `nil` where there is nothing, or nothing that the program could reach either.
    private static func ifThere<Value>(
        _ body: () throws(SystemCallError) -> Value
    ) throws(SystemCallError) -> Value? {
        do {
            return try body()
        } catch {
            let absent: [Errno] = [.noSuchFile, .notDirectory, .accessDenied, .tooManyLinks]
            guard absent.contains(error.errno) else { throw error }
            return nil
        }
    }

    /// Whether a name is one that a pattern means.
    internal static func matches(_ name: [UInt8], _ pattern: [UInt8]) -> Bool {
        let (star, dot) = (UInt8(ascii: "*"), UInt8(ascii: "."))
        if name.first == dot, pattern.first != dot { return false }
        // Where the last star stands in the pattern, and how much of the name it covers up to now.
        var (inName, inPattern) = (0, 0)
        var retry: (name: Int, pattern: Int)?
        while inName < name.count {
            if inPattern < pattern.count, pattern[inPattern] == star {
                retry = (inName, inPattern)
                inPattern += 1
            } else if inPattern < pattern.count, pattern[inPattern] == name[inName] {
                inName += 1
                inPattern += 1
            } else if let last = retry {
                retry = (last.name + 1, last.pattern)
                (inName, inPattern) = (last.name + 1, last.pattern + 1)
            } else {
                return false
            }
        }
        return pattern[inPattern...].allSatisfy { $0 == star }
    }

    private var tooMany: SystemCallError {
        SystemCallError(
            call: "getdents64", errno: .argumentsTooLong, subject: base + "/" + names.joined(separator: "/"))
    }
}
