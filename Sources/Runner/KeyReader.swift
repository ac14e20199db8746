internal import Linux
public import Secrets
public import Vault

/// Finds the key to the vault: option, variable, systemd credential, descriptor, terminal.
public enum KeyReader {
    /// No passphrase is longer, in bytes.
    private static let passphraseLimit = 4096

    /// Reads the key that the caller named, or asks for the passphrase where that is allowed.
    public static func read(_ choice: KeyChoice) throws(RunError) -> KeySource {
        if let path = keyFilePath(choice) {
            return .keyFile(try part { () throws(VaultError) in try KeyFile.read(path) })
        }
        if let descriptor = choice.passphraseDescriptor { return .passphrase(try passphrase(from: descriptor)) }
        guard choice.mayAsk else { throw .locked }
        return .passphrase(try ask("Passphrase of the vault: ", else: .locked))
    }

    /// The path of the key file that would be read, if any.
    public static func keyFilePath(_ choice: KeyChoice) -> String? {
        if let file = choice.file { return file }
        // A passphrase named on the command line comes before a file that the environment names.
        if choice.passphraseDescriptor != nil { return nil }
        if let file = ProcessEnvironment.value(of: "VAULT_SANDBOX_KEY_FILE"), !file.isEmpty { return file }
        if let folder = ProcessEnvironment.value(of: "CREDENTIALS_DIRECTORY"), folder.hasPrefix("/") {
            let path = folder + "/vault-sandbox.key"
            if (try? Files.status(path)) != nil { return path }
        }
        return nil
    }

    /// Every path that a key file is named by, whichever is read: none of them is for a program to see.
    internal static func namedFiles(_ choice: KeyChoice) -> [String] {
        var files = choice.file.map { [$0] } ?? []
        if let file = ProcessEnvironment.value(of: "VAULT_SANDBOX_KEY_FILE"), !file.isEmpty { files.append(file) }
        if let folder = ProcessEnvironment.value(of: "CREDENTIALS_DIRECTORY"), folder.hasPrefix("/") {
            files.append(folder + "/vault-sandbox.key")
        }
        return files
    }

    /// Reads a passphrase to the first newline, or the end, of a descriptor.
    public static func passphrase(from descriptor: Int32) throws(RunError) -> SecretBytes {
        do throws(SystemCallError) {
            return try line(of: BorrowedDescriptor(rawValue: descriptor))
        } catch {
            throw .argument(
                "--passphrase-fd \(descriptor): \(error.errno.message)", hint: "pass the number of an open descriptor")
        }
    }

    /// Asks for a passphrase on the terminal, without showing it; `fallback` is thrown where there is no terminal.
    public static func ask(_ prompt: String, else fallback: RunError) throws(RunError) -> SecretBytes {
        do throws(SystemCallError) {
            let terminal = try Terminal()
            try terminal.write(prompt)
            var length = 0
            let whole = try SecretBytes(count: passphraseLimit) { span throws(SystemCallError) in
                length = try terminal.readHiddenLine(into: &span)
            }
            return whole.withSpan { SecretBytes(copying: $0.extracting(0..<length)) }
        } catch {
            throw error.errno == .interrupted ? .interrupted : fallback
        }
    }

    /// Reads a line into guarded memory, byte by byte so that nothing behind it is taken.
    private static func line(of descriptor: BorrowedDescriptor) throws(SystemCallError) -> SecretBytes {
        var length = 0
        let whole = try SecretBytes(count: passphraseLimit) { span throws(SystemCallError) in
            while length < span.count {
                let count = try descriptor.read(into: &span, from: length, atMost: 1)
                guard count == 1, span[length] != UInt8(ascii: "\n") else { break }
                length += 1
            }
        }
        return whole.withSpan { SecretBytes(copying: $0.extracting(0..<length)) }
    }
}
