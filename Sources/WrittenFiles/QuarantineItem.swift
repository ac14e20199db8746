public import Linux

/// One file in quarantine.
public struct QuarantineItem: Equatable, Sendable {
    /// How much of the file is there.
    public enum State: String, Sendable {
        /// All of it.
        case whole
        /// A part that could be copied, of a file that is nowhere else.
        case partial
        /// Nothing: what should have moved it was ended before it did.
        case empty
    }

    /// Its name, by which commands are told of it.
    public let name: String
    /// What is written down of it, or `nil` where that cannot be read.
    public let record: QuarantineRecord?
    /// When it was moved, in seconds since 1970.
    public let time: Int64
    /// Its size in bytes; `nil` of a folder, or where nothing is there.
    public let size: Int64?
    /// How much of it is there.
    public let state: State

    /// The run that left it.
    public var run: String { String(name.prefix { $0 != "-" }) }
}

extension Quarantine {
    /// What is in quarantine, by name, and so by time; nothing where nothing ever was.
    public static func items(in data: String) throws(SystemCallError) -> [QuarantineItem] {
        let quarantine = Quarantine(in: data, run: "")
        let names: [String]
        do {
            names = try Files.names(in: quarantine.folder)
        } catch let error where error.errno == .noSuchFile {
            return []
        }
        return names.sorted().compactMap(quarantine.item)
    }

    private func item(_ name: String) -> QuarantineItem? {
        guard let folder = try? Files.status(self.folder + "/" + name, followingLinks: false), folder.kind == .directory
        else { return nil }
        let content = status(of: name) ?? status(of: name, Self.part)
        let moved = status(of: name, Self.record)?.modified ?? folder.modified
        return QuarantineItem(
            name: name, record: readRecord(of: name), time: moved / 1_000_000_000,
            size: content.flatMap { $0.kind == .directory ? nil : $0.size },
            state: status(of: name) != nil ? .whole : content != nil ? .partial : .empty)
    }
}
