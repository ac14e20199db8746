internal import ArgumentParser
internal import Diagnostics

/// `vault-sandbox completion`: scripts that complete command lines.
internal struct CompletionCommand: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "completion", abstract: "Print a completion script for bash, zsh or fish.")

    @Argument(help: "The shell: bash, zsh or fish.") var shell: String
    @OptionGroup var output: OutputOptions

    func answer() throws -> Int32 {
        guard let known = CompletionShell(rawValue: shell) else {
            let names = CompletionShell.allCases.map(\.rawValue)
            throw ErrorReport(
                .argumentInvalid, "completion: no script is known for that shell",
                hint: nearestWord(to: shell, in: names).map { "did you mean \($0)?" }
                    ?? "the shells are \(names.joined(separator: ", "))")
        }
        Console.print(RootCommand.completionScript(for: known))
        return 0
    }
}
