internal import Linux
internal import SandboxPlan

/// /dev of the sandbox: five harmless nodes, with a terminal /dev/tty, a private devpts, a place for shared memory and the usual links.
internal enum DevicesView {
    private static let links = [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"),
        ("stderr", "/proc/self/fd/2"), ("ptmx", "pts/ptmx"),
    ]

    /// Builds the tree and makes its top read-only.
    static func attach(to root: inout SandboxRoot) throws(LaunchFailure) {
        let devices = try during(.mountDevices) { () throws(SystemCallError) in
            try Mounts.make(
                "tmpfs", options: [("size", "64k"), ("mode", "0755")], attributes: [.noSetUID, .noExecute])
        }
        try root.attachOwn(devices, at: "/dev", step: .mountDevices)
        for node in HarmlessDevice.allCases { try attach(node.path, to: &root) }
        // It names whatever terminal controls the process that opens it, and that is never the caller's.
        if root.groundwork.hasTerminal { try attach("/dev/tty", to: &root) }
        for (name, target) in links { try root.makeLink("dev/" + name, to: target) }
        let terminals = try during(.mountDevices, "/dev/pts") { () throws(SystemCallError) in
            try Mounts.make(
                "devpts", options: [("mode", "0620"), ("ptmxmode", "0666")], attributes: [.noSetUID, .noExecute])
        }
        try root.attach(terminals, at: "/dev/pts", isDirectory: true, step: .mountDevices)
        try root.makeDirectory("dev/shm", mode: 0o755)
        try during(.mountDevices) { () throws(SystemCallError) in
            try Mounts.restrict(devices, adding: .readOnly, recursively: false)
        }
    }

    /// Attaches the shared memory, whose size the policy says.
    static func attachSharedMemory(to root: inout SandboxRoot, size: UInt64) throws(LaunchFailure) {
        let memory = try during(.mountDevices, "/dev/shm") { () throws(SystemCallError) in
            try Mounts.make(
                "tmpfs", options: [("size", String(size)), ("mode", "1777")],
                attributes: [.noSetUID, .noDevices, .noExecute])
        }
        try root.attach(memory, at: "/dev/shm", isDirectory: true, step: .mountDevices)
    }

    /// Binds one of the host's nodes: a user namespace's owner cannot make device nodes, only mount them.
    ///
    /// Read-only, which keeps everybody from changing the host's node by way of its mode or owner, and nobody from
    /// writing to the device.
    private static func attach(_ path: String, to root: inout SandboxRoot) throws(LaunchFailure) {
        let node = try during(.mountDevices, path) { () throws(SystemCallError) in
            let node = try Files.open(path, [.path, .noFollow], resolving: .noSymbolicLinks)
            guard try Files.status(of: BorrowedDescriptor(node)).kind == .characterDevice else {
                throw SystemCallError(call: "fstatat", errno: .noSuchDevice)
            }
            let tree = try Mounts.copyTree(at: node)
            try Mounts.restrict(tree, adding: [.readOnly, .noSetUID, .noExecute], recursively: true)
            return tree
        }
        try root.attach(node, at: path, isDirectory: false, step: .mountDevices)
    }
}
