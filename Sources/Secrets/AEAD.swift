internal import CSodium

/// Authenticated encryption with associated data: XChaCha20-Poly1305, draft-irtf-cfrg-xchacha-03.
///
/// A sealed box is the nonce, the ciphertext and the tag in one. The nonce is random: at 192 bits no counter is needed
/// to keep two boxes of one key from sharing one.
public enum AEAD {
    /// The length of a key in bytes.
    public static let keyLength = 32
    /// How many bytes a box is longer than what it holds.
    public static let overhead = nonceLength + tagLength

    internal static let nonceLength = 24
    internal static let tagLength = 16

    /// Seals `plaintext`; whoever opens the box must present the same key and the same `associatedData`.
    public static func seal(
        _ plaintext: borrowing SecretBytes, key: borrowing SecretBytes, associatedData: [UInt8]
    ) -> [UInt8] {
        seal(plaintext, key: key, associatedData: associatedData, nonce: RandomBytes.bytes(nonceLength))
    }

    /// Seals with a given nonce, which must never be used twice with one key: for the published vectors.
    internal static func seal(
        _ plaintext: borrowing SecretBytes, key: borrowing SecretBytes, associatedData: [UInt8], nonce: [UInt8]
    ) -> [UInt8] {
        startSodium()
        precondition(key.count == keyLength, "a key has \(keyLength) bytes")
        precondition(nonce.count == nonceLength, "a nonce has \(nonceLength) bytes")
        var box = nonce + [UInt8](repeating: 0, count: plaintext.count + tagLength)
        plaintext.withSpan { plain in
            key.withSpan { key in
                unsafe plain.withUnsafeBufferPointer { plain in
                    unsafe key.withUnsafeBufferPointer { key in
                        unsafe box.withUnsafeMutableBufferPointer { box in
                            guard let out = box.baseAddress, let key = key.baseAddress else { return }
                            // Never fails: the lengths are checked above and libsodium documents no other reason.
                            _ = unsafe crypto_aead_xchacha20poly1305_ietf_encrypt(
                                out + nonceLength, nil, plain.baseAddress, UInt64(plain.count), associatedData,
                                UInt64(associatedData.count), nil, nonce, key)
                        }
                    }
                }
            }
        }
        return box
    }

    /// Opens a box, or throws `authenticationFailed` without a word about which part was wrong.
    public static func open(
        _ box: [UInt8], key: borrowing SecretBytes, associatedData: [UInt8]
    ) throws(SecretsError) -> SecretBytes {
        startSodium()
        precondition(key.count == keyLength, "a key has \(keyLength) bytes")
        guard box.count >= overhead else { throw .authenticationFailed }
        return try SecretBytes(count: box.count - overhead) { plain throws(SecretsError) in
            let result = key.withSpan { key in
                unsafe key.withUnsafeBufferPointer { key in
                    unsafe plain.withUnsafeMutableBufferPointer { plain in
                        unsafe box.withUnsafeBufferPointer { box -> Int32 in
                            guard let box = box.baseAddress, let key = key.baseAddress else { return -1 }
                            return unsafe crypto_aead_xchacha20poly1305_ietf_decrypt(
                                plain.baseAddress, nil, nil, box + nonceLength,
                                UInt64(plain.count + tagLength), associatedData, UInt64(associatedData.count), box, key)
                        }
                    }
                }
            }
            guard result == 0 else { throw .authenticationFailed }
        }
    }
}
