internal import CSodium

/// Tags that only the holder of a key can make: BLAKE2b-256 with a key (RFC 7693).
public enum Authenticator {
    /// The length of a tag in bytes.
    public static let tagLength = 32

    /// Makes the tag of `message`.
    public static func tag(of message: [UInt8], key: borrowing SecretBytes) -> [UInt8] {
        startSodium()
        precondition((16...64).contains(key.count), "a key has 16 to 64 bytes")
        var tag = [UInt8](repeating: 0, count: tagLength)
        key.withSpan { key in
            unsafe key.withUnsafeBufferPointer { key in
                unsafe tag.withUnsafeMutableBufferPointer { tag in
                    guard let out = tag.baseAddress else { return }
                    _ = unsafe crypto_generichash(
                        out, tag.count, message, UInt64(message.count), key.baseAddress, key.count)
                }
            }
        }
        return tag
    }

    /// Whether `tag` belongs to `message`; takes the same time wherever they differ.
    public static func isValid(_ tag: [UInt8], of message: [UInt8], key: borrowing SecretBytes) -> Bool {
        let expected = Self.tag(of: message, key: key)
        guard tag.count == expected.count else { return false }
        return unsafe sodium_memcmp(tag, expected, expected.count) == 0
    }
}
