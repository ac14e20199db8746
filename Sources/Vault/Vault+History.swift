public import Secrets

/// A value that a vault holds, in use or not.
public struct HeldValue: Sendable {
    /// The secret's name.
    public let name: String
    /// The value.
    public let value: SharedSecret
}

extension Vault {
    /// What tells a state of the vault from others. Needs no key, and so proves nothing.
    public struct State: Equatable, Sendable {
        /// The vault's identity.
        public let identity: [UInt8]
        /// How often it was changed.
        public let generation: Int64
        /// What the state is sealed with: a copy that was put back and changed has another one at the same number.
        private let seal: [UInt8]

        fileprivate init(identity: [UInt8], generation: Int64, seal: [UInt8]) {
            self.identity = identity
            self.generation = generation
            self.seal = seal
        }

        /// Whether this may be a later state of the same vault, in which nothing is lost that was there.
        public func mayFollow(_ other: State) -> Bool {
            identity == other.identity && generation > other.generation
        }
    }

    /// The state that the file says it is in.
    public func statedState() throws(VaultError) -> State {
        let row = try database.prepare("SELECT generation, seal FROM state WHERE id = 1")
        guard try row.step() else { return State(identity: identity, generation: 0, seal: []) }
        return State(
            identity: identity, generation: try row.integer(0), seal: row.isNull(1) ? [] : try row.bytes(1))
    }

    /// What an app's values come to, earlier versions and those of deleted secrets among them; needs no key.
    public func heldExtent(of app: String) throws(VaultError) -> (values: Int, bytes: Int) {
        let statement = try database.prepare(
            "SELECT count(*), coalesce(sum(length(box)), 0) FROM \(Self.held) WHERE secret.app = ?1")
        try statement.bind(1, try appID(app))
        guard try statement.step() else { return (0, 0) }
        return (Int(try statement.integer(0)), Int(try statement.integer(1)))
    }

    /// The values that an app holds: those in use first, then earlier versions and those of deleted secrets, the newest
    /// of each first.
    ///
    /// - Parameters:
    ///   - count: At most so many.
    ///   - bytes: No more once they have so many bytes together.
    /// - Returns: The values and the state that they were read in.
    public func heldValues(
        of app: String, atMost count: Int, bytes: Int
    ) throws(VaultError) -> (values: [HeldValue], state: State) {
        try look { keys, ledger throws(VaultError) in
            let owner = try verifiedApp(app, keys, &ledger)
            // One that was hidden in the file would otherwise not be known.
            guard try secretCount(in: app) == owner.secretCount else {
                throw .altered("the list of secrets of app \(app)")
            }
            let rows = try database.prepare(
                """
                SELECT secret.name, secret_version.number, secret.current = secret_version.number AND is_deleted = 0
                FROM \(Self.held) WHERE secret.app = ?1 ORDER BY 3 DESC, secret_version.id DESC LIMIT ?2
                """)
            try rows.bind(1, owner.id)
            try rows.bind(2, Int64(count))
            var values: [HeldValue] = []
            var rest = bytes
            while rest > 0, try rows.step() {
                let name = try rows.secretName(0)
                let value =
                    try rows.integer(2) != 0
                    ? SharedSecret(try openedValue(of: name, in: owner, keys, &ledger).takeValue())
                    : SharedSecret(try earlierValue(of: name, number: try rows.integer(1), in: owner, keys))
                rest -= value.bytes.count
                values.append(HeldValue(name: name, value: value))
            }
            return (values, try statedState())
        }
    }

    private static let held = "secret_version JOIN secret ON secret.id = secret_version.secret"

    /// A version that is not in use, which no seal but its own holds.
    private func earlierValue(
        of name: String, number: Int64, in owner: AppRow, _ keys: borrowing VaultKeys
    ) throws(VaultError) -> SecretBytes {
        guard let (secret, _) = try secretRow(name, appID: owner.id) else {
            throw .corrupt("a version of \(name) is missing")
        }
        let version = try versionRow(number, of: secret, app: owner.name)
        do {
            return try keys.open(wrappedKey: version.wrappedKey, box: version.box, as: version.identity)
        } catch {
            throw .altered("version \(number) of \(name)")
        }
    }
}
