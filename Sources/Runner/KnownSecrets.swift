internal import Redaction
internal import Secrets
internal import Synchronization
internal import Vault

/// The values that a server keeps from its client in whatever it says, whichever run got them: those of one app, and
/// those that were delivered in this server's life.
///
/// One call may leave a value in a file, in a name or with a run beside it, and another that does not get the secret may
/// show it. So one matcher knows them all. It is made once, shared by all calls, and made anew when the vault changed.
public final class KnownSecrets: Sendable {
    /// How many values of the vault are known at most, those in use before earlier ones, newer before older. A matcher
    /// of so many is made in some 30 ms.
    public static let mostValues = 1024
    /// How many bytes they have together at most.
    public static let mostBytes = 4 << 20
    /// How many values, and bytes, an app may hold for the server to store one more: whoever stores through it must not
    /// push values out of what is known. Less than above, for calls that store side by side.
    internal static let (mostStored, mostStoredBytes) = (1000, 3 << 20)
    /// How many delivered values are remembered at most, each of them between guard pages of its own.
    internal static let mostDelivered = 4096
    private let mostDelivered: Int

    /// A matcher with what tells it from one that knows more.
    internal struct Redactor {
        let matcher: Matcher
        fileprivate let edition: Int
    }

    fileprivate struct State {
        /// Where the vault's values are from; `nil` before they could be read.
        var source: Source?
        var held: [RedactionSecret] = []
        /// The delivered values of each secret, the newest last.
        var delivered: [String: [SharedSecret]] = [:]
        /// The names of those secrets, those delivered first before others.
        var names: [String] = []
        var deliveredCount = 0
        /// Raised whenever something is known that was not.
        var edition = 0
        /// The matchers of this edition: that of runs, and that of errors that come before a policy is known.
        var matchers: [(options: RedactionOptions, matcher: Matcher)] = []

        mutating func change() {
            edition += 1
            matchers = []
        }
    }

    fileprivate struct Source: Equatable {
        let app: String
        let state: Vault.State
    }

    private let state = Mutex(State())

    /// Makes a memory in which nothing is.
    public convenience init() { self.init(mostDelivered: Self.mostDelivered) }

    /// Makes a memory of so many delivered values.
    internal init(mostDelivered: Int) { self.mostDelivered = mostDelivered }

    /// Reads the app's values where the vault changed since they were read; where it cannot be unlocked without asking,
    /// what is known stays.
    internal func learn(from vault: inout OpenedVault, key: KeyChoice) throws(RunError) {
        // The lock is held while the vault is read, so that no call overtakes another with an older state.
        try state.withLock { state throws(RunError) in
            guard let stated = try vault.statedState(), Source(app: vault.app, state: stated) != state.source,
                try vault.unlockIfPossible(key)
            else { return }
            let (values, found) = try vault.heldValues(atMost: Self.mostValues, bytes: Self.mostBytes)
            let earlier = (source: state.source, held: state.held)
            state.source = Source(app: vault.app, state: found)
            state.held = values.map { RedactionSecret(name: $0.name, value: $0.value) }
            state.change()
            // Another vault, or an earlier copy that was put back, lacks what may lie in files.
            if let source = earlier.source, !found.mayFollow(source.state) {
                for secret in earlier.held { state.remember(secret, atMost: mostDelivered) }
            }
        }
    }

    /// Remembers what a run is about to get, and gives the matcher that knows this and all else.
    ///
    /// - Parameter decoys: What is made up for this run alone.
    internal func redactor(
        _ options: RedactionOptions, delivering values: [RedactionSecret] = [], decoys: [RedactionSecret] = []
    ) -> Redactor {
        state.withLock { state in
            for value in values { state.remember(value, atMost: mostDelivered) }
            if decoys.isEmpty {
                return Redactor(matcher: state.matcher(options), edition: state.edition)
            }
            // A decoy that comes out is told by its name.
            let taken = Set(decoys.map(\.name)).subtracting(values.map(\.name))
            let others = state.all.map { secret in
                taken.contains(secret.name)
                    ? RedactionSecret(name: "vault " + secret.name, value: secret.value) : secret
            }
            return Redactor(matcher: Matcher(secrets: decoys + others, options: options), edition: state.edition)
        }
    }

    /// Whether more is known than a redactor knows.
    internal func isOutdated(_ redactor: Redactor) -> Bool { state.withLock { $0.edition != redactor.edition } }
}

extension KnownSecrets.State {
    /// All that is known, delivered values first.
    fileprivate var all: [RedactionSecret] {
        let first = names.reversed().flatMap { name in
            (delivered[name] ?? []).reversed().map { RedactionSecret(name: name, value: $0) }
        }
        return first
            + held.filter { secret in
                !(delivered[secret.name] ?? []).contains { $0.bytes.isEqual(to: secret.value.bytes) }
            }
    }

    fileprivate mutating func remember(_ secret: RedactionSecret, atMost count: Int) {
        if delivered[secret.name] == nil { names.append(secret.name) }
        guard !(delivered[secret.name] ?? []).contains(where: { $0.bytes.isEqual(to: secret.value.bytes) }) else {
            return
        }
        delivered[secret.name, default: []].append(secret.value)
        deliveredCount += 1
        if deliveredCount > count { forget() }
        // What the vault holds is known as well.
        if !held.contains(where: { $0.name == secret.name && $0.value.bytes.isEqual(to: secret.value.bytes) }) {
            change()
        }
    }

    /// Drops the oldest value of the secret that has most of them.
    private mutating func forget() {
        guard let name = names.max(by: { (delivered[$0]?.count ?? 0) < (delivered[$1]?.count ?? 0) }) else { return }
        delivered[name]?.removeFirst()
        if delivered[name]?.isEmpty ?? true {
            delivered[name] = nil
            names.removeAll { $0 == name }
        }
        deliveredCount -= 1
    }

    fileprivate mutating func matcher(_ options: RedactionOptions) -> Matcher {
        if let known = matchers.first(where: { $0.options == options }) { return known.matcher }
        let matcher = Matcher(secrets: all, options: options)
        // A policy that changed leaves one behind that nobody asks for any more.
        matchers = matchers.suffix(1) + [(options, matcher)]
        return matcher
    }
}
