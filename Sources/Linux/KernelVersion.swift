/// The version of a kernel, as far as features depend on it.
public struct KernelVersion: Comparable, Sendable {
    /// The first number, such as the 6 of 6.18.
    public var major: Int
    /// The second number, such as the 18 of 6.18.
    public var minor: Int

    /// Makes a version.
    public init(major: Int, minor: Int) {
        self.major = major
        self.minor = minor
    }

    /// Reads a release such as `6.18.5-amd64`, or a version such as `4.8`; `nil` where it is neither.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", maxSplits: 2)
        guard parts.count >= 2, let major = Int(parts[0]),
            let minor = Int(parts[1].prefix { $0.isASCII && $0.isNumber })
        else { return nil }
        self.init(major: major, minor: minor)
    }

    /// The version of the kernel that runs; 0.0 where it does not say.
    public static var running: KernelVersion {
        let text = (try? Files.contents(of: "/proc/sys/kernel/osrelease", limit: 256)) ?? []
        return KernelVersion(String(decoding: text, as: UTF8.self)) ?? KernelVersion(major: 0, minor: 0)
    }

    /// Whether one version is older than another.
    public static func < (one: KernelVersion, other: KernelVersion) -> Bool {
        (one.major, one.minor) < (other.major, other.minor)
    }
}
