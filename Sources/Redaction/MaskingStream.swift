internal import Secrets

/// Takes secrets out of a stream whose text may name more of them, as CI logs do with `::add-mask::VALUE`.
///
/// A value that the text names is looked for from the next line on, whole and by line, and its own line comes out as
/// `::add-mask::[redacted:masked]`.
public struct MaskingStream: ~Copyable {
    /// Why nothing more leaves.
    public enum Failure: Equatable, Sendable {
        /// The text named more values than are looked for.
        case tooManyValues(limit: Int)
        /// A line named a value longer than this, in bytes.
        case valueTooLong(limit: Int)
        /// The values that the text named have more bytes than this together.
        case valuesTooLong(limit: Int)
    }

    /// The most values that a text may name.
    public static let maximumCount = 1_000
    /// The longest value that a text may name, in bytes as they stand in it.
    public static let maximumLength = 64 << 10
    /// How many bytes the values that a text names may have together: all are made ready anew for each one that is named
    /// behind other text.
    public static let maximumBytes = 256 << 10
    /// What stands in place of the values that the text named.
    private static let name = "masked"
    private static let line = Array("::add-mask::[redacted:masked]".utf8)

    /// The names of the secrets given at the start that are not replaced, as their values are too short or too common.
    public let notRedacted: [String]
    /// Why nothing more leaves; what was not passed on by then stays withheld.
    public private(set) var failure: Failure?
    /// How often each secret was replaced in streams that have ended.
    private var endedCounts: [String: Int] = [:]
    /// How many values the text named that are too short or too common to be looked for.
    public private(set) var passedOver = 0
    private var secrets: [RedactionSecret]
    private var named = 0
    private var namedBytes = 0
    private let options: RedactionOptions
    private var stream: RedactionStream
    /// Whether the text named values that `stream` does not look for yet.
    private var isBehind = false
    private var command = MaskCommand()
    /// What may be the beginning of a command.
    private var held: [UInt8] = []

    /// Starts a stream that looks for these secrets.
    public init(secrets: [RedactionSecret], options: RedactionOptions = RedactionOptions()) {
        self.secrets = secrets
        self.options = options
        let matcher = Matcher(secrets: secrets, options: options)
        notRedacted = matcher.notRedacted
        stream = RedactionStream(matcher: matcher, releasesIdlePrefix: true)
    }

    /// How often each secret was replaced; secrets that were not are left out.
    public var counts: [String: Int] { endedCounts.merging(stream.counts) { $0 + $1 } }

    /// Takes the next bytes and passes on all that is decided.
    public mutating func write<E: Error>(
        _ bytes: Span<UInt8>, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) {
        // Where the text begins that has not been written: nothing between there and `index` is part of a command.
        var (start, index) = (0, 0)
        while failure == nil, index < bytes.count {
            if held.isEmpty { index = command.skipText(in: bytes, from: index) }
            guard index < bytes.count else { break }
            switch command.take(bytes[index]) {
            case .text:
                if !held.isEmpty {
                    try writeHeld(to: sink)
                    start = index
                }
            case .held:
                try writeText(bytes.extracting(start..<index), to: sink)
                held.append(bytes[index])
                start = index + 1
            case .value:
                start = index + 1
                if command.value.count > Self.maximumLength { failure = .valueTooLong(limit: Self.maximumLength) }
            case .complete:
                try complete(to: sink)
                start = index
            }
            index += 1
        }
        guard failure == nil else { return }
        try writeText(bytes.extracting(start..<bytes.count), to: sink)
    }

    /// Says that the source has nothing more for now; a short undecided rest leaves, but for what may be a command.
    public mutating func idle<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        guard failure == nil else { return }
        try stream.idle(to: sink)
    }

    /// Ends the stream and passes on what it held.
    public mutating func finish<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        guard failure == nil else { return }
        // A last line without an end is a command all the same.
        if command.take(UInt8(ascii: "\n")) == .complete { try complete(to: sink) }
        guard failure == nil else { return }
        try writeHeld(to: sink)
        try stream.finish(to: sink)
    }

    /// Takes the value of a line that has ended.
    private mutating func complete<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        held = []
        // No secret goes on behind a command's line, so that what may begin one is decided.
        try stream.finish(to: sink)
        try sink(Self.line.span)
        let value = command.value.withSpan { raw in MaskCommand.decode(raw) }
        command.reset()
        guard let value else { return }
        named += 1
        guard named <= Self.maximumCount else {
            failure = .tooManyValues(limit: Self.maximumCount)
            return
        }
        namedBytes += value.count
        guard namedBytes <= Self.maximumBytes else {
            failure = .valuesTooLong(limit: Self.maximumBytes)
            return
        }
        let shared = SharedSecret(value)
        shared.bytes.withSpan { bytes in
            if whyNotRedacted(bytes, options: options) != nil { passedOver += 1 }
            let lines = MaskCommand.lines(of: bytes)
            guard lines.count > 1 else { return }
            for line in lines {
                secrets.append(
                    RedactionSecret(name: Self.name, value: SharedSecret(SecretBytes(copying: bytes.extracting(line)))))
            }
        }
        secrets.append(RedactionSecret(name: Self.name, value: shared))
        isBehind = true
    }

    /// Writes text, looking for all that was named before it.
    private mutating func writeText<E: Error>(
        _ bytes: Span<UInt8>, to sink: (Span<UInt8>) throws(E) -> Void
    ) throws(E) {
        guard !bytes.isEmpty else { return }
        if isBehind {
            // Making a matcher is dear: once for all the values that were named one after the other. No form begins with
            // the end of a line.
            guard MaskCommand.lines(of: bytes).count > 0 else { return try sink(bytes) }
            endedCounts = counts
            stream = RedactionStream(
                matcher: Matcher(secrets: secrets, options: options), releasesIdlePrefix: true)
            isBehind = false
        }
        try stream.write(bytes, to: sink)
    }

    /// Writes what turned out to be no command.
    private mutating func writeHeld<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {
        guard !held.isEmpty else { return }
        var text: [UInt8] = []
        swap(&text, &held)
        try writeText(text.span, to: sink)
    }
}
