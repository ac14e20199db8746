internal import Linux
internal import Policy

extension Policy.Limits {
    /// The limits of the kernel's that carry these out for every process of the run.
    internal var resourceLimits: [ResourceLimit] {
        // 1 and not 0: with 0 the kernel still pipes a core to the host's handler (core(5)).
        var limits = [ResourceLimit(.core, hard: 1)]
        // The data segment and not the address space, which Node and Go reserve far beyond what they use.
        if let memory { limits.append(ResourceLimit(.data, hard: memory)) }
        if let processes { limits.append(ResourceLimit(.processes, hard: processes)) }
        if let processorTime {
            // PID 1 ends the run at the limit, for all processes together. Should it not get to look, SIGXCPU ends a
            // process that has used it up alone, and SIGKILL one that does not hear that.
            let seconds = UInt64(max(1, processorTime.components.seconds))
            limits.append(ResourceLimit(.processorTime, soft: seconds + 1, hard: seconds + 5))
        }
        if let openFiles { limits.append(ResourceLimit(.openFiles, hard: openFiles)) }
        if let fileSize { limits.append(ResourceLimit(.fileSize, hard: fileSize)) }
        return limits
    }

    /// What confined a run, in the words of the result.
    ///
    /// - Parameters:
    ///   - group: The version of the control group that counted its memory, if any.
    ///   - processor: The version of the control group that counted its processor time, if any.
    ///   - boundsProcesses: Whether the kernel held the sandbox to its number of processes.
    ///   - isPlain: Whether the program had no namespaces.
    internal func isolation(
        memory group: ControlGroup.Version?, processor: ControlGroup.Version?, boundsProcesses: Bool, isPlain: Bool
    ) -> RunResult.Isolation {
        // Nobody looks where there is no PID 1: the kernel holds each process by itself.
        let otherwise = isPlain ? "rlimit" : "sampled"
        let memory = memory == nil ? "none" : group.map { "cgroup\($0.rawValue)" } ?? otherwise
        // The kernel does not hold the user 0 of the host to RLIMIT_NPROC.
        let bindsUser = processes != nil && Processes.effectiveUser != 0
        return RunResult.Isolation(
            landlock: LandlockRules.kernelVersion, memory: memory,
            processes: boundsProcesses ? "namespace" : bindsUser ? "rlimit" : "none",
            cpu: processorTime == nil ? "none" : processor.map { "cgroup\($0.rawValue)" } ?? otherwise)
    }
}
