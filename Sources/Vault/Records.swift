public import Secrets

/// What a listing shows of an app.
public struct AppRecord: Equatable, Sendable {
    /// Its name.
    public let name: String
    /// Whether commands use it where none is named.
    public let isActive: Bool
    /// How many secrets it holds, deleted ones not counted.
    public let secretCount: Int
    /// The names of the policies that its pinned policy was made from; empty where none is pinned.
    public let policy: [String]

    /// Makes a record from its parts.
    public init(name: String, isActive: Bool, secretCount: Int, policy: [String]) {
        self.name = name
        self.isActive = isActive
        self.secretCount = secretCount
        self.policy = policy
    }
}

/// The policy that bounds every run of an app.
public struct PinnedPolicy: Equatable, Sendable {
    /// The names it was made from, for people.
    public let sources: [String]
    /// The resolved policy, as the policy room wrote it.
    public let text: [UInt8]

    /// Makes a pinned policy from its parts.
    public init(sources: [String], text: [UInt8]) {
        self.sources = sources
        self.text = text
    }
}

/// What a listing shows of a secret; never its value.
public struct SecretRecord: Equatable, Sendable {
    /// Its name.
    public let name: String
    /// How it is delivered.
    public let delivery: Delivery
    /// The version in use.
    public let version: Int
    /// When it last changed, in seconds since 1970.
    public let updatedAt: Int64

    /// Makes a record from its parts.
    public init(name: String, delivery: Delivery, version: Int, updatedAt: Int64) {
        self.name = name
        self.delivery = delivery
        self.version = version
        self.updatedAt = updatedAt
    }
}

/// What a listing shows of one version of a secret.
public struct VersionRecord: Equatable, Sendable {
    /// Its number, counted from one.
    public let version: Int
    /// When it was set, in seconds since 1970.
    public let createdAt: Int64
    /// Whether it is the one in use; none is where the secret is deleted.
    public let isCurrent: Bool

    /// Makes a record from its parts.
    public init(version: Int, createdAt: Int64, isCurrent: Bool) {
        self.version = version
        self.createdAt = createdAt
        self.isCurrent = isCurrent
    }
}

/// A secret taken out of the vault: its value and what it is delivered as.
@frozen
public struct StoredSecret: ~Copyable {
    /// Its name.
    public let name: String
    /// How it is delivered.
    public let delivery: Delivery
    /// The version that was taken out.
    public let version: Int
    /// The value, zeroed when its owner lets go.
    public let value: SecretBytes

    /// Takes ownership of a value.
    public init(name: String, delivery: Delivery, version: Int, value: consuming SecretBytes) {
        self.name = name
        self.delivery = delivery
        self.version = version
        self.value = value
    }

    /// Gives the value up.
    public consuming func takeValue() -> SecretBytes { value }
}
