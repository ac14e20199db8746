/// A secret that a run left in a writable tree.
public struct WrittenSecret: Equatable, Sendable {
    /// The path of what holds it, redacted; without the work directory's where it lies in that.
    public var path: String
    /// The secret's name.
    public var secret: String
    /// The form in which it stands, with what it is packed in before it, such as `base64` or `gzip+raw`.
    public var form: String
    /// Which part of the file holds it.
    public var place: Place
    /// What was done.
    public var action: Action
    /// Why that failed, or why no more was done, or `nil`.
    public var reason: String?

    /// Parts of a file that a program writes.
    public enum Place: String, Sendable {
        /// What it contains.
        case content
        /// Its name.
        case name
        /// What a symbolic link holds.
        case link
        /// An extended attribute.
        case attribute
    }

    /// What becomes of a file that holds a secret.
    public enum Action: String, Sendable {
        /// It is told of.
        case report
        /// It was moved into the vault's folder.
        case quarantined
        /// It should have been moved and is still there.
        case failed
    }
}

/// A changed file, or a part of one, that was not looked at.
public struct UnscannedFile: Equatable, Sendable {
    /// Its path, redacted.
    public var path: String
    /// Why.
    public var reason: String
}

/// What the look at a run's written files came to.
public struct WrittenReport: Equatable, Sendable {
    /// What was found, in the order of the walk; each secret and form of a file once.
    public internal(set) var secrets: [WrittenSecret] = []
    /// What was not looked at.
    public internal(set) var unscanned: [UnscannedFile] = []
    /// How many entries of both lists were left out, as there are too many.
    public internal(set) var omitted = 0
    /// How many of them are of what should have been moved away and is still there.
    public internal(set) var omittedFailures = 0

    /// The most entries of each list; of what is still there as many once more.
    public static let mostEntries = 50

    /// Makes a report of nothing.
    public init() {}

    /// Whether a secret, or something that was not looked at, would be told and not only counted.
    internal func hasRoom(forSecret: Bool, forGap: Bool) -> Bool {
        forSecret && secrets.count < Self.mostEntries || forGap && unscanned.count < Self.mostEntries
    }

    internal mutating func add(_ secret: WrittenSecret) {
        // Two attributes may hold the same, and what changed meanwhile is looked at again.
        guard !secrets.contains(secret) else { return }
        // What is still there is told of before what is not.
        let isFailure = secret.action == .failed
        let count = isFailure ? secrets.count { $0.action == .failed } : secrets.count
        guard count < Self.mostEntries else {
            omitted += 1
            if isFailure { omittedFailures += 1 }
            return
        }
        secrets.append(secret)
    }

    /// Says of what was moved away that it is still there.
    internal mutating func fail(_ moved: [WrittenSecret], _ reason: String) {
        for secret in moved {
            let index = secrets.firstIndex(of: secret)
            var failed = secret
            failed.action = .failed
            failed.reason = reason
            if let index { secrets[index] = failed } else { add(failed) }
        }
    }

    /// Adds what was not looked at.
    public mutating func miss(_ path: String, _ reason: String) {
        guard unscanned.count < Self.mostEntries else {
            omitted += 1
            return
        }
        unscanned.append(UnscannedFile(path: path, reason: reason))
    }

    /// Says first, and however much else there is to say, that not everything below a path was looked at.
    internal mutating func missRest(of path: String, _ reason: String) {
        unscanned.insert(UnscannedFile(path: path, reason: reason), at: 0)
    }
}
