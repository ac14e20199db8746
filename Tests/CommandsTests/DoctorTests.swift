internal import TestSupport
internal import Testing

@testable internal import Commands

internal import Runner

/// What the doctor says of machines that lack something, from the files by which such machines tell it.
struct DoctorTests {
    /// The files of a machine that has everything.
    private static let whole = [
        "proc/sys/user/max_user_namespaces": "15000\n", "proc/sys/user/max_net_namespaces": "15000\n",
        "proc/sys/kernel/unprivileged_userns_clone": "1\n", "proc/self/ns/time": "",
        "proc/sys/kernel/osrelease": "6.18.1-amd64\n",
        "proc/sys/kernel/seccomp/actions_avail": "kill_process kill_thread trap errno user_notif trace log allow\n",
        "proc/filesystems": "nodev\tdevpts\n\text4\n", "proc/self/status": "Name:\tx\nSeccomp:\t0\n",
        "proc/self/mountinfo": "22 1 0:20 / /proc rw - proc proc rw\n",
        "proc/sys/fs/inotify/max_user_watches": "65536\n", "proc/sys/fs/inotify/max_user_instances": "128\n",
    ]

    /// What the files say once these are changed; `nil` takes a file away.
    private func checks(
        _ changes: [String: String?] = [:], user: UInt32 = 1000, landlock: Int32? = 7, runsWork: Bool = false,
        makesNamespaces: Bool = true
    ) throws -> [DoctorCheck] {
        let folder = try TemporaryDirectory()
        var files = Self.whole
        for (path, text) in changes { files[path] = text }
        for (path, text) in files {
            if let slash = path.lastIndex(of: "/") { try folder.makeDirectory(String(path[..<slash])) }
            try folder.write(text, to: path)
        }
        let machine = Machine(root: folder.path, user: user, landlock: landlock)
        return Doctor(machine: machine, places: .ofCaller()).settings(
            runsWork: runsWork, makesNamespaces: makesNamespaces)
    }

    @Test func `a machine that has everything lacks nothing`() throws {
        #expect(try checks().allSatisfy { $0.state == .works && $0.remedy == nil })
    }

    /// A change, the check that tells it, how it stands then, and what the detail and the remedy hold.
    private static let lacks: [(change: [String: String?], name: String, state: DoctorCheck.State, text: [String])] = [
        (
            ["proc/sys/user/max_user_namespaces": "0\n"], "user namespaces", .missing,
            ["user.max_user_namespaces is 0", "sysctl -w user.max_user_namespaces="]
        ),
        (
            ["proc/sys/kernel/unprivileged_userns_clone": "0\n"], "user namespaces", .missing,
            ["sysctl -w kernel.unprivileged_userns_clone=1"]
        ),
        (
            ["proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n"], "user namespaces", .missing,
            ["AppArmor", "cp /usr/local/share/vault-sandbox/apparmor/vault-sandbox", "apparmor_parser -r"]
        ),
        (
            ["proc/self/status": "Seccomp:\t2\n", ".dockerenv": ""], "user namespaces", .missing,
            ["that of Docker", "--security-opt seccomp=PROFILE"]
        ),
        (
            ["proc/self/status": "Seccomp:\t2\n", "run/secrets/kubernetes.io/serviceaccount/namespace": "x"],
            "user namespaces", .missing, ["that of Kubernetes", "hostUsers: false"]
        ),
        (
            ["proc/self/status": "Seccomp:\t2\n"], "user namespaces", .missing,
            ["a filter of system calls around this process", "run outside of it"]
        ),
        (
            [
                ".dockerenv": "",
                "proc/self/mountinfo": "22 1 0:20 / /proc rw - proc proc rw\n23 22 0:21 / /proc/kcore rw - tmpfs t rw\n"
                    + "24 22 0:21 / /proc/keys rw - tmpfs t rw\n",
            ], "process files", .missing, ["/proc/kcore and 1 more places", "systempaths=unconfined"]
        ),
        (
            ["proc/sys/user/max_net_namespaces": "0\n"], "network namespace", .missing,
            ["sysctl -w user.max_net_namespaces="]
        ),
        (["proc/self/ns/time": nil], "time namespace", .partial, ["goes without it", "CONFIG_TIME_NS"]),
        (
            ["proc/sys/kernel/seccomp/actions_avail": nil], "system-call filter", .missing, ["CONFIG_SECCOMP_FILTER"]
        ),
        (["proc/filesystems": "\text4\n"], "terminal", .partial, ["exec --tty is refused", "CONFIG_UNIX98_PTYS"]),
        (
            ["proc/sys/fs/inotify/max_user_watches": "1\n"], "file watches", .partial,
            ["takes longer", "sysctl -w fs.inotify.max_user_watches="]
        ),
    ]

    @Test(arguments: lacks.indices) func `what is missing is told with what would change it`(index: Int) throws {
        let lack = Self.lacks[index]
        let isFiltered = lack.change["proc/self/status"] != nil
        let found = try checks(lack.change, makesNamespaces: !isFiltered).filter { $0.state != .works }
        #expect(found.map(\.name) == [lack.name] && found.map(\.state) == [lack.state], "\(found)")
        for text in lack.text {
            #expect(found.contains { "\($0.detail) \($0.remedy ?? "")".contains(text) }, "\(text): \(found)")
        }
    }

    @Test func `Landlock is told by its version`() throws {
        func landlock(_ version: Int32?) throws -> DoctorCheck? {
            try checks(landlock: version).first { $0.name == "Landlock" }
        }
        #expect(try landlock(nil)?.state == .missing)
        #expect(try landlock(nil)?.remedy?.contains("degrade = [\"landlock\"]") == true)
        #expect(try landlock(2)?.detail.contains("not that they are cut") == true)
        #expect(try landlock(4)?.state == .partial)
        #expect(try landlock(6)?.state == .works)
        #expect(try checks(landlock: 2).contains { $0.name == "weaker mode" && $0.state == .partial })
    }

    @Test
    func `what keeps others from namespaces does not keep root, nor a program with a profile, nor runs that work`()
        throws
    {
        let restricted: [String: String?] = ["proc/sys/kernel/apparmor_restrict_unprivileged_userns": "1\n"]
        let profile = restricted.merging(["proc/self/attr/current": "vault-sandbox (unconfined)\n"]) { _, new in new }
        #expect(try checks(restricted, user: 0).allSatisfy { $0.state == .works })
        #expect(try checks(profile).allSatisfy { $0.state == .works })
        #expect(try checks(restricted, runsWork: true).map(\.state).filter { $0 != .works } == [.partial])
        #expect(try checks(["proc/self/status": "Seccomp:\t2\n"]).allSatisfy { $0.state == .works })
        #expect(try checks(makesNamespaces: false).map(\.state).filter { $0 != .works } == [.missing])
    }
}
