internal import ArgumentParser
internal import Diagnostics
internal import Interceptor
internal import Policy
internal import Runner

extension PolicyCommand {
    /// Says what a policy makes of a command.
    struct Explain: AnsweringCommand {
        static let configuration = CommandConfiguration(
            abstract: "Say whether a command would be refused under a policy, and why.",
            discussion: """
                The exit status is 1 where the command would be refused. Without --secret, the secrets of the active \
                app count as injected.

                Example: vault-sandbox policy explain default --command --secret TOKEN -- sh -c 'echo $TOKEN'
                """)
        @Argument(help: "The policy, by name or file.") var name: String
        @Flag(name: .customLong("command"), help: "Judge the command behind --.") var judgesCommand = false
        @Option(
            name: .customLong("secret"), parsing: .singleValue, help: "Suppose that NAME is injected; repeat for more.")
        var secrets: [String] = []
        @Option(help: "Suppose the secrets of APP instead of the active app's.") var app: String?
        @Flag(help: "Print JSON.") var json = false
        @Argument(parsing: .postTerminator, help: "The command and its arguments.") var command: [String] = []

        func validate() throws {
            guard judgesCommand else { throw ValidationError("say what to explain: --command -- COMMAND [ARGUMENT…]") }
            guard !command.isEmpty else { throw ValidationError("no command was given behind --") }
        }

        func answer() throws -> Int32 {
            let places = Places.ofCaller()
            let policy = try PolicyChoice.resolve(names: [name], places: places)
            let injected = try ExpectedSecrets.variables(secrets, policy: policy, app: app, places: places)
            let verdict = Interceptor.judge(command.map { Array($0.utf8) }, injected: injected)
            let modes = policy.interceptor
            if json {
                Console.print(json: Record(verdict, modes))
            } else {
                for line in Self.lines(verdict, modes) { Console.print(line) }
            }
            let mayBlock = modes.mode == .block || modes.commandLine == .block
            return verdict.refusal != nil && mayBlock ? 1 : 0
        }

        /// The verdict in lines, each finding with its span underlined.
        static func lines(_ verdict: Verdict, _ modes: Policy.Interception) -> [String] {
            guard !verdict.isClean else { return ["ok: no rule finds anything in this command"] }
            var lines: [String] = []
            for finding in verdict.findings {
                let excerpt = finding.excerpt
                lines += [
                    "\(finding.rule.rawValue): \(finding.explanation.reason)",
                    "  argument \(finding.argument): \(excerpt.before)\(excerpt.marked)\(excerpt.after)",
                    String(repeating: " ", count: "  argument \(finding.argument): ".count + excerpt.before.count)
                        + String(repeating: "^", count: max(1, excerpt.marked.count)),
                    "  instead: \(finding.explanation.instead)",
                ]
            }
            let (assistant, person) = (outcome(modes.mode, verdict), outcome(modes.commandLine, verdict))
            return lines + ["over MCP: \(assistant); by exec: \(person)"]
        }

        private static func outcome(_ mode: InterceptionMode, _ verdict: Verdict) -> String {
            switch mode {
            case .block where verdict.refusal != nil: "refused"
            case .block, .warn: "runs with a warning"
            case .off: "runs"
            }
        }

        /// The verdict as JSON has it.
        private struct Record: Encodable {
            let mode: String
            let cli: String
            let findings: [FindingRecord]

            init(_ verdict: Verdict, _ modes: Policy.Interception) {
                mode = modes.mode.rawValue
                cli = modes.commandLine.rawValue
                findings = verdict.findings.map(FindingRecord.init)
            }
        }
    }
}
