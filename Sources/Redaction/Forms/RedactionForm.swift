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
        DisguisedBase64Form.self, Base85Form.self, UuencodeForm.self, DigitsForm.self,
    ]

    /// A longer value, in bytes, is looked for by its pieces, so that memory and time for building stay bounded.
    static let longest = 4096

    /// The most bytes that the pieces of a long value may leave for patterns of all forms.
    private static let mostLeft = 2048

    /// Adds every form of `value`, of its core where white space surrounds it, and of its parts where it has a structure.
    static func add(
        _ value: Span<UInt8>, secret: Int, options: RedactionOptions, to set: inout PatternSet,
        _ pieces: inout PieceTable
    ) {
        let core = RawForm.trimmedRange(of: value)
        var ranges = [0..<value.count]
        if core.count != value.count { ranges.append(core) }
        ranges += ValueParts.ranges(of: value.extracting(core), minimum: options.effectiveMinimum).map { part in
            (core.lowerBound + part.lowerBound)..<(core.lowerBound + part.upperBound)
        }
        for range in ranges where range.count <= longest {
            addAll(value.extracting(range), secret: secret, to: &set)
            if options.replacesPieces {
                set.family = WindowForm.family
                WindowForm.add(value.extracting(range), secret: secret, to: &set)
            }
        }
        if value.count > longest {
            addLong(value, ranges.filter { range in range.count > longest }, secret: secret, options, to: &set, &pieces)
        }
    }

    /// Adds the forms of a value of a usual length.
    private static func addAll(_ value: Span<UInt8>, secret: Int, to set: inout PatternSet) {
        for form in all {
            set.family = form.family
            form.add(value, secret: secret, to: &set)
        }
    }

    /// Adds the pieces of a long value, what they leave of it, and its long parts as they are.
    ///
    /// Where the pieces leave much, as of a text without keys, the usual encodings are added of the whole.
    private static func addLong(
        _ value: Span<UInt8>, _ ranges: [Range<Int>], secret: Int, _ options: RedactionOptions,
        to set: inout PatternSet, _ pieces: inout PieceTable
    ) {
        let left = options.replacesPieces ? pieces.add(value, secret: secret) : [0..<value.count]
        let isCovered = left.reduce(0) { sum, range in sum + range.count } <= mostLeft
        for range in ranges {
            let part = value.extracting(range)
            set.family = .raw
            RawForm.add(part, secret: secret, to: &set)
            if !isCovered {
                set.family = .base64
                Base64Form.addOnce(part, secret: secret, to: &set)
                set.family = .hex
                HexForm.addContiguous(part, secret: secret, to: &set)
            }
        }
        if isCovered { for range in left { addAll(value.extracting(range), secret: secret, to: &set) } }
    }
}
