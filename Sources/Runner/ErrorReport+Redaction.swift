internal import Diagnostics
internal import Redaction

extension ErrorReport {
    /// The report with every form of the secrets taken out, as out of the program's output.
    internal func redacted(by matcher: Matcher) -> ErrorReport {
        func redacted(_ text: String) -> String {
            String(decoding: matcher.redact(Array(text.utf8).span), as: UTF8.self)
        }
        return ErrorReport(code, redacted(message), hint: hint.map(redacted))
    }
}
