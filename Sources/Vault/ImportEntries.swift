internal import Secrets

/// What an import has found so far, and the value that is being read.
internal struct ImportEntries: ~Copyable {
    /// Names and values in the order of the file.
    private(set) var list: [(name: String, value: SharedSecret)] = []
    private var seen: Set<String> = []
    private var scratch: SecretBytes
    private var length = 0

    /// Makes room for the longest value that a file of `capacity` bytes can hold: no notation is shorter than its value.
    init(capacity: Int) { scratch = SecretBytes(count: capacity) { _ in } }

    /// Adds a byte to the value being read.
    mutating func append(_ byte: UInt8) {
        let index = length
        scratch.withMutableSpan { $0[index] = byte }
        length += 1
    }

    /// Takes spaces and tabs off the end of the value being read.
    mutating func trimEnd() {
        let count = length
        length = scratch.withSpan { bytes in
            var end = count
            while end > 0, bytes[end - 1] == UInt8(ascii: " ") || bytes[end - 1] == UInt8(ascii: "\t") { end -= 1 }
            return end
        }
    }

    /// Takes the value being read as a name, which must be a word: what is not could be a part of a value.
    mutating func takeName(line: Int) throws(VaultError) -> String {
        let count = length
        length = 0
        let name = scratch.withSpan { bytes -> String? in
            guard count > 0, count <= SecretName.maximumLength else { return nil }
            var letters: [UInt8] = []
            for index in 0..<count {
                guard SecretName.isWordByte(bytes[index]) else { return nil }
                letters.append(bytes[index])
            }
            return String(decoding: letters, as: UTF8.self)
        }
        guard let name else { throw .importInvalid(line: line, why: "there is no name of letters, digits and _") }
        return name
    }

    /// Takes the value being read as the secret `name`.
    ///
    /// A name may come once, because which of two was meant cannot be known.
    mutating func finish(_ name: String, line: Int) throws(VaultError) {
        let count = length
        length = 0
        guard seen.insert(name).inserted else { throw .importInvalid(line: line, why: "the name was given before") }
        guard count <= Vault.maximumValueLength else {
            throw .importInvalid(line: line, why: "the value is longer than 64 KiB")
        }
        guard list.count < ImportFile.maximumCount else {
            throw .importInvalid(
                line: line, why: "there are more than \(ImportFile.maximumCount) secrets; split the file")
        }
        list.append((name, SharedSecret(scratch.withSpan { SecretBytes(copying: $0.extracting(0..<count)) })))
    }
}

/// A place in an import's bytes, with the number of its line.
internal struct ImportCursor {
    private(set) var position = 0
    private(set) var line = 1

    /// The byte here, or `nil` at the end.
    func next(in bytes: Span<UInt8>) -> UInt8? { position < bytes.count ? bytes[position] : nil }

    /// Takes the byte here.
    mutating func take(in bytes: Span<UInt8>) -> UInt8? {
        guard let byte = next(in: bytes) else { return nil }
        position += 1
        if byte == UInt8(ascii: "\n") { line += 1 }
        return byte
    }

    /// Takes the byte here where it is this one.
    mutating func take(_ byte: Character, in bytes: Span<UInt8>) -> Bool {
        guard let value = byte.asciiValue, next(in: bytes) == value else { return false }
        _ = take(in: bytes)
        return true
    }

    /// Passes over a UTF-8 byte order mark, which editors of other systems write.
    mutating func skipByteOrderMark(in bytes: Span<UInt8>) {
        guard bytes.count >= 3, bytes[0] == 0xef, bytes[1] == 0xbb, bytes[2] == 0xbf else { return }
        position = 3
    }

    /// Passes over spaces and tabs.
    mutating func skipSpaces(in bytes: Span<UInt8>) {
        while let byte = next(in: bytes), byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") {
            _ = take(in: bytes)
        }
    }

    /// Passes over spaces, tabs and line ends.
    mutating func skipBlank(in bytes: Span<UInt8>) {
        while let byte = next(in: bytes), [0x20, 0x09, 0x0a, 0x0d].contains(byte) { _ = take(in: bytes) }
    }
}
