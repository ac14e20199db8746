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

    private static func allow(
        _ access: FileAccess, at path: String, isDirectory: Bool, in rules: borrowing LandlockRules
    ) throws(LaunchFailure) {
        do {
            let place = try Files.open(path, [.path, .noFollow])
            try rules.allow(access, at: place, isDirectory: isDirectory)
        } catch {
            throw LaunchFailure(step: .restrictFiles, errno: error.errno, subject: path)
        }
    }
}
