internal import ArgumentParser
internal import Diagnostics
internal import Linux
internal import Runner
internal import Secrets
internal import Vault

/// `vault-sandbox init`: creates the vault.
internal struct InitCommand: AnsweringCommand {
    static let configuration = CommandConfiguration(
        commandName: "init", abstract: "Create the vault.",
        discussion: """
            With --key-file the vault is unlocked by that file, which is made where it is missing; otherwise by a \
            passphrase, which is asked twice.

            Example: vault-sandbox init --key-file ~/.vault-key
            """)

    @OptionGroup var key: KeyOptions
    @OptionGroup var output: OutputOptions

    func answer() throws -> Int32 {
        let places = Places.ofCaller()
        let choice = try key.choice()
        if let existing = try? Vault(in: places.data, readOnly: true) {
            _ = consume existing
            throw ErrorReport(
                .existsAlready, "a vault is there already: \(places.data)",
                hint: "store a secret with `vault-sandbox secret set NAME`")
        }
        var madeKeyFile = false
        let source: KeySource
        if let file = choice.file {
            if (try? Files.status(file, followingLinks: false)) == nil {
                try KeyFile.create(file)
                madeKeyFile = true
            }
            source = .keyFile(try KeyFile.read(file))
        } else {
            source = .passphrase(try passphrase(choice))
        }
        do throws(VaultError) {
            try Vault.create(in: places.data, key: source)
        } catch {
            // A key that opens nothing would only be in the way of the next try.
            if madeKeyFile, let file = choice.file { try? Files.remove(file) }
            throw error
        }
        Console.print("created the vault \(places.data) with the app \"default\"")
        if let file = choice.file {
            let shown = printable(file)
            Console.print("\(madeKeyFile ? "made" : "used") the key file \(shown); keep a copy of it in a safe place")
            Console.print("next: export VAULT_SANDBOX_KEY_FILE=\(shown)")
        }
        Console.print("\(choice.file == nil ? "next" : "then"): vault-sandbox secret set NAME")
        return 0
    }

    /// The new passphrase, from a descriptor or asked twice.
    private func passphrase(_ choice: KeyChoice) throws -> SecretBytes {
        if let descriptor = choice.passphraseDescriptor {
            return try Self.checked(try KeyReader.passphrase(from: descriptor))
        }
        let first = try KeyReader.ask("New passphrase: ", else: .noTerminal("a passphrase"))
        let second = try KeyReader.ask("The same again: ", else: .noTerminal("a passphrase"))
        guard first.isEqual(to: second) else {
            throw ErrorReport(.argumentInvalid, "the two passphrases differ", hint: "try again; nothing was created")
        }
        return try Self.checked(first)
    }

    private static func checked(_ passphrase: consuming SecretBytes) throws -> SecretBytes {
        guard passphrase.count >= 8 else {
            throw ErrorReport(
                .argumentInvalid, "a passphrase must have at least 8 bytes",
                hint: "take four or more random words; nothing was created")
        }
        return passphrase
    }
}
