public import Interceptor
public import SandboxPlan
public import WrittenFiles

/// What came of a run whose program started.
public struct RunResult: Equatable, Sendable {
    /// The program's status; 128 + N where signal N ended it; 124 where the time limit did.
    public var exitStatus: Int32
    /// The signal that ended the program, or `nil`.
    public var signal: Int32?
    /// Whether the time limit ended it.
    public var timedOut: Bool
    /// The time limit that held.
    public var timeout: Duration
    /// The ceiling of memory that ended the run or a part of it, in bytes; `nil` where none did.
    public var exceededMemory: UInt64?
    /// The ceiling of processor time that ended the run; `nil` where none did.
    public var exceededProcessorTime: Duration?
    /// The names of the secrets that the program got, sorted.
    public var secretsInjected: [String]
    /// How often each secret was replaced in the output.
    public var redactions: [String: Int]
    /// The same by the forms in which they stood.
    public var redactionForms: [String: [String: Int]] = [:]
    /// How often each decoy came out: in the output, and once for each file that holds it.
    public var decoys: [String: Int] = [:]
    /// Whether that ended the run.
    public var endedByDecoy = false
    /// What the run left of its secrets in writable trees.
    public var written = WrittenReport()
    /// The names of the injected secrets that are too short or too common to be replaced.
    public var notRedacted: [String]
    /// What other programs may carry out later and was not there before the run, by its path in the work directory.
    public var writtenTraps: [String] = []
    /// Whether the policy has what `writtenTraps` names moved away.
    internal var movesTraps = false
    /// What of it could not be moved away.
    internal var keptTraps: [KeptTrap] = []

    /// Something that other programs may carry out, and why it is still there.
    internal struct KeptTrap: Equatable, Sendable {
        let path: String
        let reason: String
    }

    /// What became of what `writtenTraps` names.
    public enum FateOfTraps: Sendable {
        /// All of it was moved away.
        case moved
        /// Some of it could not be.
        case someMoved
        /// All of it is where the run left it.
        case kept
    }

    /// What became of what `writtenTraps` names.
    public var fateOfTraps: FateOfTraps {
        guard movesTraps, keptTraps.count < writtenTraps.count else { return .kept }
        return keptTraps.isEmpty ? .moved : .someMoved
    }

    /// What a person must know of the folder that a program without namespaces had, where it is still there.
    public var leftFolder: String?
    /// What the interceptor found and only warns of.
    public var warnings: Verdict
    /// Names the run in records.
    public var runID: RunID
    /// How long it took, in milliseconds.
    public var milliseconds: UInt64
    /// The policy's name.
    public var policy: String
    /// What confined the program.
    public var isolation: Isolation
    /// Whether the program had a network beyond its own loopback.
    public var hasNetwork: Bool
    /// What the program printed, where it was captured.
    public var captured: CapturedOutput?

    /// Whether the program failed and had no network, which may be why.
    public var isFailureOffline: Bool { exitStatus != 0 && !hasNetwork }

    /// The captured streams.
    public struct CapturedOutput: Equatable, Sendable {
        /// Standard output.
        public var output: CapturedStream
        /// Standard error.
        public var error: CapturedStream
    }

    /// The start and the end of a stream, redacted.
    public struct CapturedStream: Equatable, Sendable {
        /// What was kept from the start.
        public var start: [UInt8]
        /// What was kept from the end.
        public var end: [UInt8]
        /// How many bytes were left out between them.
        public var missing: Int
    }

    /// What confined the program.
    public struct Isolation: Equatable, Sendable {
        /// What confined the program.
        public var kind = IsolationKind.namespaces
        /// The version of Landlock that held, or `nil`.
        public var landlock: Int32?
        /// How memory was bounded: `cgroup2`, `cgroup1`, `sampled` or `none`.
        public var memory: String
        /// How processes were bounded: `namespace` for all of the sandbox, `rlimit` for the user, or `none`.
        public var processes: String
        /// How processor time was bounded: `cgroup2`, `cgroup1`, `sampled` or `none`.
        public var cpu: String
        /// The layers that the run went without: those that this machine lacks, in the words of `[isolation] degrade`,
        /// and those that the weaker mode has not.
        public var missing: [String] = []
    }
}

/// The name of one run: a ULID, sortable by time.
public struct RunID: Hashable, Sendable, CustomStringConvertible {
    /// 26 characters of Crockford's base 32.
    public let description: String

    private static let alphabet = Array("0123456789ABCDEFGHJKMNPQRSTVWXYZ")

    /// Makes an identifier from 48 bits of time in milliseconds and 80 random bits.
    public init(milliseconds: UInt64, random: (UInt64, UInt64)) {
        let bits = UInt128(milliseconds & 0xFFFF_FFFF_FFFF) << 80 | UInt128(random.0 & 0xFFFF) << 64 | UInt128(random.1)
        description = String((0..<26).reversed().map { Self.alphabet[Int(truncatingIfNeeded: bits >> ($0 * 5)) & 31] })
    }
}
