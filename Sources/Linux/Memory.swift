/// Files that live in memory only.
public enum MemoryFile {
    /// Makes an empty file in memory, closed on exec, to which seals can be added. The corresponding C function is
    /// `memfd_create`.
    public static func make(name: String, atLeast minimum: Int32 = 3) throws(SystemCallError) -> FileDescriptor {
        let closeOnExec: UInt32 = 0x1
        let allowSealing: UInt32 = 0x2
        let file = FileDescriptor(
            owning: try checked("memfd_create") { Calls.memfdCreate(name, closeOnExec | allowSealing) })
        return try file.duplicate(atLeast: minimum)
    }

    /// Forbids every later change of the file's content and size.
    public static func seal(_ file: borrowing FileDescriptor) throws(SystemCallError) {
        let everySeal = 0x0f
        let number = file.rawValue
        try checked("fcntl") { Calls.fcntl(number, 1033 /* F_ADD_SEALS, hidden */, everySeal) }
    }
}
