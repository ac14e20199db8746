internal import CSodium

/// What a guess of a passphrase costs whoever makes it.
public struct DerivationCost: Equatable, Sendable {
    /// Passes over the memory.
    public let operations: UInt64
    /// Bytes of memory.
    public let memory: UInt64

    /// Makes a cost from its parts.
    public init(operations: UInt64, memory: UInt64) {
        self.operations = operations
        self.memory = memory
    }

    /// Three passes over 128 MiB: between libsodium's `INTERACTIVE` and `MODERATE`, a few tenths of a second.
    public static let standard = DerivationCost(operations: 3, memory: 128 << 20)

    /// Whether a derivation of this cost may be tried: within what libsodium takes, and not so much that a doctored
    /// file could exhaust the machine.
    public var isReasonable: Bool {
        (1...16).contains(operations) && (8192...(1 << 30)).contains(memory)
    }
}

/// Keys made from what people and files hold, and from other keys.
public enum KeyDerivation {
    /// The length of a salt in bytes.
    public static let saltLength = 16

    /// Derives a key from a passphrase, which is not empty, by Argon2id (RFC 9106, version 1.3, one lane).
    public static func key(
        fromPassphrase passphrase: borrowing SecretBytes, salt: [UInt8], cost: DerivationCost
    ) throws(SecretsError) -> SecretBytes {
        startSodium()
        precondition(salt.count == saltLength, "a salt has \(saltLength) bytes")
        precondition(cost.isReasonable, "the caller checks the cost")
        return try SecretBytes(count: AEAD.keyLength) { key throws(SecretsError) in
            let result = passphrase.withSpan { passphrase in
                unsafe passphrase.withUnsafeBytes { passphrase in
                    unsafe key.withUnsafeMutableBufferPointer { key -> Int32 in
                        guard let out = key.baseAddress, let text = passphrase.baseAddress else { return -1 }
                        return unsafe crypto_pwhash(
                            out, UInt64(key.count), text.assumingMemoryBound(to: CChar.self),
                            UInt64(passphrase.count), salt, cost.operations, Int(cost.memory),
                            crypto_pwhash_alg_argon2id13())
                    }
                }
            }
            guard result == 0 else { throw .notEnoughMemory }
        }
    }

    /// Derives a key from the content of a key file, which is unpredictable itself, by salted BLAKE2b.
    public static func key(fromKeyFile content: borrowing SecretBytes, salt: [UInt8]) -> SecretBytes {
        precondition(salt.count == saltLength, "a salt has \(saltLength) bytes")
        return hash(content, salt: salt, personal: "vs-key-file")
    }

    /// Derives a key for one purpose from another key, so that no key serves two purposes.
    ///
    /// - Parameter purpose: At most 16 bytes.
    public static func subkey(of key: borrowing SecretBytes, purpose: StaticString) -> SecretBytes {
        hash(key, salt: [UInt8](repeating: 0, count: saltLength), personal: purpose)
    }

    /// BLAKE2b-256 of secret bytes with salt and personalisation.
    private static func hash(
        _ content: borrowing SecretBytes, salt: [UInt8], personal: StaticString
    ) -> SecretBytes {
        startSodium()
        precondition(personal.utf8CodeUnitCount <= 16, "a personalisation has at most 16 bytes")
        var padded = [UInt8](repeating: 0, count: 16)
        personal.withUTF8Buffer { text in
            for index in 0..<text.count { unsafe padded[index] = text[index] }
        }
        return SecretBytes(count: AEAD.keyLength) { out in
            content.withSpan { content in
                unsafe content.withUnsafeBufferPointer { content in
                    unsafe out.withUnsafeMutableBufferPointer { out in
                        guard let start = out.baseAddress else { return }
                        _ = unsafe crypto_generichash_blake2b_salt_personal(
                            start, out.count, content.baseAddress, UInt64(content.count), nil, 0, salt, padded)
                    }
                }
            }
        }
    }
}
