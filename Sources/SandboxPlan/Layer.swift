#if DEBUG
    internal import Linux
#endif

/// A layer that a debug build can leave out, so that the escape suite sees what the others stop without it.
///
/// A release build leaves out none: there `Groundwork.keeps` is the constant `true`, and neither the names nor the
/// variable nor the part of the message that carries them exist.
public enum Layer: Sendable, CaseIterable {
    /// The Landlock domain.
    case landlock
    /// The filter of system calls.
    case filter
    /// The dropping of capabilities.
    case capabilities
    /// What covers hidden paths and the dangerous parts of /proc.
    case masks
    /// The read-only attribute of what is granted for reading or protected.
    case readOnly
    /// The network namespace.
    case network
    /// The resource limits.
    case limits
    /// What makes the first process undumpable.
    case undumpable
    /// The clean environment.
    case environment
}

extension Groundwork {
    #if DEBUG
        /// Whether a layer is there.
        public func keeps(_ layer: Layer) -> Bool { !omitted.contains(layer) }
    #else
        /// Whether a layer is there: each one is.
        @inlinable public func keeps(_ layer: Layer) -> Bool { true }
    #endif
}

#if DEBUG
    extension Layer {
        /// The layers that the supervisor's own environment says to leave out, by name, separated by commas.
        public static let omitted: Set<Layer> = {
            let names = ProcessEnvironment.value(of: "VAULT_SANDBOX_TEST_WITHOUT") ?? ""
            return Set(names.split(separator: ",").compactMap { name in allCases.first { "\($0)" == name } })
        }()
    }
#endif
