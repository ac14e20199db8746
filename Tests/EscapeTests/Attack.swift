internal import Testing

/// The classes of the threat model.
enum AttackClass: String, CaseIterable, Sendable, CustomTestStringConvertible {
    case files, descriptors, processes, privilege, terminals, network, resources, secrets, aftermath, faults

    var testDescription: String { rawValue }

    /// The attacks of the class.
    var attacks: [Attack] {
        switch self {
        case .files: FileAttacks.all
        case .descriptors: DescriptorAttacks.all
        case .processes: ProcessAttacks.all
        case .privilege: PrivilegeAttacks.all
        case .terminals: TerminalAttacks.all
        case .network: NetworkAttacks.all
        case .resources: ResourceAttacks.all
        case .secrets: SecretAttacks.all
        case .aftermath: AftermathAttacks.all
        case .faults: FaultAttacks.all
        }
    }
}

/// One attack from inside and how it must end.
///
/// A payload is Python, with the names of `Harness/inside.py`, in a process of its own; attacks that do not disturb
/// each other share a launch. A script is a shell's on the host, in a launch of its own: `$RUN` is nothing outside and
/// the launch inside, and it prints `worked` where the attack did.
struct Attack: Sendable, CustomTestStringConvertible {
    /// Stands for the name of the suite's run in all that is carried out.
    static let runMark = "@RUN@"

    /// What it tries, for people; unique in its class.
    let name: String
    /// The Python payload, empty for a script.
    var payload = ""
    /// The shell script, empty for a payload.
    var script = ""
    /// Every outcome that is right inside: `Harness/inside.py` says how a payload's is named; a script's is its output.
    let inside: [String]
    /// What the host prepares, in the attack's language.
    var setup = ""
    /// A harmless twin that must work inside, where the attack itself cannot be tried outside.
    var control = ""
    /// Python on the host that is true where the attack had its effect; decides over what the payload says.
    var check = ""
    /// Python that undoes the setup and the effect.
    var cleanup = ""
    /// Whether it disturbs others and gets a launch of its own.
    var isAlone = false
    /// Further options of the launch.
    var arguments: [String] = []
    /// Why it still works inside, where that is known.
    var knownIssue: String?

    var testDescription: String { name }

    /// An attack by a payload.
    init(
        _ name: String, _ payload: String, inside: String..., setup: String = "", control: String = "",
        check: String = "", cleanup: String = "", isAlone: Bool = false, arguments: [String] = [],
        knownIssue: String? = nil
    ) {
        self.name = name
        self.payload = payload
        self.inside = inside
        self.setup = setup
        self.control = control
        self.check = check
        self.cleanup = cleanup
        self.isAlone = isAlone
        self.knownIssue = knownIssue
        self.arguments = arguments
    }

    /// An attack by a script.
    init(
        _ name: String, script: String, inside: String..., setup: String = "", arguments: [String] = [],
        knownIssue: String? = nil
    ) {
        self.knownIssue = knownIssue
        self.name = name
        self.script = script
        self.inside = inside
        self.setup = setup
        self.arguments = arguments
    }
}
