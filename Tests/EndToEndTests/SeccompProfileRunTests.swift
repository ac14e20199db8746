internal import Linux
internal import TestSupport
internal import Testing

/// Runs under a policy that names an OCI seccomp profile.
@Suite(.requires(.binary, .root, .userNamespaces, .command("python3"))) struct SeccompProfileRunTests {
    /// Python that asks for its parent, for an io_uring and for a user namespace, and prints what came of each.
    private static let program = """
        import ctypes, errno, os
        call = ctypes.CDLL(None, use_errno=True)
        def say(name, done): print(name, 'done' if done >= 0 else errno.errorcode[ctypes.get_errno()])
        say('parent', call.getpgid(0)); say('ring', call.syscall(425, 1, 0)); say('namespace', call.unshare(0x10000000))
        """

    /// A run of the program under a profile, or under none.
    private func run(_ user: UInt32?, _ profile: String?) throws -> ProgramRun.Outcome {
        let place = try Workplace(user: user)
        let line = profile == nil ? "" : "[syscalls]\nprofile = \"rules/seccomp.json\"\n"
        try Files.makeDirectory(place.project + "/rules", mode: 0o755)
        try place.write("version = 1\nextends = [\"default\"]\n\(line)", to: "profile.toml")
        if let profile { try place.write(profile, to: "rules/seccomp.json") }
        return try place.run(
            ["exec", "--no-secrets", "--policy", "./profile.toml", "--", "python3", "-c", Self.program])
    }

    @Test(arguments: everyUser) func `a profile takes calls away and gives none`(user: UInt32?) throws {
        let plain = try run(user, nil)
        #expect(plain.outputText == "parent done\nring EPERM\nnamespace EPERM\n", "\(plain.errorText)")
        let open = try run(
            user,
            """
            {"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [
                {"names": ["io_uring_setup", "unshare", "clone3"], "action": "SCMP_ACT_ALLOW"},
                {"names": ["getpgid"], "action": "SCMP_ACT_ERRNO", "errnoRet": 13}]}
            """)
        #expect(open.outputText == "parent EACCES\nring EPERM\nnamespace EPERM\n", "\(open.errorText)")
    }

    @Test func `a profile with unknown calls starts nothing`() throws {
        let outcome = try run(
            nil, #"{"defaultAction": "SCMP_ACT_ALLOW", "syscalls": [{"names": ["gtpid"], "action": "SCMP_ACT_KILL"}]}"#)
        #expect(outcome.status == .exited(125) && outcome.outputText.isEmpty)
        #expect(
            outcome.errorText.contains("seccomp.json:1:61: unknown system call \"gtpid\"")
                && outcome.errorText.contains("did you mean \"getpid\"?"), "\(outcome.errorText)")
    }
}
