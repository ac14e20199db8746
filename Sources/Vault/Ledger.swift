internal import Secrets

/// What is true of a vault as a whole: which rows are the newest, which app is active, which slots open it.
///
/// A row's own seal proves that the row was once written, not that it still holds. So a tag of every app's and secret's
/// seal stands in a tree of tags, 128 below each, whose top is sealed together with the rest: a row that was put back,
/// with whatever seal it had then, is not the one that the tree names. Three nodes lead to any of two million rows. What
/// is left to a thief of the file is to put all of it back at once.
///
/// A ledger is good for one transaction or one snapshot.
internal struct Ledger {
    /// What the tree names.
    enum Kind: Int64, CaseIterable {
        case app = 0
        case secret = 1
    }

    /// One node of a tree, counted within its level; level 0 holds the tags of rows, each other those of nodes.
    private struct Place: Hashable {
        let kind: Kind
        let level: Int64
        let number: Int64
    }

    private static let fanOut: Int64 = 128
    private static let topLevel: Int64 = 2
    private static let tagLength = 16
    /// The first id that no tree of this depth has room for.
    private static let capacity: Int64 = 128 * 128 * 128

    private let vault: [UInt8]
    private var nodes: [Place: [UInt8]] = [:]
    private var changed: Set<Place> = []
    /// How often the vault was changed.
    private(set) var generation: Int64 = 0
    /// The highest id that an app, and a secret, ever had: none is used again.
    private var last: [Kind: Int64] = [.app: 0, .secret: 0]

    /// The ledger of a vault without a row.
    init(emptyVault vault: [UInt8]) {
        self.vault = vault
        for kind in Kind.allCases { nodes[Self.top(kind)] = [] }
    }

    /// Reads and verifies the ledger; the caller's transaction or snapshot holds the file still.
    init(_ database: borrowing Database, _ keys: borrowing VaultKeys, vault: [UInt8]) throws(VaultError) {
        self.vault = vault
        let state = try database.prepare("SELECT generation, last_app, last_secret, seal FROM state WHERE id = 1")
        guard try state.step() else { throw .corrupt("its state is missing") }
        generation = try state.integer(0)
        last = [.app: try state.integer(1), .secret: try state.integer(2)]
        for kind in Kind.allCases { nodes[Self.top(kind)] = try Self.load(Self.top(kind), database) }
        guard !state.isNull(3), keys.isValid(try state.bytes(3), try bindings(database, keys)) else {
            throw .altered("the state of the vault: its active app, its key slots or a row that was put back")
        }
    }

    /// Whether a row's seal is the one it has now.
    mutating func isCurrent(
        _ seal: [UInt8], of kind: Kind, _ id: Int64, _ database: borrowing Database, _ keys: borrowing VaultKeys
    ) throws(VaultError) -> Bool {
        guard (0..<Self.capacity).contains(id) else { return false }
        return try tag(Place(kind: kind, level: 0, number: id / Self.fanOut), id, database, keys)
            == Array(seal.prefix(Self.tagLength))
    }

    /// Notes a row's new seal, or that the row is gone.
    mutating func set(
        _ seal: [UInt8]?, of kind: Kind, _ id: Int64, _ database: borrowing Database, _ keys: borrowing VaultKeys
    ) throws(VaultError) {
        guard (0..<Self.capacity).contains(id) else { throw .corrupt("the number of a row is out of range") }
        let place = Place(kind: kind, level: 0, number: id / Self.fanOut)
        _ = try tag(place, id, database, keys)
        store(seal.map { Array($0.prefix(Self.tagLength)) }, at: id, in: place)
        last[kind] = max(last[kind] ?? 0, id)
    }

    /// The id of the next app or secret.
    func nextID(of kind: Kind) throws(VaultError) -> Int64 {
        let next = (last[kind] ?? 0) + 1
        guard next < Self.capacity else { throw .storageFull("there were \(Self.capacity - 1) secrets or apps") }
        return next
    }

