/// The exact bytes that a sealed thing is bound to: a purpose, the vault's identity, and what the row says about it.
///
/// Every part carries its length, so that no two lists of parts give the same bytes.
internal struct Bindings {
    /// The bytes, for the associated data of a box or the message of a tag.
    private(set) var bytes: [UInt8] = []

    /// Starts with what the sealed thing is for.
    init(_ purpose: Purpose, vault identity: [UInt8]) {
        add(purpose.rawValue)
        add(identity)
    }

    /// What a sealed thing is for; nothing sealed for one purpose opens for another.
    enum Purpose: String {
        case keySlot = "vault-sandbox 1 key slot"
        case app = "vault-sandbox 2 app"
        case secret = "vault-sandbox 2 secret"
        case state = "vault-sandbox 2 state"
        case node = "vault-sandbox 2 node"
        case firstApp = "vault-sandbox 1 app"
        case firstSecret = "vault-sandbox 1 secret"
        case dataKey = "vault-sandbox 1 data key"
        case value = "vault-sandbox 1 value"
    }

    /// Adds bytes.
    mutating func add(_ part: [UInt8]) {
        add(Int64(part.count))
        bytes += part
    }

    /// Adds a text.
    mutating func add(_ part: String) { add(Array(part.utf8)) }

    /// Adds a number.
    mutating func add(_ part: Int64) {
        for shift in stride(from: 0, to: 64, by: 8) { bytes.append(UInt8(truncatingIfNeeded: part >> shift)) }
    }

    /// Adds something that may not be there, which differs from being there and empty.
    mutating func add(_ part: [UInt8]?) {
        add(Int64(part == nil ? 0 : 1))
        if let part { add(part) }
    }
}
