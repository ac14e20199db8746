internal import Diagnostics
internal import Redaction

extension ErrorReport {
    /// The report with every form of the secrets taken out, as out of the program's output.
    internal func redacted(by matcher: Matcher) -> ErrorReport {
        ErrorReport(code, matcher.redacted(message), hint: hint.map(matcher.redacted))
    }
}

extension Matcher {
    /// A text that is shown to the caller, redacted.
    internal func redacted(_ text: String) -> String { String(decoding: redact(Array(text.utf8).span), as: UTF8.self) }
}
