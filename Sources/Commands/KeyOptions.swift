internal import ArgumentParser
internal import Runner
internal import Vault

/// The options that say where the vault's key comes from.
internal struct KeyOptions: ParsableArguments {
    @Option(name: .customLong("key-file"), help: "Read the vault's key from FILE.")
    var keyFile: String?

    @Option(name: .customLong("passphrase-fd"), help: "Read the passphrase from descriptor N, to its first newline.")
    var passphraseDescriptor: String?

    /// The choice that these options make.
    func choice() throws(RunError) -> KeyChoice {
        try Self.choice(file: keyFile, descriptor: passphraseDescriptor)
    }

    /// Unlocks a vault with the key that these options name.
    func unlock(_ vault: inout Vault) throws {
        try vault.unlock(try KeyReader.read(try choice()))
    }

    /// The choice that a file and a descriptor, as written, make.
    static func choice(file: String?, descriptor: String?) throws(RunError) -> KeyChoice {
        guard file == nil || descriptor == nil else {
            throw .argument("--key-file and --passphrase-fd contradict each other", hint: "leave one of them out")
        }
        guard let descriptor else { return KeyChoice(file: file) }
        guard let number = Int32(descriptor), number >= 0 else {
            throw .argument("--passphrase-fd: not a descriptor's number", hint: "write a number, such as 3")
        }
        return KeyChoice(passphraseDescriptor: number)
    }
}
