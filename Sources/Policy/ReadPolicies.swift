internal import Synchronization

/// The policies that this process has read already, by their texts.
///
/// TOMLKit gives none of its memory back, some 20 KiB for a policy of ordinary length, so that a server must not have it
/// read the same text again for every run.
internal enum ReadPolicies {
    /// What came of reading one text.
    struct Reading: Sendable {
        let file: PolicyFile
        let problems: [PolicyProblem]
    }

    /// How many texts are kept; what comes beyond them is a mass of policies that none needs twice.
    private static let most = 128
    /// Compared one by one, since hashing a text takes a launch that reads just one longer than comparing them all.
    private static let known = Mutex<[(text: PolicyText, reading: Reading)]>([])

    /// Reads a text, or remembers what came of it.
    static func read(_ text: PolicyText) -> Reading {
        if let found = known.withLock({ known in known.first { $0.text == text } }) { return found.reading }
        let reader = PolicyReader(source: text.source, text: text.bytes)
        let reading = Reading(file: reader.file, problems: reader.problems)
        known.withLock { known in
            if known.count >= most { known.removeAll() }
            known.append((text, reading))
        }
        return reading
    }
}
