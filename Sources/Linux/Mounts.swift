internal import Glibc

/// What a mount forbids or allows to everything reached through it.
public struct MountAttributes: OptionSet, Sendable {
    /// The bits of `MOUNT_ATTR_*`.
    public let rawValue: UInt64

    /// Wraps the bits.
    public init(rawValue: UInt64) { self.rawValue = rawValue }

    /// Nothing can be changed.
    public static let readOnly = MountAttributes(rawValue: 0x01)
    /// Set-uid and set-gid bits and file capabilities do nothing.
    public static let noSetUID = MountAttributes(rawValue: 0x02)
    /// Device nodes do nothing.
    public static let noDevices = MountAttributes(rawValue: 0x04)
    /// Nothing can be executed.
    public static let noExecute = MountAttributes(rawValue: 0x08)
    /// Symbolic links are not followed.
    public static let noSymbolicLinks = MountAttributes(rawValue: 0x0020_0000)
}

/// The mount API that works on descriptors (Linux 5.2 and later).
public enum Mounts {
    /// A detached copy of the mount at `descriptor`, with everything mounted below it.
    ///
    /// The corresponding C function is `open_tree`. A copy without what is mounted below is refused to an ordinary
    /// user, since it could uncover what a mount hides; therefore the copy is always recursive.
    public static func copyTree(at descriptor: borrowing FileDescriptor) throws(SystemCallError) -> FileDescriptor {
        let clone: UInt32 = 0x1
        let closeOnExec: UInt32 = 0o2000000
        let recursive: UInt32 = 0x8000
        let emptyPath: UInt32 = 0x1000
        let number = descriptor.rawValue
        return FileDescriptor(
            owning: try checked("open_tree") {
                Calls.openTree(number, "", clone | closeOnExec | recursive | emptyPath)
            })
    }

    /// Attaches the detached mount `tree` at `path` below `directory`, or, with an empty path, at `directory` itself.
    ///
    /// The corresponding C function is `move_mount`.
    public static func attach(
        _ tree: borrowing FileDescriptor, to directory: borrowing FileDescriptor, path: String = ""
    ) throws(SystemCallError) {
        let fromEmptyPath: UInt32 = 0x04
        let toEmptyPath: UInt32 = 0x40
        let (from, to) = (tree.rawValue, directory.rawValue)
        try checked("move_mount", path) {
            Calls.moveMount(from, to, path, path.isEmpty ? fromEmptyPath | toEmptyPath : fromEmptyPath)
        }
    }

    /// Adds attributes to the mount at `tree`, and with `recursively` to all below it.
    ///
    /// The corresponding C function is `mount_setattr`.
    public static func restrict(
        _ tree: borrowing FileDescriptor, adding attributes: MountAttributes, recursively: Bool
    ) throws(SystemCallError) {
        let emptyPath: UInt32 = 0x1000
        let recursive: UInt32 = 0x8000
        let number = tree.rawValue
        try checked("mount_setattr") {
            Calls.mountSetattr(
                number, recursively ? emptyPath | recursive : emptyPath, set: attributes.rawValue, clear: 0, 0, 0)
        }
    }

    /// Makes a detached mount of a new file system.
    ///
    /// The corresponding C functions are `fsopen`, `fsconfig` and `fsmount`.
    ///
    /// - Parameter options: Pairs of key and value; a value of `nil` sets a flag.
    public static func make(
        _ fileSystem: String, options: [(key: String, value: String?)] = [], attributes: MountAttributes = []
    ) throws(SystemCallError) -> FileDescriptor {
        let context = FileDescriptor(
            owning: try checked("fsopen", fileSystem) { Calls.fsopen(fileSystem, 1 /* FSOPEN_CLOEXEC */) })
        let number = context.rawValue
        for (key, value) in options {
            let command: UInt32 = value == nil ? 0 /* FSCONFIG_SET_FLAG */ : 1 /* FSCONFIG_SET_STRING */
            try checked("fsconfig", "\(fileSystem) \(key)") { Calls.fsconfig(number, command, key, value) }
        }
        try checked("fsconfig", fileSystem) { Calls.fsconfig(number, 6 /* FSCONFIG_CMD_CREATE */, nil, nil) }
        return FileDescriptor(
            owning: try checked("fsmount", fileSystem) {
                Calls.fsmount(number, 1 /* FSMOUNT_CLOEXEC */, UInt32(attributes.rawValue))
            })
    }

    /// Keeps mounts made from here on from reaching other namespaces, and theirs from reaching this one.
    public static func makePrivate() throws(SystemCallError) {
        try checked("mount", "/") { Calls.mount("/", UInt(MS_REC) | UInt(MS_PRIVATE)) }
    }

    /// Makes the current directory, which must be a mount, the root, and detaches the old root.
    ///
    /// The corresponding C functions are `pivot_root` with "." twice, as its man page explains, and `umount2`.
    public static func enterRootHere() throws(SystemCallError) {
        try checked("pivot_root", ".") { Calls.pivotRoot(".", ".") }
        try checked("umount2", ".") { Calls.umount2(".", Int32(MNT_DETACH)) }
        try Files.changeDirectory("/")
    }
}
