internal import Linux
internal import Sandbox

/// How the processor time of one run is bounded: by a control group that counts it, where one can be made, with PID 1
/// in it; else PID 1 looks for itself.
internal struct ProcessorBound: ~Copyable {
    /// What the supervisor looks at; `nil` where no group counts.
    let bound: ProcessorTimeBound?
    /// The version of the group that counts, or `nil`.
    let version: ControlGroup.Version?
    /// A group of its own, unless that of the memory counts already.
    private let group: ControlGroup?

    /// Bounds a sandbox that has started nothing yet; the bound must outlive it.
    init(_ limit: Duration?, of sandbox: borrowing RunningSandbox, memory: borrowing MemoryBound) {
        guard let limit else {
            (bound, version) = (nil, nil)
            group = nil
            return
        }
        let milliseconds = UInt64(limit.components.seconds) * 1000
        // A process is in one group of version 2, which counts whatever else it is for.
        if let counter = memory.processorTime {
            (bound, version) = (ProcessorTimeBound(counter, milliseconds: milliseconds), .two)
            group = nil
            return
        }
        guard let group = ControlGroup.makeCounting(), sandbox.enter(group) else {
            (bound, version) = (nil, nil)
            group = nil
            return
        }
        (bound, version) = (ProcessorTimeBound(group.processorTime, milliseconds: milliseconds), group.version)
        self.group = consume group
    }
}
