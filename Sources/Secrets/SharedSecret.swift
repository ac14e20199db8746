/// A secret that several parts of one run refer to; its bytes are zeroed when the last of them lets go.
///
/// `SecretBytes` cannot be put in an array; this reference can.
public final class SharedSecret: Sendable {
    /// The bytes, lent through `SecretBytes.withSpan`.
    public let bytes: SecretBytes

    /// Takes ownership of `bytes`.
    public init(_ bytes: consuming SecretBytes) {
        self.bytes = bytes
    }
}
