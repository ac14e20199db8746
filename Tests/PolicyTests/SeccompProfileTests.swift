import Testing

@testable import Linux
@testable import Policy

/// What is read from OCI seccomp profiles, and what they make of a policy's filter.
struct SeccompProfileTests {
    typealias Action = SystemCallFilter.Action

    /// The problems of a profile's text.
    private func problems(_ text: String) -> [String] {
        SeccompProfileReader(PolicyText(source: "p.json", bytes: Array(text.utf8))).problems.map(\.description)
    }

    /// The filter of a policy that extends `default` and names a profile.
    private func filter(_ profile: String, extends: String = "extends = [\"default\"]\n") throws -> SystemCallFilter {
        let policy = "version = 1\n\(extends)[syscalls]\nprofile = \"p.json\"\n"
        return try PolicyResolver(TextSource(["p": policy, "p.json": profile])).resolve(["p"]).systemCalls.filter()
    }

    /// What a filter decides of a call.
    private func action(_ filter: SystemCallFilter, _ name: String, _ arguments: [UInt64] = []) throws -> Action {
        let rule = filter.rule(for: try #require(SystemCallFilter.number(of: name)))
        let check = rule.checks.first { check in
            check.matches.allSatisfy { $0.holds(for: $0.argument < arguments.count ? arguments[$0.argument] : 0) }
        }
        return check?.action ?? rule.otherwise
    }

    /// A profile that allows everything but what these rules say.
    private func open(_ rules: String) -> String { "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"syscalls\":[\(rules)]}" }

    /// A profile that refuses everything but what these rules say.
    private func closed(_ rules: String) -> String {
        "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":22,\"syscalls\":[\(rules)]}"
    }

    @Test func `only what both the policy and the profile allow is allowed`() throws {
        let filter = try filter(
            closed("{\"names\":[\"read\",\"ptrace\",\"io_uring_setup\"],\"action\":\"SCMP_ACT_ALLOW\"}"))
        #expect(try action(filter, "read") == .allow)
        #expect(try action(filter, "write") == .fail(.invalidArgument))
        #expect(try action(filter, "ptrace") == .fail(.notPermitted))
        #expect(try action(filter, "io_uring_setup") == .fail(.notPermitted))
    }

    @Test(
        arguments: [
            ("clone3", [], Action.fail(.notImplemented)), ("openat2", [], .fail(.notImplemented)),
            ("ioctl", [0, 0x5412], .fail(.notPermitted)), ("clone", [0x1000_0000], .fail(.notPermitted)),
            ("unshare", [0x1000_0000], .fail(.notPermitted)), ("socket", [16, 3, 0], .fail(.familyNotSupported)),
            ("prctl", [35], .fail(.notPermitted)), ("chmod", [0, 0o4755], .fail(.notPermitted)),
            ("io_uring_setup", [], .fail(.notPermitted)), ("bpf", [], .fail(.notPermitted)),
        ] as [(String, [UInt64], Action)])
    func `no profile allows what is always refused`(name: String, arguments: [UInt64], wanted: Action) throws {
        let all = open("{\"names\":[\"\(name)\"],\"action\":\"SCMP_ACT_ALLOW\"}")
        #expect(try action(filter(all), name, arguments) == wanted)
        #expect(try action(filter(all, extends: ""), name, arguments) == wanted)
    }

    @Test func `without a list of its own a policy allows what everyday programs call, as far as the profile does`()
        throws
    {
        let filter = try filter(open("{\"names\":[\"connect\"],\"action\":\"SCMP_ACT_KILL_PROCESS\"}"), extends: "")
        #expect(try action(filter, "read") == .allow)
        #expect(try action(filter, "connect") == .kill)
        #expect(try action(filter, "ptrace") == .fail(.notPermitted))
    }

    /// An action's words, and what they mean.
    static let actions: [(String, Action)] = [
        ("\"SCMP_ACT_ALLOW\"", .allow), ("\"SCMP_ACT_ERRNO\"", .fail(.notPermitted)),
        ("\"SCMP_ACT_ERRNO\",\"errnoRet\":38", .fail(.notImplemented)),
        ("\"SCMP_ACT_ERRNO\",\"errno\":\"ENOSYS\"", .fail(.notImplemented)),
        ("\"SCMP_ACT_ERRNO\",\"errnoRet\":13,\"errno\":\"ENOSYS\"", .fail(.accessDenied)),
        ("\"SCMP_ACT_ERRNO\",\"errnoRet\":null", .fail(.notPermitted)),
        ("\"SCMP_ACT_LOG\"", .fail(.notPermitted)), ("\"SCMP_ACT_TRAP\"", .kill), ("\"SCMP_ACT_KILL\"", .kill),
        ("\"SCMP_ACT_KILL_THREAD\"", .kill), ("\"SCMP_ACT_KILL_PROCESS\"", .kill),
    ]

    @Test(arguments: actions) func `every action means what it says or less`(words: String, wanted: Action) throws {
        let filter = try filter(open("{\"names\":[\"getpid\"],\"action\":\(words)}"))
        #expect(try action(filter, "getpid") == wanted)
    }

    /// A comparison, an argument and whether it holds.
    static let comparisons: [(String, UInt64, Bool)] = [
        ("EQ\",\"value\":5", 5, true), ("EQ\",\"value\":5", 6, false), ("NE\",\"value\":5", 5, false),
        ("NE\",\"value\":5", 1 << 32 | 5, true), ("LT\",\"value\":5", 4, true), ("LT\",\"value\":5", 5, false),
        ("LE\",\"value\":5", 5, true), ("LE\",\"value\":5", 1 << 32, false), ("GT\",\"value\":5", 5, false),
        ("GT\",\"value\":5", 1 << 32, true), ("GE\",\"value\":5", 5, true), ("GE\",\"value\":5", 4, false),
        ("MASKED_EQ\",\"value\":12,\"valueTwo\":8", 0b1011, true),
        ("MASKED_EQ\",\"value\":12,\"valueTwo\":8", 0b1111, false),
        ("MASKED_EQ\",\"value\":12", 0b0011, true), ("EQ", 0, true),
    ]

    @Test(arguments: comparisons)
    func `every comparison of an argument is carried out`(words: String, argument: UInt64, holds: Bool) throws {
        let words = words.hasSuffix("EQ") ? words + "\"" : words
        let filter = try filter(
            closed(
                "{\"names\":[\"lseek\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\"index\":1,\"op\":\"SCMP_CMP_\(words)}]}"
            ))
        #expect(try action(filter, "lseek", [9, argument]) == (holds ? .allow : .fail(.invalidArgument)))
    }

    @Test func `statements about several arguments must all hold, and two about one are alternatives`() throws {
        func rule(_ first: Int, _ second: Int) -> String {
            let args = [(first, 1), (second, 2)].map { "{\"index\":\($0),\"value\":\($1),\"op\":\"SCMP_CMP_EQ\"}" }
            return "{\"names\":[\"lseek\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[\(args.joined(separator: ","))]}"
        }
        let both = try filter(closed(rule(0, 2)))
        #expect(try action(both, "lseek", [1, 0, 2]) == .allow)
        #expect(try action(both, "lseek", [1, 0, 3]) == .fail(.invalidArgument))
        let either = try filter(closed(rule(0, 0)))
        for value: UInt64 in 1...2 { #expect(try action(either, "lseek", [value]) == .allow) }
        #expect(try action(either, "lseek", [3]) == .fail(.invalidArgument))
    }

    @Test func `where several rules hold the strictest decides, in any order`() throws {
        let rules = [
            "{\"names\":[\"lseek\"],\"action\":\"SCMP_ACT_ALLOW\"}",
            "{\"names\":[\"lseek\"],\"action\":\"SCMP_ACT_ERRNO\",\"args\":[{\"index\":2,\"value\":1,\"op\":\"SCMP_CMP_EQ\"}]}",
            "{\"names\":[\"lseek\"],\"action\":\"SCMP_ACT_KILL\",\"args\":[{\"index\":0,\"value\":7,\"op\":\"SCMP_CMP_EQ\"}]}",
        ]
        for order in [rules, rules.reversed()] {
            let filter = try filter(closed(order.joined(separator: ",")))
            #expect(try action(filter, "lseek", [1, 0, 0]) == .allow)
            #expect(try action(filter, "lseek", [1, 0, 1]) == .fail(.notPermitted))
            #expect(try action(filter, "lseek", [7, 0, 1]) == .kill)
        }
    }

    /// What a rule depends on, and whether it applies here.
    static let conditions: [(String, Bool)] = [
        ("\"includes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}", false), ("\"excludes\":{\"caps\":[\"CAP_SYS_ADMIN\"]}", true),
        ("\"includes\":{\"arches\":[\"s390x\"]}", false), ("\"excludes\":{\"arches\":[\"s390x\"]}", true),
        ("\"includes\":{\"arches\":[\"amd64\",\"arm64\"]}", true),
        ("\"excludes\":{\"arches\":[\"amd64\",\"arm64\"]}", false),
        ("\"includes\":{\"minKernel\":\"4.8\"}", true), ("\"includes\":{\"minKernel\":\"99.0\"}", false),
        ("\"excludes\":{\"minKernel\":\"4.8\"}", false), ("\"excludes\":{\"minKernel\":\"99.0\"}", true),
        ("\"includes\":{},\"excludes\":null", true),
    ]

    @Test(arguments: conditions) func `a rule applies where its conditions hold`(words: String, applies: Bool) throws {
        let filter = try filter(closed("{\"names\":[\"getpid\"],\"action\":\"SCMP_ACT_ALLOW\",\(words)}"))
        #expect(try action(filter, "getpid") == (applies ? .allow : .fail(.invalidArgument)))
    }

    @Test func `a profile for this architecture among others is read, one for others only is not`() {
        let here = SeccompProfile.Machine().architecture
        func profile(_ names: String) -> String {
            "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"architectures\":[\(names)]}"
        }
        #expect(problems(profile("\"SCMP_ARCH_S390X\",\"\(here)\"")) == [])
        #expect(problems(profile("\"SCMP_ARCH_S390X\"")).first?.contains("not for this machine") == true)
        let map = "{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"archMap\":[{\"architecture\":\"SCMP_ARCH_S390X\","
        #expect(problems(map + "\"subArchitectures\":[\"\(here)\"]}]}").first?.contains("not for this machine") == true)
    }

    @Test func `calls of newer kernels and other machines are no mistake, and neither is one marked with ?`() throws {
        let names = ["cachestat", "mseal", "_llseek", "socketcall", "?made_up"].map { "\"\($0)\"" }
        let text = open("{\"names\":[\(names.joined(separator: ","))],\"action\":\"SCMP_ACT_ALLOW\"}")
        #expect(problems(text) == [])
        #expect(try action(filter(text), "read") == .allow)
    }

    /// A text and what is said of it.
    static let mistakes: [(String, String)] = [
        ("", "p.json:1:1: not JSON"), ("{\n \"a\" 1}", "p.json:2:6: not JSON"),
        ("[]", "p.json:1:1: the profile: an object stands here"),
        ("{}", "p.json:1:1: \"defaultAction\" is missing"),
        ("{\n\"defaultActoin\":\"SCMP_ACT_ALLOW\"}", "p.json:2:1: unknown key \"defaultActoin\""),
        ("{\"defaultAction\":\"SCMP_ACT_ALOW\"}", "did you mean \"SCMP_ACT_ALLOW\"?"),
        ("{\"defaultAction\":\"SCMP_ACT_TRACE\"}", "asks another program"),
        ("{\"defaultAction\":\"SCMP_ACT_NOTIFY\"}", "asks another program"),
        ("{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"/x\"}", "nobody listens"),
        ("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":4096}", "one from 0 to 4095"),
        ("{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrno\":\"EWHAT\"}", "\"EWHAT\" is not the name of an error"),
        (rule("\"names\":[\"getpid\"]"), "has no \"action\""),
        (rule("\"names\":[\n\"gtpid\"],\"action\":\"SCMP_ACT_ALLOW\""), "p.json:2:1: unknown system call \"gtpid\""),
        (rule("\"names\":[\"gtpid\"],\"action\":\"SCMP_ACT_ALLOW\""), "did you mean \"getpid\"?"),
        (rule("\"names\":[7],\"action\":\"SCMP_ACT_ALLOW\""), "not a text"),
        (argument("\"index\":6,\"op\":\"SCMP_CMP_EQ\""), "from 0 to 5"),
        (argument("\"index\":1,\"op\":\"SCMP_CMP_EG\""), "is not an \"op\""),
        (argument("\"index\":1,\"op\":\"SCMP_CMP_EQ\",\"value\":-1"), "a whole number"),
        (argument("\"index\":1,\"op\":\"SCMP_CMP_EQ\",\"value\":1.5"), "a whole number"),
        (argument("\"index\":1,\"op\":\"SCMP_CMP_MASKED_EQ\",\"value\":1,\"valueTwo\":2"), "not in the mask"),
        (rule("\"names\":[\"getpid\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"minKernel\":\"new\"}"), "\"4.8\""),
        (
            rule("\"names\":[\"getpid\"],\"action\":\"SCMP_ACT_ALLOW\",\"includes\":{\"cap\":[]}"),
            "did you mean \"caps\"?"
        ),
    ]

    private static func rule(_ members: String) -> String {
        "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\(members)}]}"
    }

    private static func argument(_ members: String) -> String {
        rule("\"names\":[\"lseek\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[{\(members)}]")
    }

    @Test(arguments: mistakes) func `what is wrong with a profile is told with its place`(text: String, said: String) {
        let problems = problems(text)
        #expect(problems.contains { $0.contains(said) }, "\(problems)")
        #expect(SeccompProfileReader(PolicyText(source: "p.json", bytes: Array(text.utf8))).profile == nil)
    }

    @Test func `a policy with a broken or missing profile is refused, and many mistakes are told once`() {
        let policy = "version = 1\n[syscalls]\nprofile = \"p.json\"\n"
        let missing = TextSource(["p": policy]).problems("p")
        #expect(missing.first?.hasPrefix("p.toml:3:11: there is no file \"p.json\"") == true, "\(missing)")
        let names = (0..<500).map { "\"unknown\($0)\"" }.joined(separator: ",")
        let broken = open("{\"names\":[\(names)],\"action\":\"SCMP_ACT_ALLOW\"}")
        #expect(TextSource(["p": policy, "p.json": broken]).problems("p").count == 64)
        let path = TextSource(["p": "version = 1\n[syscalls]\nprofile = \"~/p.json\"\n"]).problems("p")
        #expect(path.first?.contains("names a file") == true, "\(path)")
    }

    @Test func `a profile that makes a program larger than the kernel takes is refused`() {
        let args = (0..<4000).map { "{\"index\":0,\"value\":\($0 * 2),\"op\":\"SCMP_CMP_EQ\"}" }
        let rule = "{\"names\":[\"lseek\"],\"action\":\"SCMP_ACT_ALLOW\",\"args\":[\(args.joined(separator: ","))]}"
        let policy = "version = 1\n[syscalls]\nprofile = \"p.json\"\n"
        let problems = TextSource(["p": policy, "p.json": closed(rule)]).problems("p")
        #expect(problems.first?.contains("larger than the kernel takes") == true, "\(problems)")
    }

    @Test func `a policy that is shown names its profile`() throws {
        let source = TextSource(["p": "version = 1\n[syscalls]\nprofile = \"p.json\"\n", "p.json": open("")])
        #expect(try PolicyResolver(source).resolve(["p"]).show().contains("\nprofile = \"p.json\"\n"))
    }
}
