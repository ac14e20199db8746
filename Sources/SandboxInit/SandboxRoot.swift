internal import Linux
internal import SandboxPlan

/// The root of the sandbox while it is made: a file system in memory, to which everything else is attached.
///
/// It is attached on top of the old root, where no path leads to it, so that every path of the host stays reachable
/// under its own name until the end; the new tree is reached through its descriptor only.
internal struct SandboxRoot: ~Copyable {
    /// The mount of the new root.
    private let mount: FileDescriptor
    /// The directories made so far, relative to the root.
    private var made: Set<String> = []
    /// The devices of the file systems that the sandbox made for itself; nothing is ever made in one of the host's.
    private var ownDevices: Set<UInt64>
    /// An empty directory and an empty file that cover what is masked; made with the first mask.
    private var covers = Covers()
    /// What says whether a layer is there.
    let groundwork: Groundwork

    /// How many processes there may be; there once /proc is.
    var processCeiling: ProcessCeiling?

    /// How much memory the root's own entries may take; they are few and empty.
    private static let size = "1m"

    /// Where the empty file lies until the root is complete.
    private static let emptyFile = ".empty"

    /// The two things that cover others.
    private struct Covers: ~Copyable {
        var directory: FileDescriptor?
        var file: FileDescriptor?

        /// A detached mount of the one that fits.
        borrowing func copy(isDirectory: Bool) throws(SystemCallError) -> FileDescriptor {
            if isDirectory {
                switch directory {
                case .some(let cover): return try Mounts.copyTree(at: cover)
                case .none: preconditionFailure("covers are made before the first mask")
                }
            }
            switch file {
            case .some(let cover): return try Mounts.copyTree(at: cover)
            case .none: preconditionFailure("covers are made before the first mask")
            }
        }
    }

    /// Keeps the namespace's mounts to itself and attaches an empty root.
    init(_ groundwork: Groundwork) throws(LaunchFailure) {
        let mount = try during(.makeRoot) { () throws(SystemCallError) in
            try Mounts.makePrivate()
            let root = try Mounts.make(
                "tmpfs", options: [("size", Self.size), ("mode", "0755")], attributes: [.noSetUID, .noDevices])
            let oldRoot = try Files.open("/", [.path, .directory])
            try Mounts.attach(root, to: oldRoot)
            return root
        }
        ownDevices = [try Self.device(of: mount)]
        self.mount = mount
        self.groundwork = groundwork
    }

    /// The number of the file system of a mount.
    private static func device(of tree: borrowing FileDescriptor) throws(LaunchFailure) -> UInt64 {
        let number = BorrowedDescriptor(tree)
        return try during(.makeEntry) { () throws(SystemCallError) in try Files.status(of: number).identity.device }
    }

    /// Carries out one step of a plan.
    mutating func carryOut(_ step: RootStep) throws(LaunchFailure) {
        switch step {
        case .directory(let path, let mode):
            try makeDirectory(relative(path), mode: mode)
        case .symbolicLink(let path, let target):
            try makeParent(of: relative(path))
            try makeLink(relative(path), to: target)
        case .bind(let source, let identity, let path, let isWritable):
            let isReadOnly = !isWritable && groundwork.keeps(.readOnly)
            let tree = try copy(source, identity, attributes: isReadOnly ? .readOnly : [])
            try attach(tree, at: path, isDirectory: identity.kind == .directory, step: .mountGrant)
        case .mask(let path, let identity):
            try mask(path, isDirectory: identity.kind == .directory)
        case .temporary(let path, let size, let mode):
            let tree = try during(.makeEntry, path) { () throws(SystemCallError) in
                try Mounts.make(
                    "tmpfs", options: [("size", String(size)), ("mode", String(mode, radix: 8))],
                    attributes: [.noSetUID, .noDevices])
            }
            try attachOwn(tree, at: path, step: .makeEntry)
        case .processes: try ProcessesView.attach(to: &self)
        case .devices: try DevicesView.attach(to: &self)
        case .sharedMemory(let size): try DevicesView.attachSharedMemory(to: &self, size: size)
        }
    }

    /// Opens a path of the host again, holds it against what the supervisor saw, and copies its mounts.
    func copy(
        _ source: String, _ identity: FileIdentity?, attributes: MountAttributes
    ) throws(LaunchFailure) -> FileDescriptor {
        let grant = try during(.openGrant, source) { () throws(SystemCallError) in
            let grant = try Files.open(source, [.path, .noFollow], resolving: [.noSymbolicLinks, .noMagicLinks])
            // A path swapped after the supervisor's look must end the launch, not widen the grant.
            guard let identity else { return grant }
            guard try Files.status(of: BorrowedDescriptor(grant)).identity == identity else {
                throw SystemCallError(call: "fstatat", errno: .stale)
            }
            return grant
        }
        return try during(.mountGrant, source) { () throws(SystemCallError) in
            let tree = try Mounts.copyTree(at: grant)
            try Mounts.restrict(tree, adding: attributes.union([.noSetUID, .noDevices]), recursively: true)
            return tree
        }
    }

    /// Attaches a detached mount of a new file system at a directory inside.
    mutating func attachOwn(
        _ tree: borrowing FileDescriptor, at path: String, step: LaunchStep
    ) throws(LaunchFailure) {
        ownDevices.insert(try Self.device(of: tree))
        try attach(tree, at: path, isDirectory: true, step: step)
    }

    /// Attaches a detached mount at a path inside, making an empty place for it where there is none.
    mutating func attach(
        _ tree: borrowing FileDescriptor, at path: String, isDirectory: Bool, step: LaunchStep
    ) throws(LaunchFailure) {
        let place = relative(path)
        if isDirectory { try makeDirectory(place, mode: 0o755) } else { try makeFile(place) }
        try during(step, path) { () throws(SystemCallError) in
            let target = try open(place)
            try Mounts.attach(tree, to: target)
        }
    }

