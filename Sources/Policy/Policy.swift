public import Interceptor
internal import Linux

/// What a run may touch: a policy with everything that it extends, resolved.
public struct Policy: Equatable, Sendable {
    /// The names it was asked for by, joined by `+`.
    public var name: String
    /// One sentence for people.
    public var description = ""
    /// Paths.
    public var filesystem = Filesystem()
    /// The network.
    public var network = Network.none
    /// System calls.
    public var systemCalls = SystemCalls()
    /// Environment and search path.
    public var process = Process()
    /// Bounds.
    public var limits = Limits()
    /// Secrets.
    public var secrets = Secrets()
    /// Redaction.
    public var redaction = Redaction()
    /// What becomes of commands that would let a secret out.
    public var interceptor = Interception()
    /// What the machine must have.
    public var isolation = Isolation()

    /// Makes the policy that grants nothing.
    public init(name: String) { self.name = name }

    /// Where something was written.
    public struct Origin: Equatable, Sendable, CustomStringConvertible {
        /// The file, or the bundled policy's name.
        public var source: String
        /// The line, from 1.
        public var line: Int
        /// The column, from 1.
        public var column: Int

        /// For example `deploy.toml:7:9`.
        public var description: String { "\(source):\(line):\(column)" }
    }

    /// An item of a list, with where it was written.
    public struct Item: Equatable, Sendable {
        /// The text, without a leading `?`.
        public var text: String
        /// Whether it may be missing: it was written with a leading `?`.
        public var isOptional: Bool
        /// Where it was written.
        public var origin: Origin
        /// What a pattern that stood here means: the path without links, which must still be there at the mount.
        public var canonicalPath: String?
    }

    /// Paths by what may be done there.
    public struct Filesystem: Equatable, Sendable {
        /// Read and execute.
        public var read: [Item] = []
        /// Read, execute and write.
        public var write: [Item] = []
        /// Read-only inside something writable.
        public var protect: [Item] = []
        /// Looks empty.
        public var mask: [Item] = []
        /// How many bytes each private file system in memory holds: /tmp, the home, /dev/shm.
        public var temporary: UInt64 = 64 << 20
    }

    /// What of the network a program sees.
    public enum Network: String, Sendable, CaseIterable {
        /// A loopback of its own.
        case none
        /// The host's.
        case host
    }

    /// Groups and names of calls.
    public struct SystemCalls: Equatable, Sendable {
        /// What may be called.
        public var allow: [Item] = []
        /// What may not be, whatever `allow` says.
        public var deny: [Item] = []
        /// What narrows both further.
        public var profile: Profile?

        /// An OCI seccomp profile, with the file that it was read from.
        public struct Profile: Equatable, Sendable {
            /// The file.
            public var source: String
            /// What it says.
            public var profile: SeccompProfile
        }
    }

    /// What a program starts with.
    public struct Process: Equatable, Sendable {
        /// Folders in front of the caller's PATH.
        public var path: [Item] = []
        /// Variables of the caller's that pass: names, or beginnings followed by `*`.
        public var passEnvironment: [Item] = []
        /// Variables that are set, sorted by name.
        public var setEnvironment: [Variable] = []

        /// A variable with its value.
        public struct Variable: Equatable, Sendable {
            /// Its name.
            public var name: String
            /// Its value.
            public var value: String
            /// Where it was written.
            public var origin: Origin
        }
    }

    /// Bounds of a run; `nil` for none.
    public struct Limits: Equatable, Sendable {
        /// The time limit where the caller names none.
        public var timeout: Duration = .seconds(300)
        /// The longest time limit that a caller may name.
        public var maximumTimeout: Duration = .seconds(3600)
        /// Bytes of data of each process.
        public var memory: UInt64?
        /// Processes and threads.
        public var processes: UInt64?
        /// Processor time of each process.
        public var processorTime: Duration?
        /// Open files of each process.
        public var openFiles: UInt64?
        /// Bytes of the largest file.
        public var fileSize: UInt64?
        /// Bytes of each captured stream on the command line.
        public var output = 1 << 20
        /// Bytes of each captured stream over MCP.
        public var mcpOutput = 8 << 10
    }

    /// Which secrets, and how they are delivered.
    public struct Secrets: Equatable, Sendable {
        /// The only secrets that may be injected; `nil` for no ceiling.
        public var allow: Set<String>?
        /// How secrets are delivered, by name, where that differs from what the vault says.
        public var deliver: [String: Delivery] = [:]

        /// A way of delivery.
        public struct Delivery: Equatable, Sendable {
            /// The kind.
            public var kind: Kind
            /// The variable that holds the path or the number; `nil` for the usual one.
            public var variable: String?

            /// Kinds of delivery.
            public enum Kind: Equatable, Sendable {
                /// As an environment variable.
                case environment
                /// As a file.
                case file
                /// As a descriptor.
                case descriptor
            }
        }
    }

    /// How secrets are looked for in output.
    public struct Redaction: Equatable, Sendable {
        /// Shorter values are not replaced, in bytes.
        public var minimumLength = 6
        /// Whether pieces of values that look random are replaced too.
        public var windows = true
        /// What becomes of files that a run wrote and that hold a secret.
        public var writtenFiles = WrittenFiles.report
        /// Names of secrets that are made up for each run, so that whoever takes them is noticed.
        public var decoys: [Item] = []
        /// What becomes of a run that lets a decoy out.
        public var onDecoy = OnDecoy.report

        /// What becomes of files that a run wrote and that hold a secret.
        public enum WrittenFiles: String, Sendable, CaseIterable {
            /// They are told of.
            case report
            /// They are moved into the vault's folder.
            case block
            /// Nobody looks.
            case off
        }

        /// What becomes of a run that lets a decoy out.
        public enum OnDecoy: String, Sendable, CaseIterable {
            /// It is told of.
            case report
            /// The run ends at once.
            case end
        }
    }
}

extension Policy {
    /// What becomes of commands that would let a secret out, by who asked for them.
    public struct Interception: Equatable, Sendable {
        /// Over MCP.
        public var mode = InterceptionMode.block
        /// On the command line.
        public var commandLine = InterceptionMode.warn
    }
}

extension Policy.Item {
    /// Whether it is a path in which `*` stands for a part of a name.
    public var isPattern: Bool { canonicalPath == nil && text.utf8.contains(UInt8(ascii: "*")) }

    /// An item for a path that this pattern means.
    public func matched(_ path: String, canonicalPath: String, isOptional: Bool) -> Policy.Item {
        Policy.Item(text: path, isOptional: isOptional, origin: origin, canonicalPath: canonicalPath)
    }

    /// The absolute path that the item means, without `.`, `..` and a final slash.
    public func expanded(home: String, workDirectory: String, runtimeDirectory: String?) -> String {
        guard text.utf8.first != UInt8(ascii: "/") else { return Files.absolutePath(text, from: "/") }
        let bases = [
            ("~", home), ("$HOME", home), ("$WORK_DIR", workDirectory),
            ("$RUNTIME_DIR", runtimeDirectory ?? "/run/none"),
        ]
        for (prefix, base) in bases where text == prefix || text.hasPrefix(prefix + "/") {
            return Files.absolutePath(base + String(text.dropFirst(prefix.count)), from: "/")
        }
        return Files.absolutePath(text, from: "/")
    }
}
