internal import Linux

extension LaunchPlan {
    /// The plan as the bytes that init reads.
    public var message: [UInt8] {
        var writer = MessageWriter()
        writer.text(workDirectory)
        writer.list(limits) { writer, limit in
            writer.integer(limit.resource.rawValue)
            writer.integer(limit.soft)
            writer.integer(limit.hard)
        }
        writer.data(filter)
        writer.list(searchPath) { $0.text($1) }
        writer.list(arguments) { $0.data($1) }
        writer.list(environment) { $0.data($1) }
        writer.integer(blockedSignals.rawValue)
        writer.list(closedStreams) { $0.flag($1) }
        writer.integer(processCeiling)
        writer.integer(memoryCeiling)
        writer.integer(processorCeiling)
        writer.integer(secretFilesCapacity)
        writer.list(terminal.map { [$0] } ?? []) { writer, terminal in terminal.write(to: &writer) }
        return writer.bytes
    }

    /// Reads what `message` wrote.
    public init(message: [UInt8]) throws(MalformedMessage) {
        var reader = MessageReader(message)
        workDirectory = try reader.text()
        limits = try reader.list { reader throws(MalformedMessage) in
            guard let resource = ResourceLimit.Resource(rawValue: try reader.integer()) else {
                throw MalformedMessage()
            }
            return ResourceLimit(resource, soft: try reader.integer(), hard: try reader.integer())
        }
        filter = try reader.data()
        searchPath = try reader.list { reader throws(MalformedMessage) in try reader.text() }
        arguments = try reader.list { reader throws(MalformedMessage) in try reader.data() }
        environment = try reader.list { reader throws(MalformedMessage) in try reader.data() }
        blockedSignals = SignalSet(rawValue: try reader.integer())
        closedStreams = try reader.list { reader throws(MalformedMessage) in try reader.flag() }
        processCeiling = try reader.integer()
        memoryCeiling = try reader.integer()
        processorCeiling = try reader.integer()
        secretFilesCapacity = try reader.integer()
        let terminals = try reader.list { reader throws(MalformedMessage) in try TerminalPlan(from: &reader) }
        guard terminals.count <= 1 else { throw MalformedMessage() }
        terminal = terminals.first
        try reader.expectEnd()
    }
}
