/// Strings laid one behind the other, each ended by NUL, as the kernel keeps arguments and environments.
public struct StringBlock: Equatable, Sendable {
    /// The bytes, NULs included.
    public private(set) var bytes: [UInt8] = []

    /// Makes a block of these strings, none of which may hold a NUL.
    public init(_ strings: [[UInt8]]) {
        bytes.reserveCapacity(strings.reduce(0) { $0 + $1.count + 1 })
        for string in strings { append(string) }
    }

    /// Adds a string.
    public mutating func append(_ string: [UInt8]) {
        precondition(!string.contains(0), "a string of the kernel's cannot hold a NUL")
        bytes.append(contentsOf: string)
        bytes.append(0)
    }
}

/// Lends C an array of pointers to the strings of a block, ended by a null pointer.
internal func withPointers<Result>(
    to block: UnsafeRawBufferPointer,
    _ body: (UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>) -> Result
) -> Result {
    var pointers = unsafe [UnsafeMutablePointer<CChar>?]()
    var start = 0
    for index in 0..<block.count where unsafe block[index] == 0 {
        // The callee only reads: the C types of execve lack the `const` for historical reasons.
        let string = unsafe block.baseAddress?.advanced(by: start).assumingMemoryBound(to: CChar.self)
        unsafe pointers.append(UnsafeMutablePointer(mutating: string))
        start = index + 1
    }
    unsafe pointers.append(nil)
    return unsafe pointers.withUnsafeMutableBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("an array with an element has an address") }
        return unsafe body(base)
    }
}
