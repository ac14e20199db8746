internal import Linux
internal import SandboxPlan
internal import Secrets

/// Starts the program of a plan.
internal enum Program {
    /// What becomes the program's descriptors 0, 1, 2 and so on, each numbered above all of these; goes before the
    /// limits, which may leave no number free.
    static func descriptors(
        _ plan: LaunchPlan, with delivered: borrowing DeliveredSecrets, terminal: borrowing ProgramTerminal?
    ) throws(LaunchFailure) -> [BorrowedDescriptor?] {
        let first = Int32(plan.closedStreams.count + delivered.descriptors.count)
        let secrets = delivered.descriptors.map { BorrowedDescriptor?(BorrowedDescriptor(rawValue: $0)) }
        switch terminal {
        case .some(let terminal): return try terminal.streams(atLeast: first) + secrets
        case .none: return try streams(plan, atLeast: first) + secrets
        }
    }

    /// What becomes the program's descriptors 0, 1 and 2 where it has no terminal.
    private static func streams(
        _ plan: LaunchPlan, atLeast first: Int32
    ) throws(LaunchFailure) -> [BorrowedDescriptor?] {
        var descriptors: [BorrowedDescriptor?] = []
        for (index, isClosed) in plan.closedStreams.enumerated() {
            guard !isClosed else {
                descriptors.append(nil)
                continue
            }
            let source = try during(.spawn) { () throws(SystemCallError) in
                let stream = BorrowedDescriptor(rawValue: Int32(index))
                let device = index == 0 ? try ownDevice(for: stream) : nil
                switch device {
                case .some(let device): return try device.duplicate(atLeast: first).release()
                case .none: return try stream.duplicate(atLeast: first).release()
                }
            }
            descriptors.append(BorrowedDescriptor(rawValue: source))
        }
        return descriptors
    }

    /// The sandbox's own device of the kind that the caller's standard input is: the caller's lies on a mount of the
    /// host's, through which its mode could be changed. `nil` where it is none, and so a pipe of the supervisor's.
    private static func ownDevice(for stream: BorrowedDescriptor) throws(SystemCallError) -> FileDescriptor? {
        let status = try Files.status(of: stream)
        guard status.kind == .characterDevice, let device = HarmlessDevice(number: status.deviceNumber) else {
            return nil
        }
        return try Files.open(device.path, .readOnly)
    }

    /// Starts the program under a filter with these descriptors and everything that was delivered, and returns its process id.
    static func start(
        _ plan: LaunchPlan, filter: [UInt8], with delivered: borrowing DeliveredSecrets,
        descriptors: [BorrowedDescriptor?], domain: BorrowedDescriptor? = nil, terminal: BorrowedDescriptor?
    ) throws(LaunchFailure) -> Int32 {
        let paths = candidates(for: plan)
        let spawn = Spawn(
            candidates: StringBlock(paths), arguments: StringBlock(plan.arguments),
            descriptors: descriptors, blockedSignals: plan.blockedSignals, filter: filter,
            domain: domain, terminal: terminal)
        let program: Int32
        do {
            program = try delivered.environment.withSpan { span throws(Spawn.Failure) in
                try spawn.start(environment: span)
            }
        } catch {
            let step: LaunchStep =
                switch error.stage {
                case .filter: .installFilter
                case .execute: .execute
                case .clone, .group, .descriptors: .spawn
                }
            throw LaunchFailure(step: step, errno: error.errno, subject: existing(error, paths) ?? "")
        }
        // Init keeps no copy: a pipe's end must show that the program and its children have closed it.
        for descriptor in descriptors { if let descriptor { descriptor.closeUnowned() } }
        return program
    }

    /// Where no file was found to execute: the candidate that exists nevertheless, and so lacks its interpreter.
    private static func existing(_ error: Spawn.Failure, _ candidates: [[UInt8]]) -> String? {
        guard error.stage == .execute, error.errno == .noSuchFile else { return nil }
        return candidates.map { String(decoding: $0, as: UTF8.self) }.first { (try? Files.status($0)) != nil }
    }

    /// The paths to try: the name itself where it has a slash, else the name in each folder of the search path.
    private static func candidates(for plan: LaunchPlan) -> [[UInt8]] {
        guard let name = plan.arguments.first else { return [] }
        guard !name.contains(UInt8(ascii: "/")) else { return [name] }
        return plan.searchPath.map { Array($0.utf8) + [UInt8(ascii: "/")] + name }
    }
}
