internal import WrittenFiles

/// How much of what a run made is shown: a program chooses how many files it leaves and how long their paths are, and
/// whoever reads the result would have to take it all.
internal enum ShownBounds {
    /// The longest path, in bytes of its text in JSON.
    static let path = 512
    /// The most entries of each list.
    static let entries = WrittenReport.mostEntries
    /// The most entries in a line for a person; the result as JSON has more.
    static let lines = 10
    /// What stands where something was left out.
    static let mark: Character = "…"

    /// A path as it is shown: one that is too long without its middle. Only for eyes: it names no file any more.
    static func shown(_ path: String) -> String {
        if path.utf8.count <= Self.path, width(of: path, atMost: Self.path) != nil { return path }
        // Where a path leads to tells more than where it begins, as most begin alike.
        let room = Self.path - mark.utf8.count
        let start = prefix(of: path, room / 3)
        return String(start) + String(mark) + String(prefix(of: path.reversed(), room - room / 3).reversed())
    }

    /// The first characters that fit.
    private static func prefix(of characters: some Collection<Character>, _ room: Int) -> [Character] {
        var kept: [Character] = []
        var left = room
        for character in characters {
            guard let width = width(of: String(character), atMost: left) else { break }
            left -= width
            kept.append(character)
        }
        return kept
    }

    /// How many bytes a text has in JSON, where what acts on a terminal is an escape; `nil` where it has more than that.
    private static func width(of text: String, atMost limit: Int) -> Int? {
        var width = 0
        for scalar in text.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator: width += 6
            default: width += scalar == "\"" || scalar == "\\" ? 2 : UTF8.width(scalar)
            }
            if width > limit { return nil }
        }
        return width
    }
}

extension WrittenReport {
    /// The secrets that are shown: of too many, those that are still there first.
    internal var shownSecrets: [WrittenSecret] {
        guard secrets.count > ShownBounds.entries else { return secrets }
        let left = secrets.filter { $0.action == .failed } + secrets.filter { $0.action != .failed }
        return Array(left.prefix(ShownBounds.entries))
    }

    /// What is shown of what was not looked at.
    internal var shownUnscanned: [UnscannedFile] { Array(unscanned.prefix(ShownBounds.entries)) }
}

extension RunResult {
    /// What is shown of what other programs may carry out later.
    internal var shownTraps: [String] { writtenTraps.prefix(ShownBounds.entries).map(ShownBounds.shown) }

    /// How many entries are left out of all that is shown of what the run wrote.
    internal var omittedEntries: Int {
        written.omitted + written.secrets.count - written.shownSecrets.count
            + written.unscanned.count - written.shownUnscanned.count + writtenTraps.count - shownTraps.count
    }

    /// What the run made that other programs may carry out later, in one line for a person.
    public var trapNames: String {
        let names = writtenTraps.prefix(ShownBounds.lines).map(ShownBounds.shown).joined(separator: ", ")
        let more = writtenTraps.count - ShownBounds.lines
        return more > 0 ? "\(names) and \(more) more" : names
    }
}
