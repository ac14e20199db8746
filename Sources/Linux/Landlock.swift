/// What a program may do with files, in Landlock's terms (landlock(7)).
public struct FileAccess: OptionSet, Sendable {
    /// The bits of `LANDLOCK_ACCESS_FS_*`.
    public let rawValue: UInt64

    /// Wraps the bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Execute a file.
    public static let execute = FileAccess(rawValue: 1 << 0)
    /// Open a file for writing.
    public static let writeFile = FileAccess(rawValue: 1 << 1)
    /// Open a file for reading.
    public static let readFile = FileAccess(rawValue: 1 << 2)
    /// List a directory.
    public static let readDirectory = FileAccess(rawValue: 1 << 3)
    /// Remove directories, remove files, make device nodes, directories, files, sockets, pipes, block devices, links.
    private static let change = FileAccess(rawValue: 0x1FF0)
    /// Make character and block devices, which no program of ours may.
    private static let makeDevices = FileAccess(rawValue: 1 << 6 | 1 << 11)
    /// Rename and link from one directory to another (ABI 2).
    private static let refer = FileAccess(rawValue: 1 << 13)
    /// Cut files (ABI 3).
    public static let truncate = FileAccess(rawValue: 1 << 14)
    /// ioctl on devices (ABI 5).
    public static let deviceControl = FileAccess(rawValue: 1 << 15)

    /// Read and execute.
    public static let read: FileAccess = [.execute, .readFile, .readDirectory]
    /// Read, execute and change, but make no devices.
    public static let write: FileAccess = [read, .writeFile, change.subtracting(makeDevices), refer, truncate]
    /// What means something for a file; the kernel refuses a rule for a file that says more.
    internal static let ofFile: FileAccess = [.execute, .writeFile, .readFile, truncate, .deviceControl]

    /// Everything that a version of the ABI can forbid.
    internal static func known(to version: Int32) -> FileAccess {
        var access: FileAccess = [.read, .writeFile, change]
        if version >= 2 { access.insert(refer) }
        if version >= 3 { access.insert(truncate) }
        if version >= 5 { access.insert(.deviceControl) }
        return access
    }
}

/// A Landlock domain in the making: what is not granted is forbidden to this process and all it starts, for ever.
///
/// It lies on top of the mounts: a way around one of them still meets the other. Mounting is forbidden inside a domain.
public struct LandlockRules: ~Copyable {
    /// The version of the kernel's ABI, 1 or more.
    public let version: Int32
    private let ruleset: FileDescriptor
    private let known: FileAccess

    /// The version of the kernel's ABI, or `nil` where the kernel has no Landlock or it is switched off.
    public static var kernelVersion: Int32? {
        let version = Calls.landlockVersion()
        return version > 0 ? version : nil
    }

    /// Starts a domain that forbids everything this version knows: every access to files, and, from version 6, signals to
    /// processes outside and connections to abstract sockets outside.
    ///
    /// The corresponding C function is `landlock_create_ruleset`.
    ///
    /// - Parameter forbidsTCP: Whether TCP can be neither bound nor connected, which version 4 and later can forbid.
    public init(version: Int32, forbidsTCP: Bool = false) throws(SystemCallError) {
        let known = FileAccess.known(to: version)
        let scoped: UInt64 = version >= 6 ? 0b11 : 0
        // An older kernel refuses a longer structure even where the rest of it is zero in its newer fields.
        let size = version >= 6 ? 24 : version >= 4 ? 16 : 8
        ruleset = FileDescriptor(
            owning: try checked("landlock_create_ruleset") {
                Calls.landlockCreate(
                    files: known.rawValue, network: forbidsTCP && version >= 4 ? 0b11 : 0, scoped: scoped, size: size)
            })
        self.version = version
        self.known = known
    }

    /// Allows an access to a file, or to a directory and everything below it.
    ///
    /// The corresponding C function is `landlock_add_rule`.
    public borrowing func allow(
        _ access: FileAccess, at path: borrowing FileDescriptor, isDirectory: Bool
    ) throws(SystemCallError) {
        let allowed = access.intersection(isDirectory ? known : known.intersection(.ofFile))
        let (ruleset, number) = (ruleset.rawValue, path.rawValue)
        try checked("landlock_add_rule") { Calls.landlockAddPath(ruleset, allowed.rawValue, number) }
    }

    /// What a child enters the domain by.
    public var descriptor: BorrowedDescriptor { borrowing get { BorrowedDescriptor(ruleset) } }

    /// Enters the domain; `no_new_privs` must be set.
    ///
    /// The corresponding C function is `landlock_restrict_self`.
    public borrowing func enter() throws(SystemCallError) {
        let number = ruleset.rawValue
        try checked("landlock_restrict_self") { Calls.landlockRestrict(number) }
    }
}
