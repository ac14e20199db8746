internal import Glibc

/// Threads of this process that nobody waits for.
public enum Threads {
    /// Runs `body` on a thread of its own, which ends with it.
    ///
    /// A run needs this, and no pool of threads: the kernel kills a sandbox's PID 1 when the thread that cloned it ends.
    /// The corresponding C function is `pthread_create`.
    public static func start(_ body: @escaping @Sendable () -> Void) throws(SystemCallError) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        var thread = pthread_t()
        let error = unsafe pthread_create(
            &thread, nil,
            { argument in
                guard let argument = unsafe argument else { return nil }
                unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                return nil
            }, work.toOpaque())
        guard error == 0 else {
            unsafe work.release()
            throw SystemCallError(call: "pthread_create", errno: Errno(rawValue: error))
        }
        pthread_detach(thread)
    }

    /// Lets every other thread go before the calling one; there is no way back. The corresponding C function is
    /// `setpriority`, which on Linux is of the thread.
    public static func yieldToOthers() { _ = setpriority(Int32(PRIO_PROCESS.rawValue), 0, 19) }

    /// What a thread does, in a shape that C can carry.
    private final class Work {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
}
