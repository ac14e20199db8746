internal import ArgumentParser
internal import MCPServer
internal import Runner

/// `vault-sandbox mcp`: the server that assistants talk to.
internal struct MCPCommand: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "mcp", abstract: "Serve the Model Context Protocol on standard input and output.",
        discussion: """
            An assistant's client starts this from its configuration. The tools run commands with the app's secrets, \
            in a sandbox, and manage the secrets by name; none gives a value back. Nobody is asked for a passphrase: \
            the key comes from a key file.

            Example: claude mcp add vault -- vault-sandbox mcp --key-file ~/.vault-key
            """)

    @Option(help: "Use the secrets of APP instead of the active app's, which is fixed at the start.")
    var app: String?

    @Option(
        name: .customLong("root"), parsing: .singleValue,
        help: "Let commands start at or below DIR, too; repeat for more. By default only below the current directory.")
    var roots: [String] = []

    @Option(name: .customLong("key-file"), help: "Read the vault's key from FILE, anew for each call.")
    var keyFile: String?

    func answer() throws -> Int32 {
        try Server.serve(
            ServerConfiguration(
                places: .ofCaller(), app: app, key: KeyChoice(file: keyFile, mayAsk: false), roots: roots))
    }
}
