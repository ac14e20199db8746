/// A rule about one path of the host: what of it the sandbox shows, and how.
public struct Grant: Equatable, Sendable {
    /// What the program may do at the path and below it.
    public enum Access: Equatable, Sendable {
        /// Read and execute.
        case read
        /// Read, execute and write.
        case write
        /// Read only, inside something that may be written.
        case protect
        /// See something empty.
        case mask
        /// See something empty, whatever else is granted: a rule that shows it, or anything below it, is an error.
        case hide
        /// Read and write a private folder, whose place outside this is.
        case cache(source: String)

        /// Whether it shows something, and does not only take away.
        internal var grants: Bool {
            switch self {
            case .read, .write, .cache: true
            case .protect, .mask, .hide: false
            }
        }
    }

    /// The absolute path, without `.`, `..` or a final slash; links in it are followed once, before the launch.
    public var path: String
    /// What the program may do.
    public var access: Access
    /// Whether a path that does not exist is passed over; otherwise it is an error.
    public var isOptional: Bool
    /// Where the rule was written, for messages.
    public var origin: String
    /// What the path must be once its links are followed; `nil` where it may be anything.
    public var canonicalPath: String?

    /// Makes a rule.
    public init(path: String, access: Access, isOptional: Bool, origin: String, canonicalPath: String? = nil) {
        self.path = path
        self.access = access
        self.isOptional = isOptional
        self.origin = origin
        self.canonicalPath = canonicalPath
    }
}
