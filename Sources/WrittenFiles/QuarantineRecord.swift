public import Linux

/// What is written down of a file before it is moved away: lines of a key and its value, never a secret's.
public struct QuarantineRecord: Equatable, Sendable {
    /// Which secret the file held, in which form, and where in it.
    public struct Holding: Equatable, Sendable {
        /// The secret's name.
        public var secret: String
        /// The form, as results have it.
        public var form: String
        /// The part of the file.
        public var place: WrittenSecret.Place
    }

    /// The whole path that it had, redacted.
    public var path: String
    /// Whether the path is what it was, and not redacted or otherwise changed.
    public var isExact: Bool
    /// What it was.
    public var kind: FileKind
    /// Its permission bits.
    public var permissions: UInt32
    /// Its size in bytes.
    public var size: Int64
    /// Which file it was, to tell it from one that has its name since.
    internal var identity: FileIdentity
    /// What it held; nothing where it was moved for what other programs would make of it.
    public var holds: [Holding]

    /// The longest record that is read, in bytes.
    internal static let sizeLimit = 1 << 20

    internal init(_ entry: TreeEntry, path: String, holds: [Holding]) {
        let line = String(path.map { $0.isNewline ? "\u{FFFD}" : $0 })
        self.path = line
        isExact = line.utf8.elementsEqual(entry.place)
        kind = entry.status.kind
        permissions = entry.status.permissions
        size = entry.status.size
        identity = entry.status.identity
        self.holds = holds
    }

    /// Reads what `text` gives; `nil` where it is cut off or of another make.
    internal init?(_ text: String) {
        var values: [Substring: Substring] = [:]
        var holds: [Holding] = []
        var isWhole = false
        for line in text.split(separator: "\n", omittingEmptySubsequences: true) {
            let parts = line.split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
            guard parts.count == 2 else {
                isWhole = line == Self.end
                continue
            }
            guard parts[0] == "holds" else {
                values[parts[0]] = parts[1]
                continue
            }
            let words = parts[1].split(separator: " ")
            guard words.count == 3, let place = WrittenSecret.Place(rawValue: String(words[2])) else { return nil }
            holds.append(Holding(secret: String(words[0]), form: String(words[1]), place: place))
        }
        func number<Number: FixedWidthInteger>(_ key: Substring) -> Number? { values[key].flatMap { Number($0) } }
        guard isWhole, let path = values["path"], let kind = number("kind").flatMap({ FileKind(rawValue: $0) }),
            let permissions: UInt32 = number("permissions"), let size: Int64 = number("size"),
            let device: UInt64 = number("device"), let inode: UInt64 = number("inode")
        else { return nil }
        self.path = String(path)
        isExact = values["exact"] == "yes"
        self.kind = kind
        self.permissions = permissions
        self.size = size
        identity = FileIdentity(device: device, inode: inode, kind: kind)
        self.holds = holds
    }

    /// The line that a whole record ends with.
    private static let end: Substring = "end"

    /// The record as it is written down.
    internal var text: String {
        let fields = [
            "path \(path)", "exact \(isExact ? "yes" : "no")", "kind \(kind.rawValue)", "permissions \(permissions)",
            "size \(size)", "device \(identity.device)", "inode \(identity.inode)",
        ]
        let held = holds.map { "holds \($0.secret) \($0.form) \($0.place.rawValue)" }
        return (fields + held + [String(Self.end)]).joined(separator: "\n") + "\n"
    }
}
