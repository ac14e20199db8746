internal import Diagnostics
internal import Linux
internal import Redaction
internal import SandboxPlan
internal import Secrets
internal import Vault

/// The values of a run's secrets, as init gets them and as the redactor looks for them.
internal struct CollectedSecrets: ~Copyable {
    /// Which value is whose.
    let manifest: SecretManifest
    /// The values, one behind the other.
    let values: SecretBytes
    /// The values by name.
    let redaction: [RedactionSecret]

    /// Reads every value; the vault must be unlocked where one of them is in it.
    ///
    /// - Parameter allowsEmpty: Whether a value from outside the vault may be empty.
    init(
        _ selected: [SelectedSecret], decoys: [Decoy] = [], vault: borrowing OpenedVault, allowsEmpty: Bool
    ) throws(RunError) {
        var entries: [SecretManifest.Entry] = []
        var secrets: [SharedSecret] = []
        var redaction: [RedactionSecret] = []
        // All of the vault's at once: what proves one of them proves much of the next.
        var stored = try vault.values(of: selected.filter { $0.place == nil }.map(\.name))[...]
        for secret in selected {
            let value: SharedSecret
            if let place = secret.place {
                value = SharedSecret(try Self.read(place, for: secret.name))
                guard value.bytes.count > 0 || allowsEmpty else {
                    throw .part(
                        ErrorReport(
                            .secretValueInvalid, "--secret-from \(secret.name): the value is empty",
                            hint: "nothing was started; set it where it comes from, or add --allow-empty"))
                }
            } else {
                value = stored.removeFirst()
            }
            try Self.checkNUL(in: value.bytes, of: secret)
            entries.append(
                SecretManifest.Entry(
                    name: secret.name, variable: secret.variable, delivery: secret.delivery, length: value.bytes.count))
            secrets.append(value)
            redaction.append(RedactionSecret(name: secret.name, value: value))
        }
        for decoy in decoys {
            let value = SharedSecret(decoy.makeValue())
            entries.append(
                SecretManifest.Entry(
                    name: decoy.name, variable: decoy.name, delivery: .environment, length: value.bytes.count))
            secrets.append(value)
            redaction.append(RedactionSecret(name: decoy.name, value: value))
        }
        manifest = SecretManifest(entries: entries)
        values = SecretBytes(count: manifest.totalLength) { span in
            var position = 0
            for secret in secrets {
                secret.bytes.withSpan { bytes in
                    for index in 0..<bytes.count { span[position + index] = bytes[index] }
                }
                position += secret.bytes.count
            }
        }
        self.redaction = redaction
    }

    /// Refuses a value that the variable it is to be delivered in cannot hold.
    private static func checkNUL(in value: borrowing SecretBytes, of secret: SelectedSecret) throws(RunError) {
        guard secret.delivery == .environment else { return }
        let hasNUL = value.withSpan { span in (0..<span.count).contains { span[$0] == 0 } }
        guard !hasNUL else {
            throw .part(
                ErrorReport(
                    .secretValueInvalid, "\(secret.name) holds a NUL byte and cannot be an environment variable",
                    hint: "deliver it as a file: `vault-sandbox secret set \(secret.name) --deliver file`"))
        }
    }

    private static func read(_ place: SecretOrigin.Place, for name: String) throws(RunError) -> SecretBytes {
        do throws(SecretReader.Failure) {
            switch place {
            case .variable(let variable):
                let value = ProcessEnvironment.withValue(of: variable) { SecretBytes(copying: $0) }
                guard let value else { throw .system(SystemCallError(call: "getenv", errno: .noSuchFile)) }
                guard value.count <= SecretReader.longestValue else { throw .tooLong }
                return value
            case .file(let path):
                let file = try open(path)
                return try SecretReader.read(BorrowedDescriptor(file), dropsNewline: true)
            case .descriptor(let number):
                return try SecretReader.read(BorrowedDescriptor(rawValue: number), dropsNewline: true)
            }
        } catch {
            throw refusal(error, place, name)
        }
    }

    /// What the person is told of a value that cannot be read.
    private static func refusal(
        _ failure: SecretReader.Failure, _ place: SecretOrigin.Place, _ name: String
    ) -> RunError {
        switch (failure, place) {
        case (.tooLong, _):
            .part(
                ErrorReport(
                    .secretValueInvalid, "\(name) is longer than 64 KiB",
                    hint: "keep a key in the vault and the large content in an encrypted file"))
        // What stands behind the colon may be the value itself, and is not shown.
        case (.system, .variable):
            .argument(
                "--secret-from \(name): the variable that it names is not set", hint: "set it, or name another variable"
            )
        case (.system(let error), .file):
            .argument(
                "--secret-from \(name): the file that it names: \(error.errno.message)", hint: "name a readable file")
        case (.system(let error), .descriptor(let number)):
            .argument(
                "--secret-from \(name): descriptor \(number): \(error.errno.message)",
                hint: "pass the number of an open descriptor")
        }
    }

    private static func open(_ path: String) throws(SecretReader.Failure) -> FileDescriptor {
        do {
            return try Files.open(path, .readOnly)
        } catch {
            throw .system(error)
        }
    }
}
