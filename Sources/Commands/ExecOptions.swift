internal import SandboxPlan
internal import Policy
internal import Runner
internal import Vault

/// The options of `exec` as they were written, whichever parser read them.
internal struct ExecOptions: Equatable {
    var policies: [String] = []
    var reads: [String] = []
    var writes: [String] = []
    var app: String?
    var secrets: [String] = []
    var noSecrets = false
    var origins: [String] = []
    var workDirectory: String?
    var timeout: String?
    var variables: [String] = []
    var json = false
    var dryRun = false
    var allowEmpty = false
    var quiet = false
    var tty = false
    var noTTY = false
    var isolation: String?
    var keyFile: String?
    var passphraseDescriptor: String?
    /// How many of the last arguments are the command.
    var commandCount = 0

    /// Where the output goes: through a terminal of the sandbox's own where that was asked for, or where all three
    /// standard streams are terminals and nothing else was asked for.
    func output(areTerminals: () -> Bool) throws(RunError) -> Runner.Output {
        guard !tty || !noTTY else {
            throw .argument("--tty and --no-tty contradict each other", hint: "leave one of them out")
        }
        guard !tty || !json else {
            throw .argument(
                "--tty and --json contradict each other: what is shown on a terminal is not a result",
                hint: "leave one of them out")
        }
        guard !tty || isolation != IsolationKind.landlock.rawValue else {
            throw .argument(
                "--tty and --isolation landlock contradict each other: without namespaces there is no terminal apart",
                hint: "leave one of them out")
        }
        if json { return .captured }
        guard isolation != IsolationKind.landlock.rawValue else { return .streamed }
        return tty || !noTTY && areTerminals() ? .terminal : .streamed
    }

    /// The request, with the command taken from the arguments' bytes.
    func request(arguments: [[UInt8]]) throws(RunError) -> RunRequest {
        // As text such bytes are others already: refused here, for the program would get what nobody wrote.
        guard arguments.dropLast(commandCount).allSatisfy({ String(validating: $0, as: UTF8.self) != nil }) else {
            throw .argument(
                "an option holds bytes that are not UTF-8",
                hint: "export such a value and pass it on with --env NAME; name a path by a link to it")
        }
        var request = RunRequest(command: Array(arguments.suffix(commandCount)))
        request.policies = policies
        request.reads = reads
        request.writes = writes
        request.app = app
        request.workDirectory = workDirectory
        for (operands, option) in [(reads, "--read"), (writes, "--write"), (policies, "--policy")]
        where operands.contains("") {
            throw .argument("\(option): an empty word names nothing", hint: "leave the option out, or name something")
        }
        for name in secrets {
            do throws(VaultError) { try SecretName.requireWellFormed(name) } catch { throw .part(error.report) }
        }
        guard !noSecrets || secrets.isEmpty else {
            throw .argument("--no-secrets and --secret contradict each other", hint: "leave one of them out")
        }
        request.secrets = noSecrets ? .none : secrets.isEmpty ? .all : .named(secrets)
        for origin in origins {
            guard let parsed = SecretOrigin(argument: origin) else {
                // The text may hold a value that was put there by mistake, and so is not repeated.
                throw .argument(
                    "--secret-from: not understood",
                    hint: "write NAME=env, NAME=env:VARIABLE, NAME=file:PATH or NAME=fd:N; never the value itself")
            }
            request.origins.append(parsed)
        }
        if let isolation {
            guard let kind = IsolationKind(rawValue: isolation) else {
                throw .argument("--isolation: not understood", hint: "write namespaces or landlock")
            }
            request.isolation = kind
        }
        request.allowsEmpty = allowEmpty
        request.variables = variables.map { text in
            let halves = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return RunRequest.Variable(
                name: String(halves[0]), value: halves.count == 2 ? Array(halves[1].utf8) : nil)
        }
        if let timeout {
            guard let duration = DurationText.parse(timeout) else {
                throw .argument("--timeout: not a duration", hint: "write 90, 90s, 5m or 1h")
            }
            request.timeout = duration
        }
        request.key = try KeyOptions.choice(file: keyFile, descriptor: passphraseDescriptor)
        return request
    }
}

/// Durations as people write them.
internal enum DurationText {
    /// Reads `90`, `90s`, `5m` or `1h`, as a policy does; at least a second, at most ten years.
    static func parse(_ text: String) -> Duration? { Quantities.duration(text) }
}
