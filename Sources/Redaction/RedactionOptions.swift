/// What a policy may set about redaction.
public struct RedactionOptions: Sendable, Equatable {
    /// The fewest bytes a value must have, without surrounding white space, to be replaced.
    ///
    /// Values under `smallestMinimum` bytes are never replaced, whatever this says: their forms appear by chance.
    public var minimumLength = 6

    /// Whether pieces of values that look random are replaced too.
    public var replacesPieces = true

    /// The fewest bytes that can be searched for at all.
    public static let smallestMinimum = 4

    /// Makes the usual options.
    public init() {}

    /// The minimum that holds.
    internal var effectiveMinimum: Int { max(minimumLength, Self.smallestMinimum) }
}
