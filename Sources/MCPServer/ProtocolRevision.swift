/// A revision of the Model Context Protocol, named by its date.
internal enum ProtocolRevision: String, CaseIterable, Comparable, Sendable {
    case november2024 = "2024-11-05"
    case march2025 = "2025-03-26"
    case june2025 = "2025-06-18"
    case november2025 = "2025-11-25"
    case july2026 = "2026-07-28"

    /// The revisions that begin with a handshake.
    static let withHandshake = allCases.filter { $0 < .july2026 }
    /// The revisions in which every request names its own.
    static let stateless = [july2026]

    /// What a handshake agrees on: what the client asks for where it is known, else the newest that has a handshake.
    static func negotiated(_ asked: String) -> ProtocolRevision {
        guard let revision = ProtocolRevision(rawValue: asked), withHandshake.contains(revision) else {
            return .november2025
        }
        return revision
    }

    static func < (one: ProtocolRevision, other: ProtocolRevision) -> Bool { one.rawValue < other.rawValue }
}
