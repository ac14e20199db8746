public import Interceptor

/// What a rule found, as JSON has it.
public struct FindingRecord: Encodable {
    let rule: String
    let argument: Int
    let start: Int
    let end: Int
    let excerpt: String
    let secret: String?
    let reason: String
    let instead: String

    /// Copies a finding.
    public init(_ finding: Finding) {
        rule = finding.rule.rawValue
        argument = finding.argument
        start = finding.span.lowerBound
        end = finding.span.upperBound
        excerpt = finding.excerpt.marked
        secret = finding.secret
        reason = finding.explanation.reason
        instead = finding.explanation.instead
    }
}
