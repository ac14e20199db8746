/// A variable through which the program will get a secret; no value.
public struct InjectedVariable: Equatable, Sendable {
    /// The secret's name.
    public let secret: String
    /// The variable's name, such as `TOKEN` or `TOKEN_FILE`.
    public let variable: String
    /// What the variable holds.
    public let content: Content

    /// What a variable holds of its secret.
    public enum Content: Equatable, Sendable {
        /// The value itself.
        case value
        /// The path of a file with the value.
        case path
        /// The number of a descriptor behind which the value is.
        case descriptor
    }

    /// Makes a variable; without a name of its own it is called as its secret is.
    public init(secret: String, variable: String? = nil, content: Content = .value) {
        self.secret = secret
        self.variable = variable ?? secret
        self.content = content
    }
}

/// Where a stored value stands in an argument.
public struct StoredOccurrence: Equatable, Sendable {
    /// The secret's name.
    public let secret: String
    /// The bytes of the argument.
    public let range: Range<Int>

    /// Makes an occurrence.
    public init(secret: String, range: Range<Int>) {
        self.secret = secret
        self.range = range
    }
}
