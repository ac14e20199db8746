/// What becomes of a command in which a rule found something.
public enum InterceptionMode: String, Sendable, CaseIterable {
    /// It is refused.
    case block
    /// It runs, and the caller is told.
    case warn
    /// Nothing is looked at.
    case off
}
