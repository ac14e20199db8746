/// The shape of one kind of token: a prefix, and so many characters of a kind behind it.
internal struct TokenShape {
    /// The published name.
    let name: String
    /// What it begins with.
    let prefix: [UInt8]
    /// How many characters follow at least, and at most.
    let length: ClosedRange<Int>
    /// Which characters follow.
    let isBody: @Sendable (UInt8) -> Bool

    private init(
        _ name: String, _ prefix: String, _ length: ClosedRange<Int>, _ isBody: @escaping @Sendable (UInt8) -> Bool
    ) {
        self.name = name
        self.prefix = Array(prefix.utf8)
        self.length = length
        self.isBody = isBody
    }

    /// Where a token of this shape ends that begins here; `nil` where none does.
    func end(_ bytes: [UInt8], _ start: Int) -> Int? {
        guard bytes[start...].starts(with: prefix) else { return nil }
        var position = start + prefix.count
        let limit = min(bytes.count, position + length.upperBound + 1)
        while position < limit, isBody(bytes[position]) { position += 1 }
        let count = position - start - prefix.count
        guard length.contains(count) else { return nil }
        // Examples of the kind xxxxxxxx are none.
        let body = bytes[start + prefix.count..<position]
        return Set(body).count >= min(6, count / 3) ? position : nil
    }

    private static let isUpper: @Sendable (UInt8) -> Bool = { (0x41...0x5A).contains($0) || (0x30...0x39).contains($0) }
    private static let isAlphanumeric: @Sendable (UInt8) -> Bool = { ByteKind.isAlphanumeric($0) }
    private static let isToken: @Sendable (UInt8) -> Bool = { ByteKind.isToken($0) }
    private static let isDotted: @Sendable (UInt8) -> Bool = { ByteKind.isToken($0) || $0 == 0x2E }

    /// The shapes, each from its issuer's documentation.
    static let all: [TokenShape] = [
        TokenShape("aws-access-key", "AKIA", 16...16, isUpper),
        TokenShape("aws-access-key", "ASIA", 16...16, isUpper),
        TokenShape("github-token", "ghp_", 36...255, isAlphanumeric),
        TokenShape("github-token", "gho_", 36...255, isAlphanumeric),
        TokenShape("github-token", "ghu_", 36...255, isAlphanumeric),
        TokenShape("github-token", "ghs_", 36...255, isAlphanumeric),
        TokenShape("github-token", "ghr_", 36...255, isAlphanumeric),
        TokenShape("github-token", "github_pat_", 22...255, isToken),
        TokenShape("gitlab-token", "glpat-", 20...255, isDotted),
        TokenShape("stripe-key", "sk_live_", 16...255, isAlphanumeric),
        TokenShape("stripe-key", "rk_live_", 16...255, isAlphanumeric),
        TokenShape("stripe-key", "whsec_", 24...255, isAlphanumeric),
        TokenShape("anthropic-key", "sk-ant-", 20...255, isToken),
        TokenShape("openai-key", "sk-proj-", 20...255, isToken),
        TokenShape("openai-key", "sk-svcacct-", 20...255, isToken),
        TokenShape("openai-key", "sk-", 48...48, isAlphanumeric),
        TokenShape("slack-token", "xoxb-", 20...255, isToken),
        TokenShape("slack-token", "xoxp-", 20...255, isToken),
        TokenShape("slack-token", "xoxa-", 20...255, isToken),
        TokenShape("slack-token", "xoxr-", 20...255, isToken),
        TokenShape("slack-token", "xoxs-", 20...255, isToken),
        TokenShape("slack-token", "xapp-", 20...255, isToken),
        TokenShape("google-api-key", "AIza", 35...35, isToken),
        TokenShape("npm-token", "npm_", 36...36, isAlphanumeric),
        TokenShape("pypi-token", "pypi-AgEI", 40...1024, isToken),
        TokenShape("sendgrid-key", "SG.", 60...70, isDotted),
        TokenShape("hugging-face-token", "hf_", 30...64, isAlphanumeric),
        TokenShape("digitalocean-token", "dop_v1_", 64...64, isAlphanumeric),
        TokenShape("shopify-token", "shpat_", 32...32, isAlphanumeric),
        TokenShape("age-secret-key", "AGE-SECRET-KEY-1", 58...58, isUpper),
    ]

    /// The shapes by the byte they begin with.
    static let byFirstByte: [UInt8: [TokenShape]] = Dictionary(grouping: all) { $0.prefix[0] }
}
