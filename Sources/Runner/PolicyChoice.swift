internal import Diagnostics
public import Policy
public import Vault

/// Finds the policy of a run: named, pinned to the app, or `default`.
public enum PolicyChoice {
    /// The policy that a request asks for, as far as the app's pin permits.
    internal static func resolve(
        _ request: RunRequest, vault: inout OpenedVault, places: Places
    ) throws(RunError) -> Policy {
        guard try vault.hasPinnedPolicy() else {
            return try resolve(names: request.policies.isEmpty ? ["default"] : request.policies, places: places)
        }
        // Without an order of policies to compare by, a pin permits nothing but itself.
        for (asked, option) in [
            (request.policies, "--policy"), (request.reads, "--read"), (request.writes, "--write"),
        ] where !asked.isEmpty {
            throw .policyPinned(app: vault.app, asked: option)
        }
        try vault.unlock(request.key)
        guard let pin = try vault.pinnedPolicy() else { return try resolve(names: ["default"], places: places) }
        return try resolve(pin)
    }

    /// The policies of these names composed in order.
    public static func resolve(names: [String], places: Places) throws(RunError) -> Policy {
        try PolicyName.check(names)
        let source = InstalledSource(places: places)
        return try part { () throws(PolicyError) in try PolicyResolver(source).resolve(names) }
    }

    /// What is kept in the vault to pin these policies: every text that takes part, as it is now.
    public static func pin(_ names: [String], places: Places) throws(RunError) -> PinnedPolicy {
        try PolicyName.check(names)
        let source = RecordingSource(InstalledSource(places: places))
        _ = try part { () throws(PolicyError) in try PolicyResolver(source).resolve(names) }
        return PinnedPolicy(sources: names, text: PinnedSource.encode(source.texts))
    }

    /// A pinned policy, resolved from what is kept in the vault.
    public static func resolve(_ pin: PinnedPolicy) throws(RunError) -> Policy {
        let source = PinnedSource(pin)
        return try part { () throws(PolicyError) in try PolicyResolver(source).resolve(pin.sources) }
    }

    /// The names that take part in a pin and mean something else now, or nothing any more, sorted.
    public static func changed(since pin: PinnedPolicy, places: Places) -> [String] {
        let installed = InstalledSource(places: places)
        let pinned = PinnedSource(pin)
        return pinned.names.filter { pinned.text(of: $0)?.bytes != (try? installed.text(of: $0))?.bytes }
    }

    /// A policy in a listing.
    public struct Listed: Equatable, Sendable {
        /// Its name.
        public let name: String
        /// `bundled`, `user` or `system`.
        public let origin: String
        /// Its description, or what is wrong with it.
        public let description: String
    }

    /// Every policy that has a name, sorted.
    public static func listing(places: Places) -> [Listed] {
        InstalledSource(places: places).origins.sorted { $0.key < $1.key }.map { name, origin in
            do throws(RunError) {
                return Listed(
                    name: name, origin: origin, description: try resolve(names: [name], places: places).description)
            } catch {
                return Listed(
                    name: name, origin: origin, description: "(has problems: vault-sandbox policy check \(name))")
            }
        }
    }
}

/// Remembers every text that was asked for.
private final class RecordingSource: PolicySource {
    private let source: InstalledSource
    /// The texts by the name they were asked for.
    private(set) var texts: [String: [UInt8]] = [:]

    init(_ source: InstalledSource) { self.source = source }

    var names: [String] { source.names }

    func text(of name: String) throws(PolicySourceError) -> PolicyText? {
        let text = try source.text(of: name)
        texts[name] = text?.bytes
        return text
    }

    func name(of reference: String, in policy: String) -> String {
        let name = source.name(of: reference, in: policy)
        if name != reference { texts[PinnedSource.key(of: reference, in: policy)] = Array(name.utf8) }
        return name
    }
}

/// The texts that were pinned to an app.
internal struct PinnedSource: PolicySource {
    private let texts: [String: [UInt8]]

    var names: [String] { texts.keys.filter { !$0.contains("\u{0}") }.sorted() }

    /// Reads what `encode` wrote; what is damaged is left out, and so missed by the resolver.
    init(_ pin: PinnedPolicy) {
        var texts: [String: [UInt8]] = [:]
        var rest = pin.text[...]
        while let name = Self.take(&rest), let text = Self.take(&rest) {
            texts[String(decoding: name, as: UTF8.self)] = Array(text)
        }
        self.texts = texts
    }

    func text(of name: String) -> PolicyText? {
        texts[name].map { PolicyText(source: "pinned \(name)", bytes: $0) }
    }

    /// The name that stood for a path when the policies were pinned.
    func name(of reference: String, in policy: String) -> String {
        texts[Self.key(of: reference, in: policy)].map { String(decoding: $0, as: UTF8.self) } ?? reference
    }

    /// Under which a pin keeps what a path in a policy's `extends` meant; no policy has such a name.
    static func key(of reference: String, in policy: String) -> String { "\(policy)\u{0}\(reference)" }

    /// Names and texts in turn, each behind its length and a newline.
    static func encode(_ texts: [String: [UInt8]]) -> [UInt8] {
        texts.sorted { $0.key < $1.key }.flatMap { name, text in
            Array("\(name.utf8.count)\n\(name)\(text.count)\n".utf8) + text
        }
    }

    private static func take(_ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard let end = rest.firstIndex(of: UInt8(ascii: "\n")),
            let length = Int(String(decoding: rest[..<end], as: UTF8.self)), length >= 0, length < rest.endIndex - end
        else { return nil }
        defer { rest = rest[(end + 1 + length)...] }
        return rest[(end + 1)..<(end + 1 + length)]
    }
}
