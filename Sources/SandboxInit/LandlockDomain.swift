internal import Linux
internal import SandboxPlan

/// The program's view of files once more, as a Landlock domain: what the mounts show is what may be opened.
internal enum LandlockDomain {
    /// Enters the domain of a root that was made of these steps; nothing can be mounted afterwards.
    ///
    /// - Parameter hasSecretFiles: Whether secrets lie at /run/secrets.
    static func enter(_ plan: RootPlan, hasSecretFiles: Bool) throws(LaunchFailure) {
        // The supervisor decides whether a run without it is permitted.
        guard let version = LandlockRules.kernelVersion else { return }
        let rules = try during(.restrictFiles) { () throws(SystemCallError) in try LandlockRules(version: version) }
        // Directories of the sandbox's own, made on the way to what is granted, can be listed.
        try allow(.readDirectory, at: "/", isDirectory: true, in: rules)
        try allow([.read, .writeFile, .truncate], at: "/proc", isDirectory: true, in: rules)
        try allow([.read, .writeFile, .truncate, .deviceControl], at: "/dev", isDirectory: true, in: rules)
        if hasSecretFiles { try allow(.readFile, at: "/run/secrets", isDirectory: true, in: rules) }
        for step in plan.steps {
            switch step {
            case .bind(_, let identity, let path, let isWritable):
                try allow(isWritable ? .write : .read, at: path, isDirectory: identity.kind == .directory, in: rules)
            case .temporary(let path, _, let mode):
                // Without a bit for writing it is the cover of something hidden, in which more is mounted.
                if mode & 0o222 != 0 { try allow(.write, at: path, isDirectory: true, in: rules) }
            case .sharedMemory: try allow(.write, at: step.path, isDirectory: true, in: rules)
            case .mask, .directory, .symbolicLink, .processes, .devices: break
            }
        }
        try during(.restrictFiles) { () throws(SystemCallError) in try rules.enter() }
    }

    /// The domain of a program that sees the host's files under their own names: what the steps bind can be opened, what
    /// they make a directory can be listed, and everything else can be neither.
    static func ofHost(_ plan: RootPlan, forbidsTCP: Bool) throws(LaunchFailure) -> LandlockRules {
        guard let version = LandlockRules.kernelVersion else {
            throw LaunchFailure(step: .restrictFiles, errno: .notImplemented, subject: "landlock")
        }
        let rules = try during(.restrictFiles) { () throws(SystemCallError) in
            try LandlockRules(version: version, forbidsTCP: forbidsTCP)
        }
        for device in HarmlessDevice.allCases {
            try allow([.readFile, .writeFile, .truncate], at: device.path, isDirectory: false, in: rules)
        }
        try allow([.readFile, .readDirectory], at: "/proc", isDirectory: true, in: rules)
        for step in plan.steps {
            switch step {
            case .bind(let source, let identity, _, let isWritable):
                try allow(
                    isWritable ? .write : .read, at: source, isDirectory: identity.kind == .directory, in: rules,
                    where: identity)
            case .directory(let path, _): try allow(.readDirectory, at: path, isDirectory: true, in: rules)
            case .mask, .temporary, .sharedMemory, .symbolicLink, .processes, .devices: break
            }
        }
        return rules
    }

    private static func allow(
        _ access: FileAccess, at path: String, isDirectory: Bool, in rules: borrowing LandlockRules,
        where identity: FileIdentity? = nil
    ) throws(LaunchFailure) {
        do throws(SystemCallError) {
            let place = try Files.open(path, [.path, .noFollow])
            // A path swapped after the supervisor's look must end the launch, not widen the grant.
            let found = try Files.status(of: BorrowedDescriptor(place)).identity
            guard identity == nil || found == identity else {
                throw SystemCallError(call: "fstatat", errno: .stale)
            }
            try rules.allow(access, at: place, isDirectory: isDirectory)
        } catch let error where error.errno == .noSuchFile && identity != nil && access == .read {
            // What lies beside something hidden is granted one by one, and may be gone by now.
        } catch {
            throw LaunchFailure(step: .restrictFiles, errno: error.errno, subject: path)
        }
    }
}
