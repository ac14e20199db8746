public import Secrets

/// A secret to take out of output, and the name that appears in its place.
public struct RedactionSecret: Sendable {
    /// The name shown as `[redacted:NAME]`.
    public let name: String
    /// The value; shared with whoever delivers it.
    public let value: SharedSecret

    /// Pairs a name with its value.
    public init(name: String, value: SharedSecret) {
        self.name = name
        self.value = value
    }
}
