internal import Glibc
public import Linux

/// Gives a file to a user and the group of the same number; needs root. The corresponding C function is `lchown`.
///
/// - Parameter group: The group, or `nil` for the one of the user's number.
public func changeOwner(of path: String, to owner: UInt32, group: UInt32? = nil) throws(SystemCallError) {
    guard unsafe lchown(path, owner, group ?? owner) == 0 else {
        throw SystemCallError(call: "lchown", errno: Errno(rawValue: errno), subject: path)
    }
}

/// The value of an environment variable of the test process.
public func environmentVariable(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
}

/// Makes a write to a pipe without a reader fail instead of ending the test process.
public func ignoreBrokenPipes() {
    signal(SIGPIPE, SIG_IGN)
}
