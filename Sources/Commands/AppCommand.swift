internal import ArgumentParser
internal import Diagnostics
internal import Policy
internal import Runner
internal import Vault

/// `vault-sandbox app`: groups of secrets.
internal struct AppCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "app", abstract: "Manage apps, the groups of secrets.",
        subcommands: [Create.self, Use.self, List.self, Remove.self, Pin.self])

    /// Creates an app.
    struct Create: AnsweringCommand {
        static let configuration = CommandConfiguration(abstract: "Create an app.")
        @Argument(help: "Its name: a-z, 0-9 and -, at most 63.") var name: String
        @OptionGroup var key: KeyOptions
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            var vault = try Vault(in: Places.ofCaller().data)
            try key.unlock(&vault)
            try vault.createApp(name)
            Console.print("created the app \(name); `vault-sandbox app use \(name)` makes it the active one")
            return 0
        }
    }

    /// Makes an app the active one.
    struct Use: AnsweringCommand {
        static let configuration = CommandConfiguration(abstract: "Make an app the active one.")
        @Argument(help: "The app.") var name: String
        @OptionGroup var output: OutputOptions
        @OptionGroup var key: KeyOptions

        func answer() throws -> Int32 {
            var vault = try Vault(in: Places.ofCaller().data)
            try vault.requireApp(name)
            try key.unlock(&vault)
            try vault.useApp(name)
            Console.print("the active app is \(name)")
            return 0
        }
    }

    /// Lists the apps.
    struct List: AnsweringCommand {
        static let configuration = CommandConfiguration(abstract: "List the apps.")
        @Flag(help: "Print JSON.") var json = false
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            let vault = try Vault(in: Places.ofCaller().data, readOnly: true)
            let apps = try vault.apps()
            if json {
                Console.print(json: ["apps": apps.map(AppEntry.init)])
            } else {
                Console.print(
                    table: ["APP", "ACTIVE", "SECRETS", "POLICY"],
                    rows: apps.map {
                        [
                            $0.name, $0.isActive ? "yes" : "", String($0.secretCount),
                            $0.policy.isEmpty ? "-" : $0.policy.joined(separator: ", "),
                        ]
                    })
            }
            return 0
        }
    }

    /// Removes an app.
    struct Remove: AnsweringCommand {
        static let configuration = CommandConfiguration(abstract: "Remove an app that holds no secrets.")
        @Argument(help: "The app.") var name: String
        @Flag(help: "Remove its secrets with it.") var force = false
        @OptionGroup var output: OutputOptions
        @OptionGroup var key: KeyOptions

        func answer() throws -> Int32 {
            var vault = try Vault(in: Places.ofCaller().data)
            try vault.requireApp(name)
            try key.unlock(&vault)
            try vault.removeApp(name, force: force)
            Console.print("removed the app \(name)")
            return 0
        }
    }

    /// Shows or pins an app's policy.
    struct Pin: AnsweringCommand {
        static let configuration = CommandConfiguration(
            commandName: "policy", abstract: "Show or pin the policy of an app.",
            discussion: """
                A pinned policy holds for every run of the app, and its content is kept in the vault: editing its file \
                changes nothing until it is pinned again. Pinning asks for the key.
                """)
        @Argument(help: "The app.") var name: String
        @Argument(help: "Policies to pin, by name or file, composed in order.") var policies: [String] = []
        @Flag(help: "Let the app's runs choose their policy again.") var unpin = false
        @OptionGroup var key: KeyOptions
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            let places = Places.ofCaller()
            var vault = try Vault(in: places.data, readOnly: policies.isEmpty && !unpin)
            try vault.requireApp(name)
            if policies.isEmpty && !unpin {
                guard let pin = try vault.unverifiedPolicy(of: name) else {
                    Console.print("\(name) has no pinned policy; its runs use `default` or what --policy names")
                    return 0
                }
                Console.print("\(name): \(printable(pin.sources.joined(separator: ", ")))")
                Console.print(try PolicyChoice.resolve(pin).show())
                for changed in PolicyChoice.changed(since: pin, places: places) {
                    output.note("note: \(printable(changed)) is not what was pinned; runs use the pinned text above")
                }
                return 0
            }
            let pin = policies.isEmpty ? nil : try PolicyChoice.pin(policies, places: places)
            try key.unlock(&vault)
            try vault.pinPolicy(pin, for: name)
            Console.print(
                unpin ? "\(name) has no pinned policy any more" : "\(name): \(policies.joined(separator: ", "))")
            return 0
        }

        func validate() throws {
            if unpin && !policies.isEmpty { throw ValidationError("--unpin and a policy contradict each other") }
        }
    }
}

/// An app as JSON has it.
private struct AppEntry: Encodable {
    let name: String
    let active: Bool
    let secrets: Int
    let policy: [String]

    init(_ record: AppRecord) {
        name = record.name
        active = record.isActive
        secrets = record.secretCount
        policy = record.policy
    }
}