    /// Writes and seals what changed.
    mutating func commit(_ database: borrowing Database, _ keys: borrowing VaultKeys) throws(VaultError) {
        for level in 0..<Self.topLevel {
            for place in changed where place.level == level {
                let parent = Place(kind: place.kind, level: level + 1, number: place.number / Self.fanOut)
                store(nodeTag(place, keys), at: place.number, in: parent)
            }
        }
        for place in changed {
            let statement = try database.prepare(
                "INSERT OR REPLACE INTO tag (tree, level, number, tags) VALUES (?1, ?2, ?3, ?4)")
            try Self.bind(place, to: statement)
            try statement.bind(4, nodes[place] ?? [])
            try statement.run()
        }
        changed = []
        generation += 1
        let statement = try database.prepare(
            "INSERT OR REPLACE INTO state (id, generation, last_app, last_secret, seal) VALUES (1, ?1, ?2, ?3, ?4)")
        try statement.bind(1, generation)
        try statement.bind(2, last[.app] ?? 0)
        try statement.bind(3, last[.secret] ?? 0)
        try statement.bind(4, keys.seal(try bindings(database, keys)))
        try statement.run()
    }

    /// Everything that the state's seal covers.
    private func bindings(
        _ database: borrowing Database, _ keys: borrowing VaultKeys
    ) throws(VaultError) -> Bindings {
        var bindings = Bindings(.state, vault: vault)
        bindings.add(generation)
        for kind in Kind.allCases {
            bindings.add(last[kind] ?? 0)
            bindings.add(nodeTag(Self.top(kind), keys))
        }
        let row = try database.prepare("SELECT created_at, active_app FROM vault WHERE id = 1")
        guard try row.step() else { throw .corrupt("its first row is missing") }
        bindings.add(try row.integer(0))
        bindings.add(try row.integer(1))
        let slots = try database.prepare("SELECT number, wrapped_key FROM key_slot ORDER BY number")
        while try slots.step() {
            bindings.add(try slots.integer(0))
            bindings.add(try slots.bytes(1))
        }
        return bindings
    }
}

extension Ledger {
    private static func top(_ kind: Kind) -> Place { Place(kind: kind, level: topLevel, number: 0) }

    /// The tag at an index below a node, each node on the way to it verified by the one above.
    private mutating func tag(
        _ place: Place, _ index: Int64, _ database: borrowing Database, _ keys: borrowing VaultKeys
    ) throws(VaultError) -> [UInt8]? {
        if nodes[place] == nil {
            let parent = Place(kind: place.kind, level: place.level + 1, number: place.number / Self.fanOut)
            let expected = try tag(parent, place.number, database, keys)
            nodes[place] = try Self.load(place, database)
            guard nodeTag(place, keys) == expected else { throw .altered("the record of which rows are the newest") }
        }
        let start = Int(index % Self.fanOut) * Self.tagLength
        guard let node = nodes[place], start < node.count else { return nil }
        let tag = Array(node[start..<(start + Self.tagLength)])
        return tag.allSatisfy { $0 == 0 } ? nil : tag
    }

    /// Puts a tag below a node that is there already; a node ends with its last tag.
    private mutating func store(_ tag: [UInt8]?, at index: Int64, in place: Place) {
        var node = nodes[place] ?? []
        let start = Int(index % Self.fanOut) * Self.tagLength
        if node.count < start + Self.tagLength {
            node += [UInt8](repeating: 0, count: start + Self.tagLength - node.count)
        }
        node.replaceSubrange(
            start..<(start + Self.tagLength), with: tag ?? [UInt8](repeating: 0, count: Self.tagLength))
        while node.count >= Self.tagLength, node.suffix(Self.tagLength).allSatisfy({ $0 == 0 }) {
            node.removeLast(Self.tagLength)
        }
        nodes[place] = node
        changed.insert(place)
    }

    /// The tag of a node, or `nil` of one without a tag in it.
    private func nodeTag(_ place: Place, _ keys: borrowing VaultKeys) -> [UInt8]? {
        guard let node = nodes[place], !node.isEmpty else { return nil }
        var bindings = Bindings(.node, vault: vault)
        bindings.add(place.kind.rawValue)
        bindings.add(place.level)
        bindings.add(place.number)
        bindings.add(node)
        return Array(keys.seal(bindings).prefix(Self.tagLength))
    }

    private static func load(_ place: Place, _ database: borrowing Database) throws(VaultError) -> [UInt8] {
        let statement = try database.prepare("SELECT tags FROM tag WHERE tree = ?1 AND level = ?2 AND number = ?3")
        try bind(place, to: statement)
        guard try statement.step() else { return [] }
        let tags = try statement.bytes(0)
        guard tags.count % tagLength == 0, tags.count <= Int(fanOut) * tagLength else {
            throw .corrupt("a node of tags has the wrong length")
        }
        return tags
    }

    private static func bind(_ place: Place, to statement: borrowing Statement) throws(VaultError) {
        try statement.bind(1, place.kind.rawValue)
        try statement.bind(2, place.level)
        try statement.bind(3, place.number)
    }
}
