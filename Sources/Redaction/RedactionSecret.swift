public import Secrets

/// A value to be replaced wherever it appears, and the name that stands in its place.
public struct RedactionSecret: Sendable {
    /// The name that the replacement `[redacted:NAME]` shows.
    public let name: String
    /// The value, shared with whoever else needs it during the run.
    public let value: SharedSecret

    /// Pairs a name with its value.
    public init(name: String, value: SharedSecret) {
        self.name = name
        self.value = value
    }
}
