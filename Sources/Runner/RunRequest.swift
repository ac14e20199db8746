public import SandboxPlan

/// What a caller asks for: which program, with which secrets, under which policy.
public struct RunRequest: Equatable, Sendable {
    /// The program and its arguments, as the kernel takes them; they need not be UTF-8.
    public var command: [[UInt8]]
    /// The directory to start in; `nil` for the current one.
    public var workDirectory: String?
    /// The work directory must lie at or below one of these canonical paths; `nil` for anywhere.
    public var roots: [String]?
    /// The time limit; `nil` for the policy's.
    public var timeout: Duration?
    /// Policies by name or file, composed in order; none for the app's pinned one, else `default`.
    public var policies: [String] = []
    /// Paths to read beside what the policy grants.
    public var reads: [String] = []
    /// Paths to write beside what the policy grants.
    public var writes: [String] = []
    /// Variables to set, or, without a value, to pass on from the caller.
    public var variables: [Variable] = []
    /// Which of the app's secrets the program gets.
    public var secrets: SecretChoice = .all
    /// Secrets that are not in a vault.
    public var origins: [SecretOrigin] = []
    /// Whether such a secret may be empty: mostly that means that a CI system did not pass it on.
    public var allowsEmpty = false
    /// The app; `nil` for the one of the environment, else the active one.
    public var app: String?
    /// Where the vault's key comes from.
    public var key = KeyChoice()
    /// What confines the program; the weaker mode is never chosen unless somebody names it.
    public var isolation = IsolationKind.namespaces
    /// Who asked: it decides which of the policy's modes of interception holds.
    public var caller = Caller.commandLine
    /// Whether a person has allowed the command although a rule refuses it.
    public var isAllowedOnce = false

    /// Makes a request to run a command, with defaults for all else.
    public init(command: [[UInt8]]) { self.command = command }

    /// Who asks for a run.
    public enum Caller: Equatable, Sendable {
        /// A person or a script, by the command line.
        case commandLine
        /// A client of the MCP server.
        case mcp
    }

    /// A variable of `--env`.
    public struct Variable: Equatable, Sendable {
        /// Its name.
        public var name: String
        /// Its value; `nil` passes the caller's on.
        public var value: [UInt8]?

        /// Makes a variable.
        public init(name: String, value: [UInt8]?) {
            self.name = name
            self.value = value
        }
    }
}

/// Which of an app's secrets a program gets.
public enum SecretChoice: Equatable, Sendable {
    /// All that the policy allows.
    case all
    /// None; no vault is opened.
    case none
    /// These.
    case named([String])
}

/// A secret whose value comes from outside any vault.
public struct SecretOrigin: Equatable, Sendable {
    /// The name under which the program gets it.
    public var name: String
    /// Where the value lies.
    public var place: Place

    /// Where a value lies.
    public enum Place: Equatable, Sendable {
        /// In a variable of the caller's environment.
        case variable(String)
        /// In a file.
        case file(String)
        /// Behind a descriptor, to its end.
        case descriptor(Int32)
    }

    /// Makes an origin.
    public init(name: String, place: Place) {
        self.name = name
        self.place = place
    }

    /// Reads `NAME=env[:VAR]`, `NAME=file:PATH` or `NAME=fd:N`; `nil` where it is none of them.
    public init?(argument: String) {
        let halves = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard halves.count == 2, !halves[0].isEmpty else { return nil }
        name = String(halves[0])
        let parts = halves[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        switch (parts[0], parts.count) {
        case ("env", 1): place = .variable(name)
        case ("env", 2) where !parts[1].isEmpty: place = .variable(parts[1])
        case ("file", 2) where !parts[1].isEmpty: place = .file(parts[1])
        case ("fd", 2):
            guard let number = Int32(parts[1]), number >= 0 else { return nil }
            place = .descriptor(number)
        default: return nil
        }
    }
}

/// Where the key to the vault comes from, as the caller named it.
public struct KeyChoice: Equatable, Sendable {
    /// A key file named on the command line.
    public var file: String?
    /// A descriptor from which a passphrase is read.
    public var passphraseDescriptor: Int32?
    /// Whether a person may be asked on the terminal.
    public var mayAsk = true

    /// Makes a choice.
    public init(file: String? = nil, passphraseDescriptor: Int32? = nil, mayAsk: Bool = true) {
        self.file = file
        self.passphraseDescriptor = passphraseDescriptor
        self.mayAsk = mayAsk
    }
}
