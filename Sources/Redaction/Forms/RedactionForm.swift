/// One family of forms that a value takes in output.
///
/// A new family is a new type in this folder, one line in `RedactionForms.all`, and its cases in the tests' corpus.
internal protocol RedactionForm: SendableMetatype {
    /// Adds the family's patterns of `value` to `set`.
    static func add(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet)
    /// The family that results name.
    static var family: FormFamily { get }
}

/// All families.
internal enum RedactionForms {
    /// In the order in which they are made: the value itself comes first.
    static let all: [any RedactionForm.Type] = [
        RawForm.self, Base64Form.self, HexForm.self, EscapedForm.self, DisguisedForm.self, Base32Form.self,
    ]

    /// A longer value, in bytes, has its usual forms only, so that memory and time for building stay bounded.
    static let longest = 4096

    /// Adds every form of `value`, of its core where white space surrounds it, and of its parts where it has a structure.
    static func add(_ value: Span<UInt8>, secret: Int, options: RedactionOptions, to set: inout PatternSet) {
        let core = RawForm.trimmedRange(of: value)
        var ranges = [0..<value.count]
        if core.count != value.count { ranges.append(core) }
        ranges += ValueParts.ranges(of: value.extracting(core), minimum: options.effectiveMinimum).map { part in
            (core.lowerBound + part.lowerBound)..<(core.lowerBound + part.upperBound)
        }
        for range in ranges {
            let part = value.extracting(range)
            if range.count > longest {
                set.family = .raw
                RawForm.add(part, secret: secret, to: &set)
                set.family = .base64
                Base64Form.addOnce(part, secret: secret, to: &set)
                set.family = .hex
                HexForm.addContiguous(part, secret: secret, to: &set)
            } else {
                for form in all {
                    set.family = form.family
                    form.add(part, secret: secret, to: &set)
                }
                if options.replacesPieces {
                    set.family = WindowForm.family
                    WindowForm.add(part, secret: secret, to: &set)
                }
            }
        }
    }
}
