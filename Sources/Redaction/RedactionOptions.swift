/// How a matcher chooses what to look for.
public struct RedactionOptions: Sendable, Equatable {
    /// The length in bytes below which a value is not replaced, because ordinary text would contain it.
    public var minimumLength = 6

    /// Makes the options that a run uses unless its policy says otherwise.
    public init() {}
}
