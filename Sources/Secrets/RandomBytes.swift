internal import CSodium

/// Bytes that nobody can predict, from the kernel's generator.
public enum RandomBytes {
    /// Makes `count` random bytes for what is not secret, such as a salt or an identity.
    public static func bytes(_ count: Int) -> [UInt8] {
        startSodium()
        var bytes = [UInt8](repeating: 0, count: count)
        unsafe bytes.withUnsafeMutableBytes { buffer in
            guard let start = buffer.baseAddress else { return }
            unsafe randombytes_buf(start, buffer.count)
        }
        return bytes
    }

    /// Makes a random key of `count` bytes, which never leaves guarded memory.
    public static func secret(_ count: Int) -> SecretBytes {
        SecretBytes(count: count) { span in
            unsafe span.withUnsafeMutableBytes { buffer in
                guard let start = buffer.baseAddress else { return }
                unsafe randombytes_buf(start, buffer.count)
            }
        }
    }
}

/// Prepares libsodium, which may be asked for any number of times.
internal func startSodium() {
    guard sodium_init() >= 0 else { fatalError("libsodium finds no source of random bytes") }
}
