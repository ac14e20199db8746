internal import Glibc

extension Files {
    /// How many bytes of a file system are in use. The corresponding C function is `statvfs`.
    public static func usedBytes(ofFileSystemAt path: String) throws(SystemCallError) -> UInt64 {
        var status = statvfs()
        try checked("statvfs", path) { Calls.fileSystemStatus(path, &status) }
        return UInt64(status.f_blocks - min(status.f_blocks, status.f_bfree)) * UInt64(status.f_frsize)
    }
}
