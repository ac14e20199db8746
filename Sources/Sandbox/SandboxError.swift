public import Diagnostics
public import Linux
public import SandboxPlan

/// Why a sandbox could not be made or kept.
public enum SandboxError: Error, Equatable, Sendable {
    /// A path that a rule needs does not exist.
    case missingPath(String, origin: String)
    /// A path of which the sandbox has its own, or that is the whole of the host.
    case ungrantablePath(String, origin: String)
    /// A masked file that has other names, by which it would be seen.
    case linkedMask(String, origin: String)
    /// A rule takes away what lies in a folder that its owner, who is the caller, has no right to search.
    case barredPath(String, folder: String, origin: String)
    /// A rule would show what no run may see.
    case hiddenPath(String, origin: String)
    /// Something hidden lies in a tree that can be written, where there are no mounts to hide it.
    case unhideable(String, tree: String)
    /// The path of a rule leads through a link that an earlier run may have made, out of the tree that the link is in.
    case linkInTree(String, link: String, target: String, origin: String)
    /// The kernel refuses the namespaces.
    case unavailable(SystemCallError)
    /// A step inside the new sandbox failed.
    case step(LaunchFailure)
    /// The program was not found in any of these folders, or not at its path.
    case commandNotFound(command: String, searched: [String])
    /// The program was found; what it needs to be executed by was not.
    case interpreterMissing(command: String)
    /// The program was found and cannot be executed.
    case commandNotExecutable(command: String, Errno)
    /// Arguments and environment are more than the kernel takes.
    case argumentsTooLong
    /// PID 1 ended without saying why.
    case initVanished(ProcessEvent?)
    /// The caller's standard input is a directory.
    case directoryAsInput
    /// What the program printed cannot be written where the caller wants it.
    case output(SystemCallError)
    /// A system call of the supervisor's failed.
    case system(SystemCallError, during: String)
}

extension SandboxError: ReportableError {
    /// What the person is told.
    public var report: ErrorReport {
        switch self {
        case .missingPath(let path, let origin):
            ErrorReport(
                .policyInvalid, "\(origin): \(path) does not exist",
                hint: origin.hasPrefix("--")
                    ? "create it, or leave the option out" : "create it, or write \"?\(path)\" where it may be missing")
        case .ungrantablePath(let path, let origin):
            ErrorReport(
                origin.hasPrefix("--") ? .argumentInvalid : .policyInvalid,
                "\(origin): \(path) cannot be granted: it is all of the host, or its processes, devices or kernel",
                hint: "name the folders that the program needs; it has a /proc and a /dev of its own")
        case .linkedMask(let path, let origin):
            ErrorReport(
                .policyInvalid, "\(origin): \(path) has more than one hard link, and a mask covers only this name",
                hint: "mask the folder that it is in, or write \"?\(path)\" where the other names may be seen")
        case .barredPath(let path, let folder, let origin):
            ErrorReport(
                .policyInvalid,
                "\(origin): \(path) cannot be looked at: \(folder) takes the right to search it from its owner, "
                    + "and the program could give it back",
                hint: "see what is in it, then: chmod u+rx '\(folder)'")
        case .hiddenPath(let path, let origin):
            ErrorReport(
                origin.hasPrefix("--") ? .argumentInvalid : .policyInvalid,
                "\(origin): \(path) belongs to vault-sandbox itself, and no run may see it", hint: "leave it out")
        case .unhideable(let path, let tree):
            ErrorReport(
                .sandboxUnavailable, "--isolation landlock cannot hide \(path) in \(tree), which can be written",
                hint: "choose a work directory without it, or run with namespaces")
        case .linkInTree(let path, let link, let target, let origin):
            ErrorReport(
                origin.hasPrefix("--") ? .argumentInvalid : .policyInvalid,
                "\(origin): \(path) leads through the link \(link), which a run may have made, to \(target)",
                hint: "remove the link, or name \(target) itself if that is what is meant")
        case .unavailable(let error) where error.errno == .wouldBlock:
            ErrorReport(.sandboxFailed, "no process could be started: \(error)", hint: Self.tooManyProcesses)
        case .unavailable(let error):
            ErrorReport(
                .sandboxUnavailable, "this machine refuses new namespaces: \(error)",
                hint: Self.namespaceHint(error.errno))
        case .step(let failure): Self.report(failure)
        case .commandNotFound(let command, let searched):
            ErrorReport(
                .commandNotFound, "\(command): not found inside the sandbox",
                hint: searched.isEmpty
                    ? "the path is not visible inside; grant its folder with --read"
                    : "searched \(searched.joined(separator: ":")); grant another folder with --read and [process] path"
            )
        case .interpreterMissing(let command):
            ErrorReport(
                .commandNotExecutable, "\(command): its interpreter was not found inside the sandbox",
                hint: "see the program that its first line names, or for a binary its loader; grant it with --read")
        case .commandNotExecutable(let command, let errno):
            ErrorReport(
                .commandNotExecutable, "\(command): cannot be executed: \(errno.message) (\(errno.name))",
                hint: "check its execute permission, its interpreter and its architecture")
        case .argumentsTooLong:
            ErrorReport(
                .argumentInvalid, "the arguments and the environment are longer than the kernel takes",
                hint: "pass long input by standard input or in a file")
        case .initVanished(let event):
            ErrorReport(
                .sandboxFailed, "the sandbox's first process ended unexpectedly\(Self.describe(event))",
                hint: "run `vault-sandbox doctor`; the machine may be out of memory")
        case .directoryAsInput:
            ErrorReport(
                .argumentInvalid, "standard input is a directory, which would show the program the host's files",
                hint: "redirect standard input from a file or /dev/null")
        case .output(let error): ErrorReport.unwritten(error)
        case .system(let error, let action) where error.errno == .tooManyFiles:
            ErrorReport(
                .sandboxFailed, "could not \(action): \(error)",
                hint: "a run needs about 26 descriptors; raise the limit (ulimit -n)")
        case .system(let error, let action):
            ErrorReport(.sandboxFailed, "could not \(action): \(error)", hint: "run `vault-sandbox doctor`")
        }
    }

