public import Secrets
public struct RedactionSecret: Sendable { public init(name: String, value: SharedSecret) {} }
public struct RedactionOptions: Sendable, Equatable { public var minimumLength = 6; public init() {} }
public final class Matcher: Sendable { public init(secrets: [RedactionSecret], options: RedactionOptions) {} }
public struct RedactionStream: ~Copyable {
    public init(matcher: Matcher, releasesIdlePrefix: Bool = false) {}
    public mutating func write<E: Error>(_ bytes: Span<UInt8>, to sink: (Span<UInt8>) throws(E) -> Void) throws(E) { try sink(bytes) }
    public mutating func idle<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {}
    public mutating func finish<E: Error>(to sink: (Span<UInt8>) throws(E) -> Void) throws(E) {}
    public var counts: [String: Int] { [:] }
    public var isHolding: Bool { false }
}
