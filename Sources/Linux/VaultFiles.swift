internal import Glibc

extension Calls {
    static func linkat(_ from: String, _ to: String) -> Int32 {
        if let answer = recorded("linkat", [from, to]) { return Int32(answer) }
        return unsafe Glibc.linkat(AT_FDCWD, from, AT_FDCWD, to, 0)
    }
}

extension Files {
    /// Gives a file a second name, and fails where that name is taken; the corresponding C function is `linkat`.
    public static func link(_ from: String, to: String) throws(SystemCallError) {
        try checked("linkat", from) { Calls.linkat(from, to) }
    }
}
