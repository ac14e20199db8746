internal import Interceptor
internal import Redaction
internal import Secrets

/// Looks for the values of a run's secrets in its arguments; refers to the values and copies none.
internal struct StoredValues {
    private let secrets: [RedactionSecret]

    /// Takes the values that are long enough to be looked for in output, too.
    init(_ collected: borrowing CollectedSecrets, minimumLength: Int) {
        secrets = collected.redaction.filter { $0.value.bytes.count >= minimumLength }
    }

    /// Where values stand in an argument.
    func occurrences(in argument: [UInt8]) -> [StoredOccurrence] {
        secrets.compactMap { secret in
            secret.value.bytes.withSpan { Self.first($0, in: argument.span) }.map {
                StoredOccurrence(secret: secret.name, range: $0)
            }
        }
    }

    /// The first place of some bytes in others.
    private static func first(_ value: Span<UInt8>, in argument: Span<UInt8>) -> Range<Int>? {
        guard !value.isEmpty, value.count <= argument.count else { return nil }
        for start in 0...(argument.count - value.count) {
            var length = 0
            while length < value.count, argument[start + length] == value[length] { length += 1 }
            if length == value.count { return start..<start + length }
        }
        return nil
    }
}
