internal import Linux
internal import SandboxPlan
internal import Secrets

/// Starts the program of a plan.
internal enum Program {
    /// Sources of the program's descriptors lie from here up, above every target.
    private static let firstSource: Int32 = 512

    /// Starts the program with the caller's streams and everything that was delivered, and returns its process id.
    static func start(
        _ plan: LaunchPlan, with delivered: borrowing DeliveredSecrets
    ) throws(LaunchFailure) -> Int32 {
        var descriptors: [BorrowedDescriptor?] = []
        for (index, isClosed) in plan.closedStreams.enumerated() {
            guard !isClosed else {
                descriptors.append(nil)
                continue
            }
            let source = try during(.spawn) { () throws(SystemCallError) in
                try BorrowedDescriptor(rawValue: Int32(index)).duplicate(atLeast: firstSource).release()
            }
            descriptors.append(BorrowedDescriptor(rawValue: source))
        }
        descriptors += delivered.descriptors.map { BorrowedDescriptor(rawValue: $0) }
        let spawn = Spawn(
            candidates: StringBlock(candidates(for: plan)), arguments: StringBlock(plan.arguments),
            descriptors: descriptors, blockedSignals: plan.blockedSignals, filter: plan.filter)
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
            throw LaunchFailure(step: step, errno: error.errno)
        }
        // Init keeps no copy: a pipe's end must show that the program and its children have closed it.
        for descriptor in descriptors { if let descriptor { descriptor.closeUnowned() } }
        return program
    }

    /// The paths to try: the name itself where it has a slash, else the name in each folder of the search path.
    private static func candidates(for plan: LaunchPlan) -> [[UInt8]] {
        guard let name = plan.arguments.first else { return [] }
        guard !name.contains(UInt8(ascii: "/")) else { return [name] }
        return plan.searchPath.map { Array($0.utf8) + [UInt8(ascii: "/")] + name }
    }
}
