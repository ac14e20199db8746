#if DEBUG
    internal import Glibc

    /// Stands in for the kernel in a table test: keeps the exact arguments of every call made while it is current, and
    /// gives back the results that the test asks for, without calling anything.
    ///
    /// Debug builds only; the release binary has no such hook.
    final class SystemCallRecorder: @unchecked Sendable {
        /// The recorder of the current task, or `nil` where calls go to the kernel.
        @TaskLocal static var current: SystemCallRecorder?

        /// One call with its arguments as text.
        private(set) var calls: [String] = []
        /// What the next calls return: a value, or an error number to fail with.
        private var results: [Result]

        /// What a recorded call does.
        enum Result {
            case returns(Int)
            case fails(Errno)
        }

        /// Makes a recorder that answers with `results` in order, and with 0 after the last.
        init(_ results: [Result] = []) { self.results = results }

        /// Notes a call and answers it.
        func answer(_ name: StaticString, _ arguments: [any CustomStringConvertible]) -> Int {
            calls.append("\(name)(\(arguments.map(\.description).joined(separator: ", ")))")
            guard !results.isEmpty else { return 0 }
            switch results.removeFirst() {
            case .returns(let value): return value
            case .fails(let error):
                errno = error.rawValue
                return -1
            }
        }
    }
#endif

/// Gives the current recorder's answer in a debug build, or `nil` where the call must go to the kernel.
@inline(__always)
internal func recorded(
    _ name: StaticString, _ arguments: @autoclosure () -> [any CustomStringConvertible]
) -> Int? {
    #if DEBUG
        return SystemCallRecorder.current?.answer(name, arguments())
    #else
        return nil
    #endif
}
