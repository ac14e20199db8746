internal import Glibc

extension BorrowedDescriptor {
    /// Reads at most `buffer.count` bytes; 0 means the end. Fails with `wouldBlock` where nothing is there yet.
    ///
    /// The corresponding C function is `read`.
    ///
    /// - Parameters:
    ///   - offset: Where in `buffer` the first byte goes.
    ///   - limit: The most bytes that are read, where that is less than what fits.
    public func read(
        into buffer: inout MutableSpan<UInt8>, from offset: Int = 0, atMost limit: Int = .max
    ) throws(SystemCallError) -> Int {
        try unsafe buffer.withUnsafeMutableBytes { bytes throws(SystemCallError) in
            let end = offset + min(limit, bytes.count - offset)
            let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: bytes[offset..<end])
            return try checked("read") { unsafe Calls.read(rawValue, rest) }
        }
    }

    /// Writes at most `bytes.count` bytes and says how many; the corresponding C function is `write`.
    public func write(_ bytes: Span<UInt8>) throws(SystemCallError) -> Int {
        try unsafe bytes.withUnsafeBytes { bytes throws(SystemCallError) in
            try checked("write") { unsafe Calls.write(rawValue, bytes) }
        }
    }

    /// Writes all of `bytes`, however often write(2) must be called.
    public func writeAll(_ bytes: Span<UInt8>) throws(SystemCallError) {
        var done = 0
        while done < bytes.count { done += try write(bytes.extracting(done..<bytes.count)) }
    }

    /// Writes all of a string's bytes.
    public func writeAll(_ text: String) throws(SystemCallError) {
        let bytes = Array(text.utf8)
        try writeAll(bytes.span)
    }

    /// Fills all of `buffer`, or throws; an end before that is EPIPE, since only peers of this project are read so.
    public func readExactly(into buffer: inout MutableSpan<UInt8>) throws(SystemCallError) {
        var done = 0
        let total = buffer.count
        while done < total {
            let count = try read(into: &buffer, from: done)
            guard count > 0 else { throw SystemCallError(call: "read", errno: .brokenPipe) }
            done += count
        }
    }

    /// Reads to the end, up to `limit` bytes; one byte more is `EFBIG`.
    public func readToEnd(limit: Int) throws(SystemCallError) -> [UInt8] {
        let result = try readPrefix(limit + 1)
        guard result.count <= limit else { throw SystemCallError(call: "read", errno: Errno(rawValue: EFBIG)) }
        return result
    }

    /// Reads to the end, or `most` bytes.
    public func readPrefix(_ most: Int) throws(SystemCallError) -> [UInt8] {
        var result: [UInt8] = []
        // Most files are short, and each launch reads some: clearing more than they hold takes longer than reading.
        var buffer = [UInt8](repeating: 0, count: min(most, 4096))
        while result.count < most {
            var span = buffer.mutableSpan
            let count = try read(into: &span)
            if count == 0 { break }
            result.append(contentsOf: buffer[0..<min(count, most - result.count)])
            // Whatever came in small pieces before, more than this comes at once now.
            if count == buffer.count, count < 64 << 10 {
                buffer = [UInt8](repeating: 0, count: min(most, 64 << 10))
            }
        }
        return result
    }

    /// Whether this is a terminal.
    public var isTerminal: Bool { Calls.isatty(rawValue) == 1 }

    /// Waits until all that was written is on the medium.
    public func synchronize() throws(SystemCallError) {
        try checked("fsync") { Calls.fsync(rawValue) }
    }

    /// Changes the permission bits.
    public func setPermissions(_ mode: UInt32) throws(SystemCallError) {
        try checked("fchmod") { Calls.fchmod(rawValue, mode) }
    }

    /// Whether reads and writes return instead of waiting; a property of the open file, shared by every descriptor of it.
    public func setNonBlocking(_ enabled: Bool) throws(SystemCallError) {
        let flags = try checked("fcntl") { Calls.fcntl(rawValue, F_GETFL, 0) }
        let changed = enabled ? flags | O_NONBLOCK : flags & ~O_NONBLOCK
        try checked("fcntl") { Calls.fcntl(rawValue, F_SETFL, Int(changed)) }
    }

    /// Whether the file was opened for writing.
    public var isWritable: Bool {
        let flags = Calls.fcntl(rawValue, F_GETFL, 0)
        return flags >= 0 && flags & O_ACCMODE != O_RDONLY
    }
}

extension Files {
    /// Reads a whole file of at most `limit` bytes.
    public static func contents(
        of path: String, limit: Int, from directory: DirectoryReference = .current
    ) throws(SystemCallError) -> [UInt8] {
        let file = try open(path, .readOnly, from: directory)
        return try BorrowedDescriptor(file).readToEnd(limit: limit)
    }

    /// Writes a small file of the kernel's, such as one under /proc, in one write.
    public static func write(_ text: String, toExisting path: String) throws(SystemCallError) {
        let file = try open(path, .writeOnly)
        try BorrowedDescriptor(file).writeAll(text)
    }
}
