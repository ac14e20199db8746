internal import Secrets

/// What a run's secrets look like in every form; built once a run and shared by all its streams.
public final class Matcher: Sendable {
    /// The names of the secrets that are too short or too common to be replaced.
    public let notRedacted: [String]
    /// How many byte sequences are looked for.
    public var patternCount: Int { entries.count }

    /// The names, by the number that entries use.
    internal let names: [String]
    /// The replacement of each secret.
    internal let replacements: [[UInt8]]
    /// Each sequence's length, owner and edge.
    internal let entries: [PatternSet.Entry]
    internal let automaton: Automaton
    internal let filter: GramFilter
    /// The length of the longest sequence, which bounds what a stream holds back.
    internal let longest: Int
    /// How many first positions of each sequence the filter knows; 0 where a sequence is too short for it.
    internal let sampled: Int

    /// The most positions worth sampling: from here on the memory, not the filter, sets the pace.
    private static let mostSampled = 24

    /// Builds the matcher; the values are copied in each of their forms, into guarded memory.
    public init(secrets: [RedactionSecret], options: RedactionOptions = RedactionOptions()) {
        var patterns = PatternSet()
        var gaps: [String] = []
        for index in 0..<secrets.count {
            secrets[index].value.bytes.withSpan { value in
                if whyNotRedacted(value, options: options) != nil {
                    gaps.append(secrets[index].name)
                    return
                }
                let trimmed = trimmedRange(of: value)
                for form in value.count > largeValue ? formsOfLargeValues : redactionForms {
                    form.add(value, secret: index, minimum: options.minimumLength, to: &patterns)
                    guard trimmed.count < value.count else { continue }
                    form.add(
                        value.extracting(trimmed), secret: index, minimum: options.minimumLength, to: &patterns)
                }
            }
        }
        notRedacted = gaps
        names = secrets.map(\.name)
        replacements = secrets.map { Array("[redacted:\($0.name)]".utf8) }
        entries = patterns.entries
        longest = patterns.entries.reduce(0) { max($0, $1.count) }
        let shortest = patterns.entries.reduce(Int.max) { min($0, $1.count) }
        let sampled = shortest == Int.max ? 0 : min(max(shortest - GramFilter.width + 1, 0), Self.mostSampled)
        self.sampled = sampled
        automaton = Automaton(patterns)
        filter = Self.filter(of: patterns, sampled: sampled)
    }

    /// The bytes of guarded memory that the tables take.
    public var tableByteCount: Int {
        automaton.words.count * MemoryLayout<UInt32>.stride + filter.byteCount
    }

    private static func filter(of patterns: borrowing PatternSet, sampled: Int) -> GramFilter {
        let entries = patterns.entries
        let grams = patterns.withBytes { bytes in
            SecretWords(count: entries.count * sampled) { words in
                for index in 0..<entries.count {
                    for position in 0..<sampled {
                        let start = entries[index].start + position
                        words[index * sampled + position] =
                            UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8 | UInt32(bytes[start + 2]) << 16
                            | UInt32(bytes[start + 3]) << 24
                    }
                }
            }
        }
        return grams.withSpan { GramFilter(grams: $0) }
    }
}