    private static func report(_ failure: LaunchFailure) -> ErrorReport {
        let subject = failure.subject.isEmpty ? "" : " \(failure.subject)"
        let text = "the step \(failure.step)\(subject) failed: \(failure.errno.message) (\(failure.errno.name))"
        switch failure.step {
        case .mapIdentity:
            return ErrorReport(
                .sandboxUnavailable, text,
                hint: "a security module restricts user namespaces; see kernel.apparmor_restrict_unprivileged_userns")
        case .makeNetwork, .makeTime: return ErrorReport(.sandboxUnavailable, text, hint: namespaceHint(failure.errno))
        case .mountProcesses:
            return ErrorReport(
                .sandboxUnavailable, text,
                hint: "the caller's /proc is partly covered, as in a container; run it with an uncovered /proc")
        case .openGrant where failure.errno == .stale:
            return ErrorReport(
                .sandboxFailed, "\(failure.subject) was replaced while the sandbox was made",
                hint: atRest)
        case .openGrant where failure.errno == .noSuchFile, .mountMask where failure.errno == .noSuchFile,
            .restrictFiles where failure.errno == .noSuchFile || failure.errno == .stale:
            return ErrorReport(
                .sandboxFailed, "\(failure.subject) was taken away while the sandbox was made", hint: atRest)
        case .makeEntry where failure.errno == .noSuchFile:
            return ErrorReport(
                .sandboxFailed, text,
                hint: "it lies in a granted tree, in which nothing is made; make it outside, or grant less")
        case .isolateProcess where failure.errno == .quotaExceeded:
            return ErrorReport(
                .sandboxFailed, text,
                hint: "this user has as many keys as it may; see /proc/key-users, or raise kernel.keys.maxkeys (sysctl)"
            )
        case .spawn where failure.errno == .wouldBlock:
            return ErrorReport(.sandboxFailed, text, hint: tooManyProcesses)
        case .enterWorkDirectory:
            return ErrorReport(
                .workDirRefused, "\(failure.subject): not usable as work directory inside: \(failure.errno.message)",
                hint: "grant it in the policy, or choose another with --work-dir")
        default: return ErrorReport(.sandboxFailed, text, hint: "run `vault-sandbox doctor`")
        }
    }

    private static let tooManyProcesses =
        "a limit of processes is reached: raise it (ulimit -u, or pids.max of the control group), or end some"
    private static let atRest = "nothing was started; run again once the path is at rest"

    /// The setting that most likely stands in the way of new namespaces.
    private static func namespaceHint(_ errno: Errno) -> String {
        switch errno {
        case .noSpace: "raise user.max_user_namespaces and user.max_net_namespaces (sysctl)"
        case .notPermitted:
            "set kernel.unprivileged_userns_clone=1 (sysctl), or in a container allow clone and unshare by its profile"
        case .notImplemented:
            "a system-call filter around this process forbids namespaces, as in a container or another sandbox; "
                + "run outside it, or allow clone and unshare by its profile"
        case .invalidArgument: "the kernel lacks a namespace; Linux 5.12 or later is needed"
        default: "run `vault-sandbox doctor`"
        }
    }

    private static func describe(_ event: ProcessEvent?) -> String {
        switch event {
        case .exited(let status): " (it could not start: \(Errno(rawValue: status).name))"
        case .signalled(let signal): " (signal \(signal))"
        default: ""
        }
    }
}
