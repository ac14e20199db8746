/// What a program is confined by.
public enum IsolationKind: String, Sendable, CaseIterable {
    /// Namespaces with a root of their own, and everything else.
    case namespaces
    /// The weaker mode, for machines that refuse namespaces: Landlock and the filter of system calls alone. It is never
    /// chosen unless somebody names it.
    case landlock
}
