internal import Glibc

/// What kind of thing a path names.
public enum FileKind: UInt8, Sendable {
    /// A regular file.
    case regular
    /// A directory.
    case directory
    /// A symbolic link.
    case symbolicLink
    /// A character device, a terminal among them.
    case characterDevice
    /// A block device.
    case blockDevice
    /// A pipe or FIFO.
    case pipe
    /// A socket.
    case socket
    /// Anything else.
    case other
}

/// The identity of a file: what tells it from every other file at one moment.
public struct FileIdentity: Hashable, Sendable {
    /// The device that holds it.
    public let device: UInt64
    /// Its number on that device.
    public let inode: UInt64
    /// Its kind; a number may be used again for something else.
    public let kind: FileKind

    /// Makes an identity from its parts.
    public init(device: UInt64, inode: UInt64, kind: FileKind) {
        self.device = device
        self.inode = inode
        self.kind = kind
    }
}

/// What fstatat(2) says of a file, as far as the project reads it.
public struct FileStatus: Equatable, Sendable {
    /// Device, inode and kind.
    public let identity: FileIdentity
    /// The twelve permission bits.
    public let permissions: UInt32
    /// The owner's user id.
    public let owner: UInt32
    /// The owner's group id.
    public let group: UInt32
    /// The size in bytes.
    public let size: Int64
    /// How many names it has.
    public let links: UInt64
    /// For a device, its number.
    public let deviceNumber: UInt64
    /// When the content last changed, in nanoseconds since 1970.
    public let modified: Int64
    /// When content, name or attributes last changed, by the kernel's own clock, in nanoseconds since 1970.
    public let changed: Int64

    /// Its kind.
    public var kind: FileKind { identity.kind }

    internal init(_ status: stat) {
        let kind: FileKind =
            switch status.st_mode & S_IFMT {
            case S_IFREG: .regular
            case S_IFDIR: .directory
            case S_IFLNK: .symbolicLink
            case S_IFCHR: .characterDevice
            case S_IFBLK: .blockDevice
            case S_IFIFO: .pipe
            case S_IFSOCK: .socket
            default: .other
            }
        identity = FileIdentity(device: UInt64(status.st_dev), inode: UInt64(status.st_ino), kind: kind)
        permissions = status.st_mode & 0o7777
        owner = status.st_uid
        group = status.st_gid
        size = Int64(status.st_size)
        links = UInt64(status.st_nlink)
        deviceNumber = UInt64(status.st_rdev)
        modified = Clocks.nanoseconds(status.st_mtim)
        changed = Clocks.nanoseconds(status.st_ctim)
    }
}
