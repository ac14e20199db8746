internal import Linux
internal import Secrets

/// Cuts what the client writes into lines; they may hold secrets, and so lie in guarded memory.
internal struct LineReader: ~Copyable {
    private var buffer = SecretBytes(count: Self.readSize) { _ in }
    /// The beginning of a line whose end has not come yet.
    private var line = SecretArray<UInt8>()
    private var isTooLong = false

    private static let readSize = 64 << 10
    /// The longest line that is read, in bytes.
    static let limit = 8 << 20

    /// What came of a read.
    enum Progress {
        case more
        case end
    }

    /// Reads once and hands out each line that ended, without its end; `nil` stands for one that was too long.
    mutating func read(
        from descriptor: BorrowedDescriptor, _ body: (Span<UInt8>?) -> Void
    ) throws(SystemCallError) -> Progress {
        let count = try buffer.withMutableSpan { span throws(SystemCallError) in try descriptor.read(into: &span) }
        guard count > 0 else {
            // What lacks its newline at the end of all is a line, too.
            if line.count > 0 || isTooLong { endLine(body) }
            return .end
        }
        var line = SecretArray<UInt8>()
        swap(&line, &self.line)
        var isTooLong = isTooLong
        buffer.withSpan { bytes in
            var start = 0
            for index in 0..<count where bytes[index] == UInt8(ascii: "\n") {
                let piece = bytes.extracting(start..<index)
                start = index + 1
                if isTooLong || line.count + piece.count > Self.limit {
                    body(nil)
                } else if line.count == 0 {
                    body(piece)
                } else {
                    line.append(contentsOf: piece)
                    line.withSpan { body($0) }
                }
                line = SecretArray()
                isTooLong = false
            }
            let rest = bytes.extracting(start..<count)
            if isTooLong || line.count + rest.count > Self.limit {
                isTooLong = true
                line = SecretArray()
            } else {
                line.append(contentsOf: rest)
            }
        }
        buffer.withMutableSpan { span in
            for index in 0..<count { span[index] = 0 }
        }
        self.isTooLong = isTooLong
        swap(&line, &self.line)
        return .more
    }

    private mutating func endLine(_ body: (Span<UInt8>?) -> Void) {
        if isTooLong { body(nil) } else { line.withSpan { body($0) } }
        line = SecretArray()
    }
}
