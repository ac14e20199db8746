import Testing

@testable import Secrets

@Suite struct SecretsTests {
    private static let key = (0x80...0x9f).map { UInt8($0) }
    private static let nonce = (0x40...0x57).map { UInt8($0) }
    private static let data = bytes(hex: "50515253c0c1c2c3c4c5c6c7")
    private static let plaintext = Array(
        "Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it."
            .utf8)
    private static let ciphertext = bytes(
        hex: """
            bd6d179d3e83d43b9576579493c0e939572a1700252bfaccbed2902c21396cbb731c7f1b0b4aa6440bf3a82f4eda7e39
            ae64c6708c54c216cb96b72e1213b4522f8c9ba40db5d945b11b69b982c1bb9e3f3fac2bc369488f76b2383565d3fff9
            21f9664c97637da9768812f615c68b13b52ec0875924c1c7987947deafd8780acf49
            """)

    @Test func `sealing gives the published vector`() {
        let box = AEAD.seal(
            secret(Self.plaintext), key: secret(Self.key), associatedData: Self.data, nonce: Self.nonce)
        #expect(box == Self.nonce + Self.ciphertext)
    }

    @Test func `opening gives the published plaintext`() throws {
        let plain = try AEAD.open(Self.nonce + Self.ciphertext, key: secret(Self.key), associatedData: Self.data)
        #expect(content(plain) == Self.plaintext)
    }

    @Test(arguments: [0, 23, 24, 40, 100, 137, 138, 153])
    func `a box with one bit changed does not open`(index: Int) {
        var box = Self.nonce + Self.ciphertext
        box[index] ^= 1
        #expect(throws: SecretsError.authenticationFailed) {
            _ = try AEAD.open(box, key: secret(Self.key), associatedData: Self.data)
        }
    }

    @Test(arguments: [0, 1, 39, 40, 153])
    func `a box that was cut does not open`(length: Int) {
        let box = Array((Self.nonce + Self.ciphertext).prefix(length))
        #expect(throws: SecretsError.authenticationFailed) {
            _ = try AEAD.open(box, key: secret(Self.key), associatedData: Self.data)
        }
    }

    @Test func `another key or other associated data does not open a box`() {
        let box = Self.nonce + Self.ciphertext
        #expect(throws: SecretsError.authenticationFailed) {
            _ = try AEAD.open(box, key: RandomBytes.secret(32), associatedData: Self.data)
        }
        #expect(throws: SecretsError.authenticationFailed) {
            _ = try AEAD.open(box, key: secret(Self.key), associatedData: Self.data + [0])
        }
    }

    @Test func `an empty value can be sealed, and no two boxes are alike`() throws {
        let first = AEAD.seal(secret([]), key: secret(Self.key), associatedData: [])
        let second = AEAD.seal(secret([]), key: secret(Self.key), associatedData: [])
        #expect(first.count == AEAD.overhead)
        #expect(first != second)
        let opened = try AEAD.open(first, key: secret(Self.key), associatedData: [])
        #expect(content(opened).isEmpty)
    }

    @Test func `a passphrase derives what the reference implementation of Argon2id derives`() throws {
        let key = try KeyDerivation.key(
            fromPassphrase: secret(Array("correct horse".utf8)), salt: (0..<16).map { UInt8($0) },
            cost: DerivationCost(operations: 2, memory: 1 << 20))
        #expect(content(key) == bytes(hex: "77237b8a217dfd77699617e3893817f9fa215bff881849f3c007154da0b4788d"))
    }

    @Test func `a key file derives what another implementation of BLAKE2b derives`() {
        let key = KeyDerivation.key(
            fromKeyFile: secret(Array("correct horse battery staple key file".utf8)),
            salt: (0..<16).map { UInt8($0) })
        #expect(content(key) == bytes(hex: "6eba2c7977368fc307f1535ceb1eceacebaf5680bbef4bbf4f70364f749b354f"))
    }

    @Test func `a subkey and a tag are what another implementation of BLAKE2b gives`() {
        let key = secret((0..<32).map { UInt8($0) })
        let subkey = KeyDerivation.subkey(of: key, purpose: "vs-row-seals")
        #expect(content(subkey) == bytes(hex: "6de48cf60efecadffd629beddf3ea1229e4914bbb2f4ec6bf81fab9e19b1f635"))
        let tag = Authenticator.tag(of: Array("abc".utf8), key: key)
        let accepted = [
            (tag, "abc"), (tag, "abd"), (Array(tag.dropLast()), "abc"),
        ].map { Authenticator.isValid($0, of: Array($1.utf8), key: key) }
        #expect(tag == bytes(hex: "d63a32d3e44738d7907f964316c241adaba0abfeabc32349677578a15a203f7f"))
        #expect(accepted == [true, false, false])
    }

    @Test(arguments: [(0, 1 << 20), (17, 1 << 20), (1, 4096), (1, 2 << 30)] as [(UInt64, UInt64)])
    func `a cost out of range is not reasonable`(operations: UInt64, memory: UInt64) {
        #expect(!DerivationCost(operations: operations, memory: memory).isReasonable)
    }

    @Test func `random bytes differ from one call to the next`() {
        #expect(RandomBytes.bytes(32) != RandomBytes.bytes(32))
        #expect(content(RandomBytes.secret(32)) != content(RandomBytes.secret(32)))
        #expect(RandomBytes.bytes(0).isEmpty)
    }
}
