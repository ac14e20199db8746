/// What a person or an assistant is told when something is refused or fails.
///
/// A report never holds a secret's value, its length or a hash of it, and repeats an argument only where that argument
/// cannot hold a value.
public struct ErrorReport: Error, Equatable, Sendable {
    /// The published name of the failure.
    public let code: ErrorCode
    /// One sentence that says what went wrong and where, without a final full stop or newline.
    public let message: String
    /// What to do next, or `nil` where nothing useful can be said.
    public let hint: String?

    /// Makes a report from its parts.
    public init(_ code: ErrorCode, _ message: String, hint: String? = nil) {
        self.code = code
        self.message = message
        self.hint = hint
    }
}

/// An error that knows how to present itself; each module's error enum conforms.
public protocol ReportableError: Error, Sendable {
    /// The presentation of this error.
    var report: ErrorReport { get }
}

extension ErrorReport: ReportableError {
    /// A report presents itself.
    public var report: ErrorReport { self }
}
