internal import Glibc

/// The kernel's word on what happens in directories, asked for one by one; see inotify(7).
public struct DirectoryWatches: ~Copyable, Sendable {
    /// Readable while there is something to take.
    public let descriptor: FileDescriptor

    /// What happened.
    public enum Event: Equatable, Sendable {
        /// An entry of the directory of this watch was made, moved, or changed in content or attributes.
        case changed(Int32)
        /// The watch has ended: it was removed, or its directory was.
        case ended(Int32)
        /// There was more than the kernel keeps.
        case overflow
    }

    /// What is waited for. Content counts where it is written, and where a descriptor for writing is closed, as what is
    /// written through a mapping gives no event of its own.
    private static let events =
        UInt32(IN_MODIFY | IN_CLOSE_WRITE | IN_ATTRIB | IN_CREATE | IN_MOVED_FROM | IN_MOVED_TO) | UInt32(IN_ONLYDIR)
    /// The length of an event without its name.
    private static let headLength = 16

    /// Makes a set without watches. The corresponding C function is `inotify_init1`.
    public init() throws(SystemCallError) {
        descriptor = FileDescriptor(
            owning: try checked("inotify_init1") { inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK)) })
    }

    /// Watches an open directory; a directory that is watched already gives the same number.
    ///
    /// The corresponding C function is `inotify_add_watch`; it fails with `noSpace` where the user has too many.
    public borrowing func add(_ directory: TreeDirectory) throws(SystemCallError) -> Int32 {
        // Through the descriptor's name: whatever is at its path by now is not what is looked at.
        try directory.withPath { path throws(SystemCallError) in
            try checked("inotify_add_watch") {
                unsafe inotify_add_watch(descriptor.rawValue, path, Self.events)
            }
        }
    }

    /// Ends a watch. One that has ended already is none.
    public borrowing func remove(_ watch: Int32) {
        _ = inotify_rm_watch(descriptor.rawValue, watch)
    }

    /// Takes everything that has happened by now.
    public borrowing func take(_ body: (Event) -> Void) throws(SystemCallError) {
        var buffer = [UInt8](repeating: 0, count: 64 << 10)
        while true {
            var span = buffer.mutableSpan
            let count: Int
            do {
                count = try BorrowedDescriptor(descriptor).read(into: &span)
            } catch let error where error.errno == .wouldBlock {
                return
            }
            var position = 0
            // The kernel gives whole events only.
            while position + Self.headLength <= count {
                let (watch, mask, nameLength) = unsafe buffer.withUnsafeBytes { bytes in
                    unsafe (
                        bytes.loadUnaligned(fromByteOffset: position, as: Int32.self),
                        bytes.loadUnaligned(fromByteOffset: position + 4, as: UInt32.self),
                        bytes.loadUnaligned(fromByteOffset: position + 12, as: UInt32.self)
                    )
                }
                position += Self.headLength + Int(nameLength)
                if mask & UInt32(IN_Q_OVERFLOW) != 0 {
                    body(.overflow)
                } else {
                    body(mask & UInt32(IN_IGNORED | IN_UNMOUNT) != 0 ? .ended(watch) : .changed(watch))
                }
            }
        }
    }
}
