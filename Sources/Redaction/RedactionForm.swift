/// One family of ways in which a value is written; yields the byte sequences of a value in that family.
internal protocol RedactionForm: SendableMetatype {
    /// Adds the sequences of `value` to `patterns`, as those of the secret numbered `secret`.
    static func add(_ value: Span<UInt8>, secret: Int, minimum: Int, to patterns: inout PatternSet)
}

/// Every family, the plainest first: where two families write a value alike, the first counts.
internal let redactionForms: [any RedactionForm.Type] = [
    RawForm.self, Base64Form.self, HexForm.self, PercentForm.self, JSONForm.self, ShellForm.self,
]

/// The families for values above `largeValue`, whose tables would outgrow the supervisor in all the others.
internal let formsOfLargeValues: [any RedactionForm.Type] = [
    RawForm.self, Base64Form.self, HexForm.self, JSONForm.self,
]

/// The length in bytes above which a value has only its most usual forms, each of them in full.
internal let largeValue = 4096
