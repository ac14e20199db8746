internal import ArgumentParser
internal import Diagnostics
internal import JSON
internal import Linux
internal import Redaction
internal import Runner
internal import Secrets
internal import Vault

/// `vault-sandbox secret`: the secrets of an app.
internal struct SecretCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "secret", abstract: "Store, list and remove secrets.",
        subcommands: [Set.self, List.self, Remove.self, History.self, Import.self])

    /// Stores a value.
    struct Set: AnsweringCommand {
        static let configuration = CommandConfiguration(
            abstract: "Store a secret; its value comes from standard input or a prompt.",
            discussion: """
                One final newline is dropped unless --raw is given. Setting a name again makes a new version.

                Example: printf %s "$VALUE" | vault-sandbox secret set DATABASE_URL
                """)
        @Argument(help: "The secret's name, an environment variable's.") var name: String
        @Option(help: "How a program gets it: env, file or fd.") var deliver: String?
        @Flag(help: "Keep a final newline.") var raw = false
        @Flag(help: "Store a value without a byte in it.") var allowEmpty = false
        @OptionGroup var scope: SecretScope
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            try SecretName.validate(name)
            let delivery = try deliver.map { text in
                guard let delivery = Delivery(rawValue: text) else {
                    throw ErrorReport(
                        .argumentInvalid, "--deliver: not a way of delivery", hint: "write env, file or fd")
                }
                return delivery
            }
            var vault = try scope.open()
            let app = try scope.app(in: vault)
            let value = try readValue()
            guard value.count > 0 || allowEmpty else {
                throw ErrorReport(
                    .secretValueInvalid, "the value is empty",
                    hint: "nothing was stored; pass the value by standard input, or add --allow-empty")
            }
            try scope.key.unlock(&vault)
            let version = try vault.setSecret(name, value: value, delivery: delivery, in: app)
            Console.print("stored \(name), version \(version), in the app \(app)")
            if let reason = value.withSpan({ redactionGap(of: $0) }) {
                output.note("warning: \(name) is \(reason) and will not be replaced in output")
            }
            return 0
        }

        private func readValue() throws -> SecretBytes {
            if BorrowedDescriptor.standardInput.isTerminal {
                return try KeyReader.ask("Value of \(name): ", else: .noTerminal("the value"))
            }
            do {
                return try SecretReader.read(.standardInput, dropsNewline: !raw)
            } catch .tooLong {
                throw ErrorReport(
                    .secretValueInvalid, "the value is longer than 64 KiB",
                    hint: "keep a key in the vault and the large content in an encrypted file")
            } catch .system(let error) {
                throw ErrorReport(
                    .secretValueInvalid, "the value cannot be read: \(error.errno.message)",
                    hint: "pass the value by standard input")
            }
        }
    }

    /// Lists the secrets.
    struct List: AnsweringCommand {
        static let configuration = CommandConfiguration(abstract: "List the secrets of an app; no value is shown.")
        @Flag(help: "Print JSON.") var json = false
        @Option(help: "Look at APP instead of the active app.") var app: String?
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            let vault = try Vault(in: Places.ofCaller().data, readOnly: true)
            let secrets = try vault.secrets(in: try SecretScope.app(app, in: vault))
            if json {
                Console.print(json: SecretListing(secrets: secrets.map(SecretEntry.init), total: secrets.count))
            } else if secrets.isEmpty {
                output.note("no secrets yet: store one with `vault-sandbox secret set NAME`")
            } else {
                Console.print(
                    table: ["NAME", "DELIVERED", "VERSION", "UPDATED"],
                    rows: secrets.map {
                        [$0.name, $0.delivery.rawValue, String($0.version), JSONText.date($0.updatedAt)]
                    })
            }
            return 0
        }
    }

    /// Removes a secret.
    struct Remove: AnsweringCommand {
        static let configuration = CommandConfiguration(abstract: "Remove a secret; its versions are kept.")
        @Argument(help: "The secret's name.") var name: String
        @OptionGroup var scope: SecretScope
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            var vault = try scope.open()
            let app = try scope.app(in: vault)
            try scope.key.unlock(&vault)
            try vault.removeSecret(name, in: app)
            Console.print("removed \(name) from the app \(app)")
            return 0
        }
    }

    /// Lists a secret's versions.
    struct History: AnsweringCommand {
        static let configuration = CommandConfiguration(abstract: "List the versions of a secret.")
        @Argument(help: "The secret's name.") var name: String
        @Flag(help: "Print JSON.") var json = false
        @Option(help: "Look at APP instead of the active app.") var app: String?
        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            let vault = try Vault(in: Places.ofCaller().data, readOnly: true)
            let versions = try vault.history(of: name, in: try SecretScope.app(app, in: vault))
            if json {
                Console.print(json: ["versions": versions.map(VersionEntry.init)])
            } else {
                Console.print(
                    table: ["VERSION", "CREATED", "CURRENT"],
                    rows: versions.map {
                        [String($0.version), JSONText.date($0.createdAt), $0.isCurrent ? "yes" : ""]
                    })
            }
            return 0
        }
    }

    /// Stores many secrets at once.
    struct Import: AnsweringCommand {
        static let configuration = CommandConfiguration(
            abstract: "Store the secrets of a dotenv or flat JSON file, all or none.")
        @Argument(help: "The file, or - for standard input.") var file: String
        @Flag(help: "Make new versions of names that exist.") var replace = false
        @OptionGroup var scope: SecretScope

        @OptionGroup var output: OutputOptions

        func answer() throws -> Int32 {
            var vault = try scope.open()
            let app = try scope.app(in: vault)
            let secrets = try SecretFile(path: file, isInputAllowed: true, purpose: "the file to import").secrets()
            try scope.key.unlock(&vault)
            try vault.importSecrets(secrets, in: app, replacing: replace)
            Console.print("stored \(secrets.count) \(secrets.count == 1 ? "secret" : "secrets") in the app \(app)")
            for secret in secrets {
                if let reason = secret.value.bytes.withSpan({ redactionGap(of: $0) }) {
                    output.note("warning: \(secret.name) is \(reason) and will not be replaced in output")
                }
            }
            return 0
        }
    }
}

