internal import CLinux

/// Starts a program in new namespaces, from a process that may have threads.
public struct CloneExec {
    /// The namespaces that are made.
    public var namespaces: NamespaceSet
    /// The program and its arguments.
    public var arguments: StringBlock
    /// What becomes descriptor 0, 1, 2 and so on; `nil` leaves that number closed. Each is numbered 16 or higher.
    public var descriptors: [BorrowedDescriptor?]

    /// Makes a request.
    public init(namespaces: NamespaceSet, arguments: StringBlock, descriptors: [BorrowedDescriptor?]) {
        self.namespaces = namespaces
        self.arguments = arguments
        self.descriptors = descriptors
    }

    /// Clones and executes `program` with an empty environment; the child dies with the calling thread.
    ///
    /// The caller's thread waits until the child has executed or ended; the time namespace cannot be asked for, since its
    /// bit lies where clone(2) has the signal of the end. The child keeps every capability of its new user namespace over the exec, by way of the ambient set.
    /// The corresponding C functions are `clone` and `execveat`.
    ///
    /// - Returns: A pidfd of the child, numbered 16 or higher.
    public func start(_ program: borrowing FileDescriptor) throws(SystemCallError) -> FileDescriptor {
        precondition(!namespaces.contains(.time), "a process enters a new time namespace by itself")
        let numbers = descriptors.map { $0?.rawValue ?? -1 }
        precondition(numbers.allSatisfy { $0 == -1 || $0 >= 16 }, "a source must not lie where a target goes")
        var pidfd: Int32 = -1
        // Out of the way of the targets, which the child fills before it executes.
        let placed = try program.duplicate(atLeast: 16)
        let executable = placed.rawValue
        let namespaces = namespaces
        let child = unsafe arguments.bytes.withUnsafeBytes { argumentBytes in
            unsafe withPointers(to: argumentBytes) { arguments in
                unsafe withPointers(to: UnsafeRawBufferPointer(start: nil, count: 0)) { environment in
                    unsafe numbers.withUnsafeBufferPointer { numbers -> Int32 in
                        guard let standard = numbers.baseAddress else { return -1 }
                        var request = unsafe vs_clone_exec(
                            namespaces: Int32(truncatingIfNeeded: namespaces.rawValue), executable: executable,
                            standard: standard,
                            standard_count: UInt32(numbers.count), arguments: arguments, environment: environment,
                            keep_capabilities: namespaces.contains(.user) ? 1 : 0)
                        return unsafe vs_clone_exec(&request, &pidfd)
                    }
                }
            }
        }
        guard child > 0 else { throw SystemCallError(call: "clone", errno: Errno.current) }
        return try FileDescriptor(owning: pidfd).duplicate(atLeast: 16)
    }
}
