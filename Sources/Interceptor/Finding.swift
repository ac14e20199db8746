/// One thing that a rule found in a command.
public struct Finding: Equatable, Sendable {
    /// The rule.
    public let rule: RuleID
    /// The index of the argument, counted from 0, the program itself.
    public let argument: Int
    /// The bytes of the argument that the rule is about.
    public let span: Range<Int>
    /// The secret that is concerned; `nil` where it is none in particular.
    public let secret: String?
    /// The span with what stands around it, fit to be shown.
    public let excerpt: Excerpt

    /// Whether it is no more than a suspicion, which never refuses a command.
    public let isSuspicion: Bool

    /// What the rule says: its reason and its alternative.
    public var explanation: Rule { Rule.of(rule) }

    /// A piece of an argument as it may be shown: values and tokens masked, control characters written out.
    public struct Excerpt: Equatable, Sendable {
        /// What stands before the span.
        public let before: String
        /// The span.
        public let marked: String
        /// What stands behind the span.
        public let after: String
    }
}

/// What the interceptor has to say of one command.
public struct Verdict: Equatable, Sendable {
    /// What was found, by argument and span; none where the command may run.
    public let findings: [Finding]

    /// Whether nothing was found.
    public var isClean: Bool { findings.isEmpty }

    /// The verdict on a command that may run.
    public static let clean = Verdict(findings: [])
}

extension Verdict {
    /// The verdict with what it shows of the command changed, such as by redaction.
    public func showing(_ change: (String) -> String) -> Verdict {
        Verdict(
            findings: findings.map { finding in
                let excerpt = Finding.Excerpt(
                    before: change(finding.excerpt.before), marked: change(finding.excerpt.marked),
                    after: change(finding.excerpt.after))
                return Finding(
                    rule: finding.rule, argument: finding.argument, span: finding.span, secret: finding.secret,
                    excerpt: excerpt, isSuspicion: finding.isSuspicion)
            })
    }
}
