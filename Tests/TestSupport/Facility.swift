internal import Glibc
internal import Linux
public import Testing

/// Something that a test needs and a machine may lack.
public enum Facility: Sendable, CustomStringConvertible {
    /// The test process runs as root, so that it can become an ordinary user.
    case root
    /// The built `vault-sandbox` binary.
    case binary
    /// The static release binary, as `make build` leaves it, named by `VAULT_SANDBOX_BINARY`.
    case releaseBinary
    /// A program that `PATH` leads to.
    case command(String)
    /// Namespaces that an ordinary user may make.
    case userNamespaces
    /// Landlock of this version or a later one.
    case landlock(version: Int32)
    /// Control groups of memory that this process may make.
    case memoryGroups
    /// Control groups that count processor time, and that this process may make.
    case processorGroups

    /// What is missing where the facility is.
    public var description: String {
        switch self {
        case .root: "root"
        case .binary: "the vault-sandbox binary"
        case .releaseBinary: "the release binary (set VAULT_SANDBOX_BINARY)"
        case .command(let name): "the command \(name)"
        case .userNamespaces: "unprivileged user namespaces"
        case .landlock(let version): "Landlock \(version)"
        case .memoryGroups: "control groups of memory"
        case .processorGroups: "control groups that count processor time"
        }
    }

    /// Whether this machine has it.
    public var isPresent: Bool {
        switch self {
        case .root: Processes.effectiveUser == 0
        case .binary: BuiltBinary.path != nil
        case .releaseBinary: environmentVariable("VAULT_SANDBOX_BINARY") != nil && BuiltBinary.path != nil
        case .command(let name): findCommand(name) != nil
        case .userNamespaces: Self.hasUserNamespaces
        case .landlock(let version): (LandlockRules.kernelVersion ?? 0) >= version
        case .memoryGroups: ControlGroup.make(memory: 64 << 20) != nil
        case .processorGroups: ControlGroup.makeCounting() != nil
        }
    }

    private static let hasUserNamespaces: Bool = {
        guard let unshare = findCommand("unshare") else { return false }
        let probe = ProgramRun(unshare, ["--user", "--map-root-user", "--mount", "--pid", "--fork", "true"])
        return (try? probe.run())?.status == .exited(0)
    }()
}

/// A test that could not run where every test must.
public struct MissingFacility: Error, CustomStringConvertible {
    /// What was missing.
    public let facility: Facility

    /// For example `this test must run here and lacks the command bwrap`.
    public var description: String { "this test must run here and lacks \(facility)" }
}

extension Trait where Self == ConditionTrait {
    /// Skips the test where one of these is missing; fails it instead where `VAULT_SANDBOX_TESTS_MUST_RUN=1`, so that
    /// no attack silently stops being tried.
    public static func requires(
        _ facilities: Facility..., sourceLocation: SourceLocation = #_sourceLocation
    ) -> Self {
        .enabled("needs \(facilities.map(\.description).joined(separator: " and "))", sourceLocation: sourceLocation) {
            guard let missing = facilities.first(where: { !$0.isPresent }) else { return true }
            guard environmentVariable("VAULT_SANDBOX_TESTS_MUST_RUN") != "1" else {
                throw MissingFacility(facility: missing)
            }
            return false
        }
    }
}

/// Where `PATH` finds a command, or `nil`.
public func findCommand(_ name: String) -> String? {
    let path = environmentVariable("PATH") ?? "/usr/local/bin:/usr/bin:/bin"
    for folder in path.split(separator: ":") {
        let candidate = "\(folder)/\(name)"
        if unsafe access(candidate, X_OK) == 0 { return candidate }
    }
    return nil
}
