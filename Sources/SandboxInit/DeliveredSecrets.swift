internal import Linux
internal import SandboxPlan
internal import Secrets

/// The secrets in the form in which the program gets them: an environment, files, descriptors.
internal struct DeliveredSecrets: ~Copyable {
    /// The whole environment: `NAME=value` strings, each ended by NUL.
    let environment: SecretBytes
    /// The sealed files behind the descriptors from 3 up, in order.
    let descriptors: [Int32]

    /// Where secrets delivered as files lie.
    private static let directory = "/run/secrets"
    /// Writes files and descriptors, and lays the environment out; `files` is read-only afterwards.
    init(
        _ secrets: consuming ReceivedSecrets, files: consuming FileDescriptor?, publicEnvironment: [[UInt8]]
    ) throws(LaunchFailure) {
        var variables: [Variable] = publicEnvironment.map { .whole($0) }
        var numbers: [Int32] = []
        var offset = 0
        // Above every number that the program is given: the three streams, then these.
        let first = 3 + Int32(secrets.manifest.entries.count { $0.delivery == .descriptor })
        for entry in secrets.manifest.entries {
            let range = offset..<offset + entry.length
            offset = range.upperBound
            switch entry.delivery {
            case .environment:
                variables.append(.secret(name: entry.variable, range: range))
            case .file:
                let path = "\(Self.directory)/\(entry.name)"
                try during(.deliverSecrets, path) { () throws(SystemCallError) in
                    let file = try Files.open(path, [.writeOnly, .create, .exclusive], mode: 0o400)
                    try write(secrets.values, range, to: BorrowedDescriptor(file))
                }
                variables.append(.whole(Array("\(entry.variable)=\(path)".utf8)))
            case .descriptor:
                let number = try during(.deliverSecrets, entry.name) { () throws(SystemCallError) in
                    let file = try MemoryFile.make(name: entry.name, atLeast: first)
                    try write(secrets.values, range, to: BorrowedDescriptor(file))
                    try BorrowedDescriptor(file).rewind()
                    try MemoryFile.seal(file)
                    return file.release()
                }
                variables.append(.whole(Array("\(entry.variable)=\(3 + numbers.count)".utf8)))
                numbers.append(number)
            }
        }
        if let files {
            try during(.deliverSecrets, Self.directory) { () throws(SystemCallError) in
                try Mounts.restrict(files, adding: .readOnly, recursively: false)
            }
        }
        descriptors = numbers
        environment = Self.layOut(variables, secrets.values)
    }

    /// One string of the environment.
    private enum Variable {
        /// A string without a secret.
        case whole([UInt8])
        /// A name whose value lies in the guarded memory.
        case secret(name: String, range: Range<Int>)

        var length: Int {
            switch self {
            case .whole(let bytes): bytes.count + 1
            case .secret(let name, let range): name.utf8.count + 1 + range.count + 1
            }
        }
    }

    /// Copies the strings into guarded memory, so that no value lies anywhere else.
    private static func layOut(_ variables: [Variable], _ values: borrowing SecretBytes) -> SecretBytes {
        let total = variables.reduce(0) { $0 + $1.length }
        return values.withSpan { values in
            SecretBytes(count: total) { span in
                var position = 0
                func put(_ byte: UInt8, into span: inout MutableSpan<UInt8>) {
                    span[position] = byte
                    position += 1
                }
                for variable in variables {
                    switch variable {
                    case .whole(let bytes): for byte in bytes { put(byte, into: &span) }
                    case .secret(let name, let range):
                        for byte in name.utf8 { put(byte, into: &span) }
                        put(UInt8(ascii: "="), into: &span)
                        for index in range { put(values[index], into: &span) }
                    }
                    put(0, into: &span)
                }
            }
        }
    }
}

/// Writes a part of guarded memory to a descriptor.
private func write(
    _ values: borrowing SecretBytes, _ range: Range<Int>, to descriptor: BorrowedDescriptor
) throws(SystemCallError) {
    try values.withSpan { span throws(SystemCallError) in try descriptor.writeAll(span.extracting(range)) }
}
