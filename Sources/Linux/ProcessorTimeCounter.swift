/// The kernel's count of the processor time of a control group, in its directory.
public struct ProcessorTimeCounter: Equatable, Sendable {
    private let path: String

    /// Names the file: `cpu.stat` of version 2, or `cpuacct.usage` of version 1.
    internal init(_ path: String) { self.path = path }

    /// The time in milliseconds; `nil` where it cannot be read.
    public var milliseconds: UInt64? {
        guard let bytes = try? Files.contents(of: path, limit: 4096) else { return nil }
        return Self.milliseconds(String(decoding: bytes, as: UTF8.self))
    }

    /// Reads nanoseconds that stand alone, or the line `usage_usec` of version 2.
    internal static func milliseconds(_ text: String) -> UInt64? {
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 1 { return UInt64(words[0]).map { $0 / 1_000_000 } }
            if words.count == 2, words[0] == "usage_usec" { return UInt64(words[1]).map { $0 / 1000 } }
        }
        return nil
    }
}
