public import Linux

/// A terminal of the sandbox's own: how it starts out.
public struct TerminalPlan: Equatable, Sendable {
    /// The modes of the caller's terminal; `nil` for the kernel's usual ones.
    public var modes: TerminalModes?
    /// The size of the caller's window.
    public var size: WindowSize

    /// Makes a plan.
    public init(modes: TerminalModes?, size: WindowSize) {
        self.modes = modes
        self.size = size
    }

    /// Adds the plan to a message.
    internal func write(to writer: inout MessageWriter) {
        writer.data(modes?.bytes ?? [])
        for number in [size.rows, size.columns, size.width, size.height] { writer.integer(number) }
    }

    /// Reads what `write` wrote.
    internal init(from reader: inout MessageReader) throws(MalformedMessage) {
        let bytes = try reader.data()
        modes = TerminalModes(bytes: bytes)
        guard modes != nil || bytes.isEmpty else { throw MalformedMessage() }
        size = WindowSize(
            rows: try reader.integer(), columns: try reader.integer(), width: try reader.integer(),
            height: try reader.integer())
    }
}