    /// Opens a path inside the new root without following a link.
    func open(_ place: String) throws(SystemCallError) -> FileDescriptor {
        try Files.open(
            place, [.path, .noFollow], from: .open(mount), resolving: [.beneath, .noSymbolicLinks, .noMagicLinks])
    }

    /// Makes a directory and those above it, where they are missing.
    mutating func makeDirectory(_ place: String, mode: UInt32) throws(LaunchFailure) {
        guard !place.isEmpty, !made.contains(place) else { return }
        try makeParent(of: place)
        try make(place) { name, parent throws(SystemCallError) in
            try Files.makeDirectory(name, in: parent, mode: mode)
        }
        made.insert(place)
    }

    /// Makes a symbolic link at a place inside.
    func makeLink(_ place: String, to target: String) throws(LaunchFailure) {
        try make(place) { name, parent throws(SystemCallError) in
            try Files.makeSymbolicLink(to: target, at: name, in: parent)
        }
    }

    /// Makes the last part of a place. The parts before are walked without following a link: an absolute link would lead
    /// out to the host, since this is not the root yet. In a tree of the host's nothing is made: what is missing there
    /// was taken away since the supervisor's look, and the next step says so.
    private func make(
        _ place: String, _ body: (String, DirectoryReference) throws(SystemCallError) -> Void
    ) throws(LaunchFailure) {
        do throws(SystemCallError) {
            guard let slash = place.lastIndex(of: "/") else { return try body(place, .open(mount)) }
            let parent = try open(String(place[..<slash]))
            guard ownDevices.contains(try Files.status(of: BorrowedDescriptor(parent)).identity.device) else { return }
            try body(String(place[place.index(after: slash)...]), .open(parent))
        } catch let error where error.errno == .fileExists {
            // It is there, made before or seen through a mount of the host's.
        } catch {
            throw LaunchFailure(step: .makeEntry, errno: error.errno, subject: "/" + place)
        }
    }

    /// Covers a path with something empty that cannot be changed.
    mutating func mask(_ path: String, isDirectory: Bool) throws(LaunchFailure) {
        guard groundwork.keeps(.masks) else { return }
        try makeCovers()
        // Programs of root's make and remove files in /etc all the time, and nobody else can: what is gone there needs no
        // cover. Elsewhere somebody may have moved it away for this moment.
        let isPassing = path.hasPrefix("/etc/") && !path.dropFirst("/etc/".count).contains("/")
        try during(.mountMask, path) { () throws(SystemCallError) in
            let cover = try covers.copy(isDirectory: isDirectory)
            try Mounts.restrict(cover, adding: [.readOnly, .noSetUID, .noDevices, .noExecute], recursively: true)
            do throws(SystemCallError) {
                try Mounts.attach(cover, to: try open(relative(path)))
            } catch let error where error.errno == .noSuchFile && isPassing {
                return
            }
        }
    }

    /// Mounts the memory for secrets delivered as files: ramfs, which the kernel never swaps.
    ///
    /// - Returns: The mount, to be made read-only once the secrets are in it, or `nil` for a capacity of 0.
    mutating func makeSecretFiles(capacity: UInt64) throws(LaunchFailure) -> FileDescriptor? {
        guard capacity > 0 else { return nil }
        let files = try during(.makeEntry, "/run/secrets") { () throws(SystemCallError) in
            try Mounts.make(
                "ramfs", options: [("mode", "0700")], attributes: [.noSetUID, .noDevices, .noExecute])
        }
        try attachOwn(files, at: "/run/secrets", step: .makeEntry)
        return files
    }

    /// Bounds the number of processes; `false` where this kernel cannot.
    borrowing func bound(processes count: UInt64) -> Bool {
        switch processCeiling {
        case .some(let ceiling): ceiling.set(count)
        case .none: false
        }
    }

    /// Makes the root read-only, enters it and lets go of the old one.
    borrowing func enter() throws(LaunchFailure) {
        let hasCovers = covers.file != nil
        try during(.enterRoot) { () throws(SystemCallError) in
            if hasCovers { try Files.remove(Self.emptyFile, in: .open(mount)) }
            try Mounts.restrict(mount, adding: .readOnly, recursively: false)
            try Files.changeDirectory(to: mount)
            try Mounts.enterRootHere()
        }
    }

    /// Makes the empty directory and the empty file on their first use.
    private mutating func makeCovers() throws(LaunchFailure) {
        guard covers.directory == nil else { return }
        try makeFile(Self.emptyFile)
        covers.file = try during(.mountMask) { () throws(SystemCallError) in try open(Self.emptyFile) }
        covers.directory = try during(.mountMask) { () throws(SystemCallError) in
            try Mounts.make("tmpfs", options: [("size", "4k"), ("nr_inodes", "1"), ("mode", "0555")])
        }
    }

    private mutating func makeParent(of place: String) throws(LaunchFailure) {
        guard let slash = place.lastIndex(of: "/") else { return }
        try makeDirectory(String(place[..<slash]), mode: 0o755)
    }

    private mutating func makeFile(_ place: String) throws(LaunchFailure) {
        try makeParent(of: place)
        try make(place) { name, parent throws(SystemCallError) in
            _ = try Files.open(name, [.writeOnly, .create, .exclusive, .noFollow], from: parent, mode: 0o444)
        }
    }

    /// The path as it is from the root's descriptor.
    private func relative(_ path: String) -> String { String(path.drop { $0 == "/" }) }
}
