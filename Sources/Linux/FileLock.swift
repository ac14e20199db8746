internal import Glibc

extension Calls {
    static func lockFile(_ descriptor: Int32, _ operation: Int32) -> Int32 {
        if let answer = recorded("flock", [descriptor, operation]) { return Int32(answer) }
        // Not by its module: that would name the structure.
        return flock(descriptor, operation)
    }
}

extension BorrowedDescriptor {
    /// Locks the open file for this process alone, until every descriptor of it is closed; the kernel does that for a
    /// process that is killed. The corresponding C function is `flock`.
    ///
    /// - Parameter waiting: Whether to wait for whoever has the lock; without it the call fails with `EAGAIN`.
    public func lock(waiting: Bool) throws(SystemCallError) {
        try checked("flock") { Calls.lockFile(rawValue, waiting ? LOCK_EX : LOCK_EX | LOCK_NB) }
    }
}
