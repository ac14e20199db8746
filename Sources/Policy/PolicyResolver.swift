internal import Diagnostics
internal import Linux

/// Where the texts of policies come from.
public protocol PolicySource {
    /// The text of a policy and how to name it in messages; `nil` where there is none of that name.
    func text(of name: String) throws(PolicySourceError) -> PolicyText?
    /// The names that can be asked for, for suggestions.
    var names: [String] { get }
    /// The name under which to ask for what a policy extends: a relative path starts in that policy's own folder.
    func name(of reference: String, in policy: String) -> String
}

extension PolicySource {
    /// What is no path names the same everywhere.
    public func name(of reference: String, in policy: String) -> String { reference }
}

/// The text of a policy.
public struct PolicyText: Equatable, Sendable {
    /// How messages name it.
    public var source: String
    /// The bytes.
    public var bytes: [UInt8]

    /// Makes a text.
    public init(source: String, bytes: [UInt8]) {
        self.source = source
        self.bytes = bytes
    }
}

/// The policies that travel inside the binary.
public struct BundledPolicies: PolicySource {
    /// Makes the source.
    public init() {}

    /// The names of the bundled policies, sorted.
    public static let names = ["default", "git", "host-network", "make", "strict"]

    /// The names of the bundled policies, sorted.
    public var names: [String] { Self.names }

    /// The text of a bundled policy.
    public func text(of name: String) -> PolicyText? {
        let bytes: [UInt8]
        switch name {
        case "default": bytes = PackageResources.default_toml
        case "git": bytes = PackageResources.git_toml
        case "host-network": bytes = PackageResources.host_network_toml
        case "make": bytes = PackageResources.make_toml
        case "strict": bytes = PackageResources.strict_toml
        default: return nil
        }
        return PolicyText(source: name, bytes: bytes)
    }
}

/// Composes policies: what a file extends comes first, left to right, then the file itself.
///
/// A policy that takes part by several ways counts once, where it first stands: `default`, below both `strict` and
/// `make`, must not undo what the first of them says. One that was asked for by name counts there as well.
public struct PolicyResolver {
    private let source: any PolicySource
    private static let deepest = 16
    private static let most = 256

    /// Makes a resolver over a source.
    public init(_ source: any PolicySource) { self.source = source }

    /// Composes the policies of these names, in order, and reports everything that is wrong with any of them.
    public func resolve(_ names: [String]) throws(PolicyError) -> Policy {
        let name = names.count == 1 ? names[0] : names.joined(separator: "+")
        var work = Work(source: source, policy: Policy(name: name))
        for name in names { work.add(name, from: nil, chain: []) }
        if work.policy.limits.timeout > work.policy.limits.maximumTimeout {
            work.policy.limits.timeout = work.policy.limits.maximumTimeout
        }
        guard work.problems.isEmpty else { throw PolicyError(problems: work.problems) }
        return work.policy
    }

    /// A composition in the making.
    private struct Work {
        let source: any PolicySource
        var policy: Policy
        var problems: [PolicyProblem] = []
        private var taken: Set<String> = []
        /// What was composed so far, in order.
        private var composed: [PolicyFile] = []

        init(source: any PolicySource, policy: Policy) {
            self.source = source
            self.policy = policy
        }

        mutating func add(_ name: String, from origin: Policy.Origin?, chain: [String]) {
            let place = origin ?? Policy.Origin(source: name, line: 1, column: 1)
            guard !chain.contains(name) else {
                return report(
                    place, "the policies extend each other in a circle: \((chain + [name]).joined(separator: " → "))")
            }
            guard chain.count < PolicyResolver.deepest else {
                return report(place, "policies extend each other more than \(PolicyResolver.deepest) deep")
            }
            let isNew = taken.insert(name).inserted
            guard isNew || chain.isEmpty else { return }
            guard taken.count <= PolicyResolver.most else {
                return report(place, "more than \(PolicyResolver.most) policies take part")
            }
            guard let text = text(of: name, place, orReport: "there is no policy \"\(name)\"", suggests: true) else {
                return
            }
            let reader = ReadPolicies.read(text)
            if isNew { problems += reader.problems }
            for parent in reader.file.extends {
                add(source.name(of: parent.text, in: name), from: parent.origin, chain: chain + [name])
            }
            let file = reader.file
            file.apply(to: &policy)
            if let item = file.profile { readProfile(item, of: name) }
            if isNew, reader.problems.isEmpty {
                problems += file.idleRemovals(after: composed)
                if let timeout = file.timeout, let origin = file.timeoutOrigin, timeout > policy.limits.maximumTimeout {
                    let longest = policy.limits.maximumTimeout.components.seconds
                    report(origin, "\"timeout\" is longer than \"timeout_max\", which is \(longest)s")
                }
            }
            composed.append(file)
        }

        /// Reads the seccomp profile that a policy names, and holds the filter that it makes against the kernel's limit.
        private mutating func readProfile(_ item: Policy.Item, of policyName: String) {
            let path = source.name(of: item.text, in: policyName)
            let missing = "there is no file \"\(item.text)\" to read a seccomp profile from"
            guard let text = text(of: path, item.origin, orReport: missing, suggests: false) else { return }
            let reader = SeccompProfileReader(text)
            problems += reader.problems
            guard let profile = reader.profile else { return }
            policy.systemCalls.profile = Policy.SystemCalls.Profile(source: path, profile: profile)
            if policy.systemCalls.filter().compile().count / 8 > SystemCallFilter.longestProgram {
                report(item.origin, "the profile is larger than the kernel takes; say less of arguments in it")
            }
        }

        /// A text of the source's; where there is none, or it is not given, that is reported.
        private mutating func text(
            of name: String, _ origin: Policy.Origin, orReport missing: String, suggests: Bool
        ) -> PolicyText? {
            do throws(PolicySourceError) {
                if let text = try source.text(of: name) { return text }
                report(origin, missing, nearest: suggests ? nearestWord(to: name, in: source.names) : nil)
            } catch {
                switch error {
                case .unreadable(let message): report(origin, message)
                case .writable(let message, let remedy):
                    problems.append(PolicyProblem(origin: origin, message: message, nearest: nil, remedy: remedy))
                }
            }
            return nil
        }

        private mutating func report(_ origin: Policy.Origin, _ message: String, nearest: String? = nil) {
            problems.append(PolicyProblem(origin: origin, message: message, nearest: nearest))
        }
    }
}
