internal import Linux

extension RootPlan {
    /// The plan as the bytes that init reads.
    public var message: [UInt8] {
        var writer = MessageWriter()
        writer.list(steps) { $1.write(to: &$0) }
        return writer.bytes
    }

    /// Reads what `message` wrote.
    public init(message: [UInt8]) throws(MalformedMessage) {
        var reader = MessageReader(message)
        steps = try reader.list { reader throws(MalformedMessage) in try RootStep(from: &reader) }
        try reader.expectEnd()
    }
}

extension RootStep {
    fileprivate func write(to writer: inout MessageWriter) {
        switch self {
        case .directory(let path, let mode):
            writer.integer(1)
            writer.text(path)
            writer.integer(mode)
        case .symbolicLink(let path, let target):
            writer.integer(2)
            writer.text(path)
            writer.text(target)
        case .bind(let source, let identity, let path, let isWritable):
            writer.integer(3)
            writer.text(source)
            identity.write(to: &writer)
            writer.text(path)
            writer.flag(isWritable)
        case .mask(let path, let identity):
            writer.integer(4)
            writer.text(path)
            identity.write(to: &writer)
        case .temporary(let path, let size, let mode):
            writer.integer(5)
            writer.text(path)
            writer.integer(size)
            writer.integer(mode)
        case .processes: writer.integer(6)
        case .devices: writer.integer(7)
        case .sharedMemory(let size):
            writer.integer(8)
            writer.integer(size)
        }
    }

    fileprivate init(from reader: inout MessageReader) throws(MalformedMessage) {
        switch try reader.integer(Int.self) {
        case 1: self = .directory(path: try reader.text(), mode: try reader.integer())
        case 2: self = .symbolicLink(path: try reader.text(), target: try reader.text())
        case 3:
            self = .bind(
                source: try reader.text(), identity: try FileIdentity(from: &reader), path: try reader.text(),
                isWritable: try reader.flag())
        case 4: self = .mask(path: try reader.text(), identity: try FileIdentity(from: &reader))
        case 5:
            self = .temporary(path: try reader.text(), size: try reader.integer(), mode: try reader.integer())
        case 6: self = .processes
        case 7: self = .devices
        case 8: self = .sharedMemory(size: try reader.integer())
        default: throw MalformedMessage()
        }
    }
}

extension FileIdentity {
    fileprivate func write(to writer: inout MessageWriter) {
        writer.integer(device)
        writer.integer(inode)
        writer.integer(kind.rawValue)
    }

    fileprivate init(from reader: inout MessageReader) throws(MalformedMessage) {
        let (device, inode): (UInt64, UInt64) = (try reader.integer(), try reader.integer())
        guard let kind = FileKind(rawValue: try reader.integer()) else { throw MalformedMessage() }
        self.init(device: device, inode: inode, kind: kind)
    }
}
