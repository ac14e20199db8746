public import Diagnostics

/// An error as JSON has it.
public struct ErrorRecord: Encodable {
    /// The published code.
    public let code: String
    /// What went wrong.
    public let message: String
    /// What to do next.
    public let hint: String?

    /// Copies a report.
    public init(_ report: ErrorReport) {
        code = report.code.rawValue
        message = printableLines(report.message)
        hint = report.hint.map(printableLines)
    }
}

/// A refusal as the whole of an answer.
public struct ErrorEnvelope: Encodable {
    /// The error.
    public let error: ErrorRecord

    /// Wraps a report.
    public init(_ report: ErrorReport) { error = ErrorRecord(report) }
}
