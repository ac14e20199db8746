internal import CLinux

/// Starts the program of a sandbox from its single-threaded PID 1.
public struct Spawn {
    /// The paths to try, in order, as execvp(3) does.
    public var candidates: StringBlock
    /// The program's name and its arguments.
    public var arguments: StringBlock
    /// What becomes descriptor 0, 1, 2 and so on; `nil` leaves that number closed; every other descriptor is closed.
    public var descriptors: [BorrowedDescriptor?]
    /// The signals that the program finds blocked.
    public var blockedSignals: SignalSet
    /// The seccomp program that binds the program and not its parent; empty for none.
    public var filter: [UInt8]
    /// The Landlock domain that binds the program and not its parent, or `nil`; `no_new_privs` must be set.
    public var domain: BorrowedDescriptor?
    /// The controlling terminal in whose foreground the program starts, or `nil`; SIGTTOU must be blocked.
    public var terminal: BorrowedDescriptor?

    /// Makes a request.
    public init(
        candidates: StringBlock, arguments: StringBlock, descriptors: [BorrowedDescriptor?],
        blockedSignals: SignalSet, filter: [UInt8], domain: BorrowedDescriptor? = nil,
        terminal: BorrowedDescriptor? = nil
    ) {
        self.candidates = candidates
        self.arguments = arguments
        self.descriptors = descriptors
        self.blockedSignals = blockedSignals
        self.filter = filter
        self.domain = domain
        self.terminal = terminal
    }

    /// What part of a start failed.
    public enum Stage: Equatable, Sendable {
        /// Making the process.
        case clone
        /// Making it the leader of its process group.
        case group
        /// Placing its descriptors.
        case descriptors
        /// Entering the domain, or installing the filter.
        case filter
        /// Executing the program.
        case execute
    }

    /// A start that failed.
    public struct Failure: Error, Equatable, Sendable {
        /// The part that failed.
        public let stage: Stage
        /// The error that the kernel gave.
        public let errno: Errno
    }

    /// Starts the program as the leader of a process group of its own, and returns its process id.
    ///
    /// A file without a shebang that the kernel cannot execute is run by /bin/sh, as a shell would do. The caller's
    /// pages are shared until the exec, never copied, so that nothing secret is left behind in a copy.
    ///
    /// - Parameter environment: `NAME=value` strings, each ended by NUL.
    public func start(environment: Span<UInt8>) throws(Failure) -> Int32 {
        let numbers = descriptors.map { $0?.rawValue ?? -1 }
        precondition(
            numbers.allSatisfy { $0 == -1 || $0 >= numbers.count }, "a source must not lie where a target goes")
        var failure = vs_spawn_failure()
        let shell = StringBlock([Array("/bin/sh".utf8), Array("script".utf8)])
        let child = unsafe environment.withUnsafeBytes { environmentBytes in
            unsafe withPointers(to: environmentBytes) { environment in
                unsafe withBlocks(shell) { candidates, arguments, shellArguments in
                    unsafe filter.withUnsafeBytes { filter in
                        unsafe numbers.withUnsafeBufferPointer { numbers -> Int32 in
                            guard let standard = numbers.baseAddress else { return -1 }
                            var request = unsafe vs_spawn(
                                standard: standard, standard_count: UInt32(numbers.count),
                                signal_mask: blockedSignals.rawValue, terminal: terminal?.rawValue ?? -1,
                                ruleset: domain?.rawValue ?? -1,
                                filter: filter.baseAddress,
                                filter_count: UInt16(filter.count / 8), candidates: candidates,
                                arguments: arguments, environment: environment, shell_arguments: shellArguments)
                            return unsafe vs_spawn(&request, &failure)
                        }
                    }
                }
            }
        }
        guard child < 0 else { return child }
        let stage: Stage =
            switch UInt32(failure.step) {
            case vs_spawn_clone.rawValue: .clone
            case vs_spawn_group.rawValue: .group
            case vs_spawn_descriptors.rawValue: .descriptors
            case vs_spawn_filter.rawValue: .filter
            default: .execute
            }
        throw Failure(stage: stage, errno: Errno(rawValue: failure.error))
    }

    private typealias Pointers = UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>

    /// Lends the three argument vectors; the one for a shell is /bin/sh, the script's path and the rest.
    private func withBlocks(_ shell: StringBlock, _ body: (Pointers, Pointers, Pointers) -> Int32) -> Int32 {
        var tail = arguments.bytes
        if let firstEnd = tail.firstIndex(of: 0) { tail.removeSubrange(...firstEnd) }
        let shellBytes = shell.bytes + tail
        return unsafe candidates.bytes.withUnsafeBytes { candidateBytes in
            unsafe withPointers(to: candidateBytes) { candidates in
                unsafe arguments.bytes.withUnsafeBytes { argumentBytes in
                    unsafe withPointers(to: argumentBytes) { arguments in
                        unsafe shellBytes.withUnsafeBytes { shellBytes in
                            unsafe withPointers(to: shellBytes) { unsafe body(candidates, arguments, $0) }
                        }
                    }
                }
            }
        }
    }
}
