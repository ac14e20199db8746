/// A system call that failed: which one, on what, and with which error.
public struct SystemCallError: Error, Equatable, Sendable {
    /// The name of the call, as its man page has it.
    public let call: String
    /// The error that the kernel gave.
    public let errno: Errno
    /// The path or other object that the call was about, where there is one.
    public let subject: String?

    /// Makes an error from its parts.
    public init(call: String, errno: Errno, subject: String? = nil) {
        self.call = call
        self.errno = errno
        self.subject = subject
    }
}

extension SystemCallError: CustomStringConvertible {
    /// For example `openat2 /etc/shadow: Permission denied (EACCES)`.
    public var description: String {
        let object = subject.map { " \($0)" } ?? ""
        return "\(call)\(object): \(errno.message) (\(errno.name))"
    }
}

/// Runs a call that returns -1 on failure and throws what it failed with.
///
/// - Parameter retrying: Whether EINTR starts the call again; `false` for the calls whose interruption has a meaning.
@discardableResult
internal func checked<Value: FixedWidthInteger>(
    _ call: StaticString, _ subject: String? = nil, retrying: Bool = true, _ body: () -> Value
) throws(SystemCallError) -> Value {
    while true {
        let result = body()
        guard result == -1 else { return result }
        // The error is read before anything else runs: building text may allocate, and so change it.
        let error = Errno.current
        guard retrying, error == .interrupted else {
            throw SystemCallError(call: "\(call)", errno: error, subject: subject)
        }
    }
}
