internal import Linux
internal import Sandbox

/// How the memory of one run is bounded: by a control group with PID 1 in it, where it is limited and one can be made.
internal struct MemoryBound: ~Copyable {
    /// The limit in bytes, or `nil` for none.
    let limit: UInt64?
    private let group: ControlGroup?

    /// Bounds a sandbox that has started nothing yet; the bound must outlive it.
    init(_ limit: UInt64?, of sandbox: borrowing RunningSandbox) {
        self.limit = limit
        guard let limit, let group = ControlGroup.make(memory: limit), sandbox.enter(group) else {
            group = nil
            return
        }
        self.group = consume group
    }

    /// The version of the group, or `nil` where there is none and init looks for itself.
    var version: ControlGroup.Version? {
        switch group {
        case .some(let group): group.version
        case .none: nil
        }
    }

    /// The count of processor time of a group of version 2, in which the run is then.
    var processorTime: ProcessorTimeCounter? {
        switch group {
        case .some(let group): group.version == .two ? group.processorTime : nil
        case .none: nil
        }
    }

    /// Readable once the group is full, as far as the kernel tells.
    var fullness: BorrowedDescriptor? {
        switch group {
        case .some(let group): group.fullness
        case .none: nil
        }
    }

    /// The limit, where the kernel ended a process because the group was full.
    var exceeded: UInt64? {
        switch group {
        case .some(let group): group.ended > 0 ? limit : nil
        case .none: nil
        }
    }
}
