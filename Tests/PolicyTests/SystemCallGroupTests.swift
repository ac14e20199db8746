import TestSupport
import Testing

@testable import Linux
@testable import Policy

/// The groups of system calls beside systemd's, whose names they have.
struct SystemCallGroupTests {
    /// What systemd 252 has in `@system-service` and `@default` refuses.
    static let refused = [
        "io_uring_setup", "io_uring_enter", "io_uring_register", "process_vm_readv", "process_vm_writev", "kcmp",
        "setns",
        "unshare", "clone3", "add_key", "keyctl", "request_key", "userfaultfd", "name_to_handle_at", "capset",
        "set_mempolicy_home_node", "get_thread_area", "set_thread_area", "fchmodat2",
    ]
    /// What `@default` has and systemd's `@system-service` has not.
    static let added = [
        "landlock_create_ruleset", "landlock_add_rule", "landlock_restrict_self", "seccomp", "pkey_alloc", "pkey_free",
        "pkey_mprotect", "mincore", "process_mrelease",
    ]

    @Test func `what default refuses of systemd's list, and adds to it, stands in the manual`() throws {
        let calls = Set(try #require(SystemCallGroups.calls(of: "@default")))
        #expect(calls.isDisjoint(with: Self.refused.map { $0[...] }))
        #expect(calls.isSuperset(of: Self.added.map { $0[...] }))
        let manual = try SourceTree.file("man/vault-sandbox-policy.5").text
        let parts = manual.split(separator: ".Ss System calls that are refused\n")
        try #require(parts.count == 2)
        let section = try #require(parts[1].split(separator: ".Ss Bundled policies").first)
        let words = Set(section.split { $0 == " " || $0 == "\n" }.map(String.init))
        for name in Self.refused + Self.added { #expect(words.contains(name), "\(name)") }
    }

    /// A group and calls that systemd has in it.
    static let members: [(String, [String])] = [
        ("@aio", ["io_setup", "io_submit", "io_getevents"]), ("@chown", ["chown", "fchownat"]),
        ("@clock", ["clock_settime", "adjtimex"]), ("@debug", ["ptrace", "perf_event_open", "pidfd_getfd"]),
        ("@keyring", ["keyctl"]), ("@module", ["init_module"]), ("@mount", ["mount", "move_mount", "umount2"]),
        (
            "@privileged",
            ["setuid", "chown", "chroot", "reboot", "swapon", "sethostname", "bpf", "iopl", "init_module"]
        ),
        ("@raw-io", ["ioperm"]), ("@reboot", ["reboot", "kexec_load"]), ("@setuid", ["setuid", "setgroups"]),
        ("@swap", ["swapon"]), ("@timer", ["alarm", "setitimer", "times", "timerfd_create"]),
        ("@network-io", ["socket", "connect", "sendmmsg"]), ("@process", ["clone", "kill", "waitid"]),
    ]

    @Test(arguments: members)
    func `taking a group away takes away what systemd's takes away`(group: String, calls: [String]) throws {
        let text = "version = 1\n[syscalls]\nallow = [\"@default\", \"\(calls.joined(separator: "\", \""))\"]\n"
        let allowed = try PolicyResolver(TextSource(["p": text])).resolve(["p"]).systemCalls.filter()
        let denied = try PolicyResolver(TextSource(["p": text + "deny = [\"\(group)\"]\n"])).resolve(["p"])
            .systemCalls.filter()
        for call in calls {
            // Another architecture may lack the call.
            guard let number = SystemCallFilter.number(of: call) else { continue }
            #expect(allowed.rules[number] != nil, "\(call)")
            #expect(denied.rules[number] == nil, "\(call)")
        }
    }
}
