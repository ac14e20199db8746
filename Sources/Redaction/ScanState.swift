internal import Secrets

/// How far a reading has come.
internal struct Reading {
    /// Where the search goes on, always between two units.
    var from = 0
    /// How many bytes of noise were passed right before.
    var noise = 0
    /// Where in a line of a dump that is.
    var phase = DumpRow.Phase.lineStart(after: nil)
}

/// What a stream remembers between two pieces of text; all positions count from the start of the text in hand, which
/// begins with up to `ViewReader.lookback` bytes that are decided.
internal struct ScanState: ~Copyable {
    /// Everything before this position has left, as it was or replaced.
    var done = 0
    /// Where the latest replaced stretch ends: what starts before it belongs to it.
    var covered = 0
    /// Where the search of the text as it is goes on.
    var plainFrom = 0
    /// Where what is live in any reading but that of lists starts.
    var unlistedFrontier = 0
    /// How far each other reading has come.
    var readings = [Reading](repeating: Reading(), count: ViewKind.allCases.count)
    /// Where the newlines of the text in hand are.
    var lines = NewlineIndex()
    /// What was found and not yet replaced.
    var found: [Stretch] = []
    /// What a reader sees around the latest place that reads otherwise than it stands.
    var view = DecodedView()
    /// How often each form of each secret was replaced, by index of the secret and then family.
    var counts: [Int]
    /// How many bytes were compared or hashed to confirm or refuse candidates.
    var work = 0
    /// Hashes of the prefixes of the text being searched, as far as they were needed.
    private var hashes = SecretArray<UInt64>()
    /// How many bytes the hashes cover.
    private var hashed = 0

    init(secrets: Int) {
        counts = Array(repeating: 0, count: secrets * FormFamily.allCases.count)
    }

    /// Starts on a new text, whose first byte lies `dropped` bytes behind that of the text before.
    mutating func rebase(by dropped: Int) {
        lines.rebase(by: dropped)
        done = max(0, done - dropped)
        covered = max(0, covered - dropped)
        plainFrom = max(0, plainFrom - dropped)
        unlistedFrontier = max(0, unlistedFrontier - dropped)
        for kind in readings.indices { readings[kind].from = max(0, readings[kind].from - dropped) }
        for index in found.indices {
            found[index].start -= dropped
            found[index].end -= dropped
        }
    }

    /// Forgets the hashes: the text to search is another one.
    mutating func forgetHashes() {
        hashed = 0
    }

    /// The hash of `text` from `start` to `end`.
    mutating func hash(of text: Span<UInt8>, from start: Int, to end: Int, power: UInt64, by hash: TailHash) -> UInt64 {
        if hashes.count <= text.count {
            hashes = SecretArray<UInt64>(repeating: 0, count: text.count + 1)
            hashed = 0
        }
        let from = hashed
        work += max(0, end - from)
        let result = hashes.withMutableSpan { hashes in
            var last = hashes[from]
            if from < end {
                for index in from..<end {
                    last = hash.appending(text[index], to: last)
                    hashes[index + 1] = last
                }
            }
            return TailHash.between(hashes[start], hashes[end], power: power)
        }
        hashed = max(from, end)
        return result
    }
}
