public import Secrets

/// What unlocks a vault.
public enum KeySource: ~Copyable {
    /// A passphrase, stretched by Argon2id.
    case passphrase(SecretBytes)
    /// The content of a key file, as `KeyFile.read` gives it; one final newline does not count.
    case keyFile(SecretBytes)
}
