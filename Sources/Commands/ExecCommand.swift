internal import ArgumentParser
internal import Diagnostics
internal import Runner

/// `vault-sandbox exec`: the definition of its options, its help and its errors.
internal struct ExecCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exec", abstract: "Run a command with secrets, in a sandbox.",
        discussion: """
            The command gets the secrets of the active app as environment variables, a read-only system, its working \
            tree and nothing else. What it prints is passed on with every known form of the secrets replaced by \
            [redacted:NAME]. The exit status is the command's own; 124 at the time limit; 125 where vault-sandbox \
            refused or failed; 126 and 127 where the command cannot be executed or found.

            Example: vault-sandbox exec --secret DATABASE_URL -- npm test
            """)

    @Option(name: .customLong("policy"), parsing: .singleValue, help: "Use the policy NAME or FILE; repeat to compose.")
    var policies: [String] = []

    @Option(name: .customLong("read"), parsing: .singleValue, help: "Let the command read PATH, too.")
    var reads: [String] = []

    @Option(name: .customLong("write"), parsing: .singleValue, help: "Let the command write to PATH, too.")
    var writes: [String] = []

    @Option(help: "Use the secrets of APP instead of the active app's.")
    var app: String?

    @Option(name: .customLong("secret"), parsing: .singleValue, help: "Inject the secret NAME only; repeat for more.")
    var secrets: [String] = []

    @Flag(name: .customLong("no-secrets"), help: "Inject no secret; the vault stays closed.")
    var noSecrets = false

    @Option(
        name: .customLong("secret-from"), parsing: .singleValue,
        help: "Inject a secret that is not in a vault: NAME=env[:VAR], NAME=file:PATH or NAME=fd:N.")
    var origins: [String] = []

    @Option(name: .customLong("work-dir"), help: "Start in DIR instead of the current directory.")
    var workDirectory: String?

    @Option(help: "End the run after DURATION: 90, 90s, 5m, 1h.")
    var timeout: String?

    @Option(
        name: .customLong("env"), parsing: .singleValue,
        help: "Set NAME=VALUE, or pass NAME on; never a secret's value.")
    var variables: [String] = []

    @Flag(help: "Print one JSON object with the captured output instead of passing it on.")
    var json = false

    @Flag(help: "Give the command a terminal of its own; so it is where input, output and errors are terminals.")
    var tty = false

    @Flag(name: .customLong("no-tty"), help: "Give the command pipes, on a terminal, too.")
    var noTTY = false

    @Option(help: "Confine by namespaces or, where a machine refuses them, more weakly by landlock.")
    var isolation: String?

    @Flag(name: .customLong("dry-run"), help: "Print what would be done, and do nothing.")
    var dryRun = false

    @Flag(help: "Inject values of --secret-from that have no byte in them, too.")
    var allowEmpty = false

    @OptionGroup var output: OutputOptions
    @OptionGroup var key: KeyOptions

    @Argument(parsing: .captureForPassthrough, help: "The command and its arguments.")
    var command: [String] = []

    /// Everything from the first word that is no known option is the command, and so a mistyped option would be.
    func validate() throws {
        guard let first = command.first, first.hasPrefix("-"), first != "--" else { return }
        guard first != "--help", first != "-h" else { throw CleanExit.helpRequest(self) }
        let name = String(first.prefix { $0 != "=" })
        let nearest = nearestWord(to: name, in: Self.optionNames).map { "; did you mean \($0)?" } ?? ""
        // What does not look like an option may be a value in the wrong place.
        let shown = LineProblem.isOption(name) ? name : "in front of the command"
        throw ValidationError("unknown option \(shown)\(nearest)")
    }

    private static let optionNames = [
        "--policy", "--read", "--write", "--app", "--secret", "--no-secrets", "--secret-from", "--work-dir",
        "--timeout", "--env", "--isolation", "--json", "--tty", "--no-tty", "--dry-run", "--allow-empty", "--quiet",
        "--key-file",
        "--passphrase-fd",
        "--help",
    ]

    /// The options as the short path would have read them.
    var options: ExecOptions {
        var options = ExecOptions()
        options.policies = policies
        options.reads = reads
        options.writes = writes
        options.app = app
        options.secrets = secrets
        options.noSecrets = noSecrets
        options.origins = origins
        options.workDirectory = workDirectory
        options.timeout = timeout
        options.variables = variables
        options.json = json
        options.tty = tty
        options.noTTY = noTTY
        options.isolation = isolation
        options.dryRun = dryRun
        options.allowEmpty = allowEmpty
        options.quiet = output.quiet
        options.keyFile = key.keyFile
        options.passphraseDescriptor = key.passphraseDescriptor
        // The parser keeps the `--` that ends the options.
        options.commandCount = command.first == "--" ? command.count - 1 : command.count
        return options
    }
}
