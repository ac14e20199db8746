/// A control group of one run, which bounds the memory of all its processes together or counts their processor time;
/// removed with its owner.
public struct ControlGroup: ~Copyable {
    /// The version of control groups.
    public enum Version: Int, Sendable {
        /// A tree for each controller.
        case one = 1
        /// One tree.
        case two
    }

    /// The version that was found.
    public let version: Version
    private let directory: String
    /// Readable once the group is full, where the kernel does not end all of it by itself.
    private let alarm: EventDescriptor?

    /// What every group of ours is named, before the process that made it.
    private static let prefix = "vault-sandbox-"

    /// Makes a group below that of this process, or beside it, or gives `nil` where that is not permitted.
    ///
    /// Version 2 gives controllers only to groups whose parent has no process of its own, so that a group beside that
    /// of this process may work where one below it does not.
    ///
    /// - Parameter memory: How many bytes all processes together may have, swap included.
    public static func make(memory: UInt64, places: ControlGroupPlaces = .ofThisProcess()) -> ControlGroup? {
        if let unified = places.unified {
            for parent in [unified, Self.parent(of: unified)] {
                guard let parent, Self.controllers(of: parent).contains("memory"),
                    let group = ControlGroup(in: parent, .two)
                else { continue }
                if group.write(memory, to: "memory.max") {
                    // Where the machine has no swap there is no such file.
                    _ = group.write(0, to: "memory.swap.max")
                    // One process that is too much ends the run, rather than leave it without a part.
                    _ = group.write(1, to: "memory.oom.group")
                    return group
                }
            }
        }
        guard let parent = places.memory, let group = ControlGroup(in: parent, .one),
            group.write(memory, to: "memory.limit_in_bytes")
        else { return nil }
        _ = group.write(memory, to: "memory.memsw.limit_in_bytes")
        return group
    }

    /// Makes a group that only counts processor time, or gives `nil` where that is not permitted.
    public static func makeCounting(places: ControlGroupPlaces = .ofThisProcess()) -> ControlGroup? {
        if let parent = places.processorTime, let group = ControlGroup(in: parent, .one) { return group }
        // Every group of version 2 counts it, whatever its controllers.
        guard let parent = places.unified, let group = ControlGroup(in: parent, .two),
            group.processorTime.milliseconds != nil
        else { return nil }
        return group
    }

    /// Where the processor time of all processes that were in the group is read.
    public var processorTime: ProcessorTimeCounter {
        ProcessorTimeCounter(version == .two ? directory + "/cpu.stat" : directory + "/cpuacct.usage")
    }

    private init?(in parent: String, _ version: Version) {
        Self.removeLeftOvers(in: parent)
        let number = UInt32.random(in: 0 ... .max)
        let directory = "\(parent)/\(Self.prefix)\(Processes.current)-\(String(number, radix: 16))"
        guard (try? Files.makeDirectory(directory, mode: 0o755)) != nil else { return nil }
        self.directory = directory
        self.version = version
        alarm = version == .one ? Self.makeAlarm(directory) : nil
    }

    /// Moves a process, and with it all that it starts, into the group.
    ///
    /// It may take the kernel 15 ms: it waits until no process of the machine is being made.
    public borrowing func admit(_ process: Int32) throws(SystemCallError) {
        try Files.write("\(process)", toExisting: directory + "/cgroup.procs")
    }

    /// The descriptor that is readable once the group is full; `nil` where the kernel ends the whole group itself, or
    /// cannot tell.
    public var fullness: BorrowedDescriptor? {
        switch alarm {
        case .some(let alarm): BorrowedDescriptor(alarm.descriptor)
        case .none: nil
        }
    }

    /// Has the kernel tell when a group of version 1 is full: it ends one process then, and a rest would live on.
    private static func makeAlarm(_ directory: String) -> EventDescriptor? {
        guard let alarm = try? EventDescriptor(),
            let state = try? Files.open(directory + "/memory.oom_control", .readOnly),
            (try? Files.write(
                "\(alarm.descriptor.rawValue) \(state.rawValue)", toExisting: directory + "/cgroup.event_control"))
                != nil
        else { return nil }
        return consume alarm
    }

    /// How many processes the kernel has ended because the group was full.
    public var ended: Int {
        let (file, key) = version == .two ? ("memory.events", "oom_kill") : ("memory.oom_control", "oom_kill")
        for line in Self.text(directory + "/" + file).split(separator: "\n") {
            let words = line.split(separator: " ")
            if words.count == 2, words[0] == key { return Int(words[1]) ?? 0 }
        }
        return 0
    }

    /// The group is empty once PID 1 of its run is reaped.
    deinit { try? Files.remove(directory, isDirectory: true) }

    private borrowing func write(_ value: UInt64, to file: String) -> Bool {
        (try? Files.write("\(value)", toExisting: directory + "/" + file)) != nil
    }

    /// The controllers that groups below a directory get; the kernel is asked for memory where it has it to give.
    private static func controllers(of directory: String) -> [Substring] {
        let file = directory + "/cgroup.subtree_control"
        let given = text(file).split { $0 == " " || $0 == "\n" }
        if given.contains("memory") { return given }
        guard (try? Files.write("+memory", toExisting: file)) != nil else { return given }
        return text(file).split { $0 == " " || $0 == "\n" }
    }

    private static func parent(of directory: String) -> String? {
        guard let slash = directory.lastIndex(of: "/"), slash > directory.startIndex else { return nil }
        return String(directory[..<slash])
    }

    /// Removes groups whose makers were killed before they could; one with a process in it cannot be removed.
    private static func removeLeftOvers(in parent: String) {
        for name in (try? Files.names(in: parent)) ?? [] where name.hasPrefix(prefix) {
            let number = name.dropFirst(prefix.count).prefix { $0 != "-" }
            guard let process = Int32(number), process > 0, !Processes.exists(process)
            else { continue }
            try? Files.remove(parent + "/" + name, isDirectory: true)
        }
    }

    private static func text(_ path: String) -> String {
        String(decoding: (try? Files.contents(of: path, limit: 65536)) ?? [], as: UTF8.self)
    }
}
