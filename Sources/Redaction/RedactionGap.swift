/// Why a value is not replaced in output.
///
/// The description reads as in "NAME is too common a word and will not be replaced".
public enum RedactionGap: Sendable, Equatable, CustomStringConvertible {
    /// The value has fewer bytes than the minimum, not counting surrounding white space.
    case tooShort(minimum: Int)
    /// The value is a word that ordinary output is full of.
    case tooCommon

    /// The reason without a value in it.
    public var description: String {
        switch self {
        case .tooShort(let minimum): "too short (under \(minimum) bytes)"
        case .tooCommon: "too common a word"
        }
    }
}

/// Why the matcher would not replace `value`, or `nil` where it would.
///
/// `secret set` warns with this, and a run's result names the secrets that it holds for.
public func whyNotRedacted(_ value: Span<UInt8>, options: RedactionOptions = RedactionOptions()) -> RedactionGap? {
    let core = value.extracting(RawForm.trimmedRange(of: value))
    if core.count < options.effectiveMinimum { return .tooShort(minimum: options.effectiveMinimum) }
    if CommonWords.contains(core) { return .tooCommon }
    return nil
}
