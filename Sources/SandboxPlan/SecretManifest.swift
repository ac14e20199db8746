/// Which secrets follow a plan, in what order, and how the program gets each one; it holds no value.
public struct SecretManifest: Equatable, Sendable {
    /// How a program gets a secret.
    public enum Delivery: Int, Sendable, CaseIterable {
        /// As the environment variable `variable`.
        case environment = 1
        /// As the file /run/secrets/NAME, whose path `variable` holds.
        case file
        /// As a descriptor, whose number `variable` holds.
        case descriptor
    }

    /// One secret.
    public struct Entry: Equatable, Sendable {
        /// The secret's name.
        public var name: String
        /// The environment variable that holds the value, the path or the number.
        public var variable: String
        /// How the program gets it.
        public var delivery: Delivery
        /// How many bytes of the values that follow are this one's.
        public var length: Int

        /// Makes an entry.
        public init(name: String, variable: String, delivery: Delivery, length: Int) {
            self.name = name
            self.variable = variable
            self.delivery = delivery
            self.length = length
        }
    }

    /// The secrets, in the order of their values.
    public var entries: [Entry]

    /// Makes a manifest.
    public init(entries: [Entry] = []) { self.entries = entries }

    /// How many bytes of values follow.
    public var totalLength: Int { entries.reduce(0) { $0 + $1.length } }

    /// The manifest as the bytes that init reads.
    public var message: [UInt8] {
        var writer = MessageWriter()
        writer.list(entries) { writer, entry in
            writer.text(entry.name)
            writer.text(entry.variable)
            writer.integer(entry.delivery.rawValue)
            writer.integer(entry.length)
        }
        return writer.bytes
    }

    /// Reads what `message` wrote.
    public init(message: [UInt8]) throws(MalformedMessage) {
        var reader = MessageReader(message)
        entries = try reader.list { reader throws(MalformedMessage) in
            let (name, variable) = (try reader.text(), try reader.text())
            guard let delivery = Delivery(rawValue: try reader.integer()) else { throw MalformedMessage() }
            let length: Int = try reader.integer()
            guard (0...ControlChannel.longestMessage).contains(length) else { throw MalformedMessage() }
            return Entry(name: name, variable: variable, delivery: delivery, length: length)
        }
        try reader.expectEnd()
    }
}
