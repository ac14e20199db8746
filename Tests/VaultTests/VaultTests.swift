import Diagnostics
import Linux
import Secrets
import Testing

@testable import Vault

@Suite struct VaultTests {
    @Test func `a new vault has one app, which is active and empty`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        #expect(try vault.apps() == [AppRecord(name: "default", isActive: true, secretCount: 0, policy: [])])
        #expect(try vault.activeApp() == "default")
        #expect(try Files.status(fixture.path).permissions == 0o600)
        #expect(try Files.names(in: fixture.directory) == ["vault.db"])
    }

    @Test func `a folder that is missing is made private`() throws {
        let fixture = try VaultFixture()
        let inner = fixture.directory + "/a/b"
        try Vault.create(in: inner, key: VaultFixture.key())
        #expect(try Files.status(inner).permissions == 0o700)
        #expect(code { _ = try Vault(in: inner) } == nil)
    }

    @Test func `a second vault is refused and the first one stays`() throws {
        let fixture = try VaultFixture()
        try fixture.makeVault().setSecret("TOKEN", value: secret("first"), in: "default")
        #expect(code { try Vault.create(in: fixture.directory, key: VaultFixture.key()) } == .existsAlready)
        #expect(try text(fixture.open().value(of: "TOKEN", in: "default").value) == "first")
        #expect(try Files.names(in: fixture.directory) == ["vault.db"])
    }

    @Test func `a folder without a vault says so`() throws {
        let fixture = try VaultFixture()
        #expect(code { _ = try Vault(in: fixture.directory) } == .vaultNotInitialized)
        #expect(code { _ = try Vault(in: fixture.directory + "/none") } == .vaultNotInitialized)
    }

    @Test func `a value comes back byte for byte, from another opening too`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        #expect(try vault.setSecret("TOKEN", value: secret("ä\n\"x"), delivery: .file, in: "default") == 1)
        let stored = try fixture.open().value(of: "TOKEN", in: "default")
        #expect(text(stored.value) == "ä\n\"x")
        #expect(stored.delivery == .file)
        #expect(stored.version == 1)
    }

    @Test func `a plaintext is nowhere in the folder`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        let value = "needle-in-a-haystack-4711"
        try vault.setSecret("TOKEN", value: secret(value), in: "default")
        let bytes = try fixture.bytes()
        #expect(bytes.count > 4096)
        #expect(!String(decoding: bytes, as: UTF8.self).contains(value))
        #expect(String(decoding: bytes, as: UTF8.self).contains("TOKEN"))
    }

    @Test func `setting again keeps the history and the delivery`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("TOKEN", value: secret("one"), delivery: .descriptor, in: "default")
        #expect(try vault.setSecret("TOKEN", value: secret("two"), in: "default") == 2)
        let stored = try vault.value(of: "TOKEN", in: "default")
        #expect(text(stored.value) == "two")
        #expect(stored.delivery == .descriptor)
        #expect(try vault.history(of: "TOKEN", in: "default").map(\.isCurrent) == [false, true])
        try vault.rollBackSecret("TOKEN", to: 1, in: "default")
        #expect(try text(vault.value(of: "TOKEN", in: "default").value) == "one")
        #expect(try vault.setSecret("TOKEN", value: secret("three"), in: "default") == 3)
        #expect(code { try vault.rollBackSecret("TOKEN", to: 9, in: "default") } == .secretNotFound)
    }

    @Test func `a removed secret is gone and its versions can be brought back`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("TOKEN", value: secret("one"), in: "default")
        try vault.removeSecret("TOKEN", in: "default")
        #expect(try !vault.hasSecret("TOKEN", in: "default"))
        #expect(try vault.names(in: "default").isEmpty)
        #expect(try vault.secretCount(in: "default") == 0)
        #expect(code { _ = try vault.value(of: "TOKEN", in: "default") } == .secretNotFound)
        #expect(code { try vault.removeSecret("TOKEN", in: "default") } == .secretNotFound)
        try vault.rollBackSecret("TOKEN", to: 1, in: "default")
        #expect(try text(vault.value(of: "TOKEN", in: "default").value) == "one")
    }

    @Test func `a listing takes a prefix and a limit`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        for name in ["DB_A", "DB_B", "DB_C", "TOKEN"] { try vault.setSecret(name, value: secret("v"), in: "default") }
        #expect(try vault.secrets(in: "default", prefix: "DB_", limit: 2).map(\.name) == ["DB_A", "DB_B"])
        #expect(try vault.secrets(in: "default").count == 4)
        #expect(try vault.secrets(in: "default", prefix: "Z").isEmpty)
    }

    @Test func `a locked vault lists and neither reads nor writes values`() throws {
        let fixture = try VaultFixture()
        try fixture.makeVault().setSecret("TOKEN", value: secret("v"), in: "default")
        let vault = try Vault(in: fixture.directory)
        let isUnlocked = vault.isUnlocked
        #expect(!isUnlocked)
        #expect(try vault.names(in: "default") == ["TOKEN"])
        #expect(code { _ = try vault.value(of: "TOKEN", in: "default") } == .vaultLocked)
        #expect(code { try vault.setSecret("X_Y", value: secret("v"), in: "default") } == .vaultLocked)
        #expect(code { try vault.removeSecret("TOKEN", in: "default") } == .vaultLocked)
        #expect(code { try vault.createApp("shop") } == .vaultLocked)
        #expect(code { _ = try vault.pinnedPolicy(of: "default") } == .vaultLocked)
    }

    @Test func `a reader makes no file and cannot write`() throws {
        let fixture = try VaultFixture()
        try fixture.makeVault().setSecret("TOKEN", value: secret("v"), in: "default")
        var vault = try Vault(in: fixture.directory, readOnly: true)
        try vault.unlock(VaultFixture.key())
        #expect(try text(vault.value(of: "TOKEN", in: "default").value) == "v")
        #expect(code { try vault.setSecret("TOKEN", value: secret("w"), in: "default") } == .storageFull)
        #expect(try Files.names(in: fixture.directory) == ["vault.db"])
    }

    @Test func `a name that is missing is answered with the nearest`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("DATABASE_URL", value: secret("v"), in: "default")
        #expect(throws: VaultError.secretNotFound(["DATABSE_URL"], app: "default", nearest: "DATABASE_URL")) {
            _ = try vault.value(of: "DATABSE_URL", in: "default")
        }
        #expect(throws: VaultError.appNotFound("defualt", nearest: "default")) { _ = try vault.names(in: "defualt") }
    }

    @Test func `apps are made, used and removed`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.createApp("shop-dev")
        #expect(code { try vault.createApp("shop-dev") } == .existsAlready)
        try vault.setSecret("TOKEN", value: secret("v"), in: "shop-dev")
        #expect(try !vault.hasSecret("TOKEN", in: "default"))
        try vault.useApp("shop-dev")
        #expect(try vault.activeApp() == "shop-dev")
        #expect(code { try vault.removeApp("shop-dev", force: true) } == .argumentInvalid)
        try vault.useApp("default")
        #expect(code { try vault.removeApp("shop-dev") } == .argumentInvalid)
        try vault.removeApp("shop-dev", force: true)
        #expect(try !vault.hasApp("shop-dev"))
        #expect(code { try vault.useApp("shop-dev") } == .appNotFound)
    }

    @Test(arguments: ["", "A", "a_b", "a b", "ä", String(repeating: "a", count: 64)])
    func `an app's name is a slug`(name: String) throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        #expect(code { try vault.createApp(name) } == .nameInvalid)
    }

    @Test func `a pinned policy comes back and can be unpinned`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        #expect(try vault.pinnedPolicy(of: "default") == nil)
        let policy = PinnedPolicy(sources: ["default", "ci"], text: Array("[network]\n".utf8))
        try vault.pinPolicy(policy, for: "default")
        #expect(try fixture.open().pinnedPolicy(of: "default") == policy)
        #expect(try vault.apps().first?.policy == ["default", "ci"])
        try vault.pinPolicy(nil, for: "default")
        #expect(try vault.pinnedPolicy(of: "default") == nil)
    }

    @Test func `an import stores all or nothing`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("B_B", value: secret("old"), in: "default")
        let list = [("A_A", SharedSecret(secret("1"))), ("B_B", SharedSecret(secret("2")))]
        #expect(throws: VaultError.secretsExist(["B_B"])) {
            try vault.importSecrets(list, in: "default", replacing: false)
        }
        #expect(try vault.names(in: "default") == ["B_B"])
        let bad = [("C_C", SharedSecret(secret("1"))), ("D_D", SharedSecret(secret("a\0b")))]
        #expect(code { try vault.importSecrets(bad, in: "default", replacing: true) } == .secretValueInvalid)
        #expect(try vault.names(in: "default") == ["B_B"])
        try vault.importSecrets(list, in: "default", replacing: true)
        #expect(try text(vault.value(of: "B_B", in: "default").value) == "2")
    }

    @Test func `a value has at most 64 KiB, and NUL only outside the environment`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        let limit = Vault.maximumValueLength
        #expect(
            code { try vault.setSecret("A_A", value: RandomBytes.secret(limit + 1), delivery: .file, in: "default") }
                == .secretValueInvalid)
        #expect(
            try vault.setSecret("A_A", value: SecretBytes(count: limit) { _ in }, delivery: .file, in: "default") == 1)
        #expect(code { try vault.setSecret("B_B", value: secret("a\0"), in: "default") } == .secretValueInvalid)
        // Moving a stored NUL into the environment is what a change of delivery would do.
        #expect(
            code { try vault.setSecret("A_A", value: secret("a\0"), delivery: .environment, in: "default") }
                == .secretValueInvalid)
    }

    @Test func `a secret is set only where it must be there, or must not, as was said`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        func set(_ presence: Vault.Presence) -> ErrorCode? {
            code { try vault.setSecret("TOKEN", value: secret("v"), in: "default", presence: presence) }
        }
        #expect(set(.present) == .secretNotFound)
        #expect(set(.missing) == nil)
        #expect(set(.missing) == .existsAlready)
        #expect(set(.present) == nil)
        try vault.removeSecret("TOKEN", in: "default")
        #expect(set(.present) == .secretNotFound)
        #expect(set(.missing) == nil)
    }

    @Test(arguments: [0, 3]) func `secrets are counted by prefix, without the deleted ones`(others: Int) throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.createApp("other")
        // With many rows of another app, the rows are found by the index and not read in order.
        for number in 0..<others * 10 { try vault.setSecret("X\(number)", value: secret("v"), in: "other") }
        for name in ["AA", "AB", "AC", "B"] { try vault.setSecret(name, value: secret("v"), in: "default") }
        try vault.removeSecret("AB", in: "default")
        for (prefix, count) in [("", 3), ("A", 2), ("AB", 0), ("B", 1), ("C", 0)] {
            #expect(try vault.secretCount(in: "default", prefix: prefix) == count)
        }
        #expect(try vault.secretCount(in: "other") == others * 10)
        #expect(try vault.statedSecretCount(in: "default") == 3)
        #expect(try vault.statedSecretCount(in: "other") == others * 10)
    }
}
