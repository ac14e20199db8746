public import Diagnostics

extension ErrorReport {
    /// What a person is told where something cannot be written to the standard output or error that was asked for.
    public static func unwritten(_ error: SystemCallError) -> ErrorReport {
        let isFull = [Errno.noSpace, .quotaExceeded, .fileTooBig].contains(error.errno)
        return ErrorReport(
            isFull ? .storageFull : .redactionFailed, "the output cannot be written: \(error)",
            hint: isFull ? "free some space; the rest of the output is lost" : "the rest of the output is lost")
    }
}