/// The app and the key of commands that store secrets.
internal struct SecretScope: ParsableArguments {
    @Option(help: "Look at APP instead of the active app.") var app: String?
    @OptionGroup var key: KeyOptions

    /// Opens the vault for writing.
    func open() throws -> Vault { try Vault(in: Places.ofCaller().data) }

    /// The app that is meant.
    func app(in vault: borrowing Vault) throws -> String { try Self.app(app, in: vault) }

    /// The app asked for, that of the environment, or the active one.
    static func app(_ asked: String?, in vault: borrowing Vault) throws -> String {
        guard let named = asked ?? ProcessEnvironment.value(of: "VAULT_SANDBOX_APP") else {
            return try vault.activeApp()
        }
        try vault.requireApp(named)
        return named
    }
}

/// Why a value would not be replaced in output, in words, or `nil`.
private func redactionGap(of value: Span<UInt8>) -> String? {
    whyNotRedacted(value, options: RedactionOptions())?.description
}

/// A secret as JSON has it.
private struct SecretEntry: Encodable {
    let name: String
    let deliver: String
    let version: Int
    let updatedAt: String

    private enum CodingKeys: String, CodingKey {
        case name, deliver, version
        case updatedAt = "updated_at"
    }

    init(_ record: SecretRecord) {
        name = record.name
        deliver = record.delivery.rawValue
        version = record.version
        updatedAt = JSONText.date(record.updatedAt)
    }
}

/// A listing as JSON has it.
private struct SecretListing: Encodable {
    let secrets: [SecretEntry]
    let total: Int
}

/// A version as JSON has it.
private struct VersionEntry: Encodable {
    let version: Int
    let createdAt: String
    let current: Bool

    private enum CodingKeys: String, CodingKey {
        case version, current
        case createdAt = "created_at"
    }

    init(_ record: VersionRecord) {
        version = record.version
        createdAt = JSONText.date(record.createdAt)
        current = record.isCurrent
    }
}
