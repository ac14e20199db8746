internal import ArgumentParser
internal import Diagnostics

/// The one definition of commands, options and help.
internal struct RootCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "vault-sandbox",
        abstract: "Run programs that need secrets where the secrets cannot get out.",
        discussion: """
            Start with `vault-sandbox init`, then `vault-sandbox secret set NAME` and \
            `vault-sandbox exec -- COMMAND`.
            """,
        version: Version.text,
        subcommands: [
            InitCommand.self, AppCommand.self, SecretCommand.self, ExecCommand.self, RedactCommand.self,
            PolicyCommand.self, QuarantineCommand.self, MCPCommand.self, DoctorCommand.self, CompletionCommand.self,
        ])
}
