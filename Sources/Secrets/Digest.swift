internal import CSodium

/// A fingerprint of bytes: BLAKE2b with 32 bytes, as RFC 7693 has it.
public struct Digest: Hashable, Sendable {
    /// The 32 bytes.
    public let bytes: [UInt8]

    /// How long a digest is, in bytes.
    public static let length = 32

    /// Computes the digest of `bytes`. The corresponding C function is libsodium's `crypto_generichash`.
    public init(of bytes: [UInt8]) {
        var digest = [UInt8](repeating: 0, count: Self.length)
        let result = unsafe digest.withUnsafeMutableBufferPointer { output in
            unsafe bytes.withUnsafeBufferPointer { input -> Int32 in
                guard let start = output.baseAddress else { return -1 }
                return unsafe crypto_generichash(
                    start, output.count, input.baseAddress, UInt64(input.count), nil, 0)
            }
        }
        precondition(result == 0, "the length of a digest is within the algorithm's bounds")
        self.bytes = digest
    }

    /// The bytes in lower-case hexadecimal.
    public var hexadecimal: String {
        let digits = Array("0123456789abcdef")
        return bytes.reduce(into: "") { text, byte in
            text.append(digits[Int(byte >> 4)])
            text.append(digits[Int(byte & 15)])
        }
    }
}
