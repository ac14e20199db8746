internal import Policy
internal import Redaction
internal import Secrets

extension RedactionOptions {
    /// What a policy says of redaction.
    internal init(_ policy: Policy) {
        self.init()
        minimumLength = policy.redaction.minimumLength
        replacesPieces = policy.redaction.windows
    }
}

/// What is taken out of all that a run gives back, from before its program starts until the last look at its files.
internal struct RunRedaction {
    /// What is replaced in output.
    private(set) var matcher: Matcher
    /// The names of the injected secrets that cannot be replaced, sorted.
    let notRedacted: [String]
    /// What the caller's server knows, and what of it is in the matcher; `nil` for other callers.
    private let known: KnownSecrets?
    private var redactor: KnownSecrets.Redactor?
    private let options: RedactionOptions
    /// What is made up for this run; kept only where a matcher may have to be made again.
    private let decoys: [RedactionSecret]

    /// Makes the matcher of a run's own secrets, and of whatever else a server knows.
    init(_ secrets: borrowing CollectedSecrets, of preparation: inout Preparation, known: KnownSecrets?)
        throws(RunError)
    {
        let options = RedactionOptions(preparation.policy)
        self.options = options
        self.known = known
        notRedacted = secrets.redaction.filter { secret in
            secret.value.bytes.withSpan { whyNotRedacted($0, options: options) != nil }
        }.map(\.name).sorted()
        guard let known else {
            matcher = Matcher(secrets: secrets.redaction, options: options)
            decoys = []
            return
        }
        try known.learn(from: &preparation.vault, key: preparation.request.key)
        let names = Set(preparation.decoys.map(\.name))
        decoys = secrets.redaction.filter { names.contains($0.name) }
        let redactor = known.redactor(
            options, delivering: secrets.redaction.filter { !names.contains($0.name) }, decoys: decoys)
        self.redactor = redactor
        matcher = redactor.matcher
    }

    /// Learns what became known beside the run, which may have read it from a file.
    ///
    /// - Returns: Whether there was something.
    mutating func catchUp(_ preparation: inout Preparation) throws(RunError) -> Bool {
        guard let known, let redactor else { return false }
        var failure: RunError?
        do throws(RunError) {
            try known.learn(from: &preparation.vault, key: preparation.request.key)
        } catch {
            failure = error
        }
        let isOutdated = known.isOutdated(redactor)
        if isOutdated {
            let newer = known.redactor(options, decoys: decoys)
            self.redactor = newer
            matcher = newer.matcher
        }
        if let failure { throw failure }
        return isOutdated
    }
}
