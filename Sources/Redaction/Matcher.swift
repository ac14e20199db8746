internal import Secrets

/// The secrets of one run, made ready for searching; built once, shared by all its streams.
///
/// A sampled q-gram filter: one probe for every few bytes of text, and a comparison only where four bytes of a pattern
/// lie at a probe. What it holds is in guarded memory and zeroed with it.
public final class Matcher: Sendable {
    /// The names of the secrets that are not replaced, as their values are too short or too common.
    public let notRedacted: [String]
    /// The secrets' names, by index.
    internal let names: [String]
    /// What stands in a secret's place, by index.
    internal let replacements: [[UInt8]]
    internal let set: PatternSet
    internal let index: GramIndex
    internal let pieces: PieceTable

    /// Makes the patterns of every form of every secret.
    public init(secrets: [RedactionSecret], options: RedactionOptions = RedactionOptions()) {
        var set = PatternSet(lengths: secrets.map { secret in secret.value.bytes.count })
        var pieces = PieceTable()
        var gaps: [String] = []
        for (number, secret) in secrets.enumerated() {
            secret.value.bytes.withSpan { value in
                if whyNotRedacted(value, options: options) != nil {
                    gaps.append(secret.name)
                } else {
                    RedactionForms.add(value, secret: number, options: options, to: &set, &pieces)
                }
            }
        }
        set.close()
        pieces.close()
        notRedacted = gaps
        names = secrets.map(\.name)
        replacements = secrets.map { secret in Array("[redacted:\(secret.name)]".utf8) }
        index = GramIndex(set)
        self.set = set
        self.pieces = pieces
    }

    /// How many different byte sequences are searched for.
    public var patternCount: Int { self.set.count }

    /// How much memory the patterns and tables take, in bytes.
    public var tableByteCount: Int {
        self.set.bytes.count + MemoryLayout<Pattern>.stride * self.set.count + index.size + pieces.size
    }

    /// Redacts bytes that are there as a whole.
    public func redact(_ bytes: Span<UInt8>) -> [UInt8] {
        var output: [UInt8] = []
        var stream = RedactionStream(matcher: self)
        stream.write(bytes) { piece in piece.append(to: &output) }
        stream.finish { piece in piece.append(to: &output) }
        return output
    }
}

extension Span<UInt8> {
    /// Adds a copy of the bytes to an array.
    internal func append(to array: inout [UInt8]) {
        array.reserveCapacity(array.count + count)
        for index in 0..<count { array.append(self[index]) }
    }
}
