import Diagnostics
import Linux
import Secrets
import Testing

@testable import Vault

/// Keys, key files and permissions.
@Suite struct AccessTests {
    private static let cheap = DerivationCost(operations: 1, memory: 1 << 20)

    @Test func `another key file or a passphrase does not fit`() throws {
        let fixture = try VaultFixture()
        _ = try fixture.makeVault()
        var vault = try Vault(in: fixture.directory)
        #expect(code { try vault.unlock(VaultFixture.key(String(repeating: "x", count: 64))) } == .decryptionFailed)
        #expect(code { try vault.unlock(VaultFixture.key("short")) } == .decryptionFailed)
        #expect(code { try vault.unlock(.passphrase(secret(VaultFixture.line))) } == .decryptionFailed)
        let isUnlocked = vault.isUnlocked
        #expect(!isUnlocked)
    }

    @Test func `a passphrase opens what it made, and nothing near it does`() throws {
        let fixture = try VaultFixture()
        try Vault.create(in: fixture.directory, key: .passphrase(secret("correct horse")), cost: Self.cheap)
        var vault = try Vault(in: fixture.directory)
        #expect(code { try vault.unlock(.passphrase(secret("correct horsE"))) } == .decryptionFailed)
        #expect(code { try vault.unlock(.passphrase(secret("correct horse\n"))) } == .decryptionFailed)
        try vault.unlock(.passphrase(secret("correct horse")))
        try vault.setSecret("TOKEN", value: secret("v"), in: "default")
        vault.lock()
        #expect(code { _ = try vault.value(of: "TOKEN", in: "default") } == .vaultLocked)
    }

    @Test func `an empty passphrase makes no vault`() throws {
        let fixture = try VaultFixture()
        #expect(
            code { try Vault.create(in: fixture.directory, key: .passphrase(secret("")), cost: Self.cheap) }
                == .argumentInvalid)
        #expect(try Files.names(in: fixture.directory).isEmpty)
    }

    @Test(arguments: ["", "\n", "\r\n"])
    func `one final line end of a key file does not count`(ending: String) throws {
        let fixture = try VaultFixture()
        try Vault.create(in: fixture.directory, key: VaultFixture.key(VaultFixture.line + "\n"))
        var vault = try Vault(in: fixture.directory)
        try vault.unlock(VaultFixture.key(VaultFixture.line + ending))
        let isUnlocked = vault.isUnlocked
        #expect(isUnlocked)
    }

    @Test func `a short key file is stretched like a passphrase`() throws {
        let fixture = try VaultFixture()
        try Vault.create(in: fixture.directory, key: VaultFixture.key("short\n"), cost: Self.cheap)
        let database = try Database(fixture.path, readOnly: true)
        #expect(try database.integer("SELECT memory FROM key_slot") == Int64(Self.cheap.memory))
        var vault = try Vault(in: fixture.directory)
        try vault.unlock(VaultFixture.key("short"))
        #expect(code { try vault.unlock(VaultFixture.key("shorT")) } == .decryptionFailed)
    }

    @Test func `a made key file is private, one line, different each time, and not overwritten`() throws {
        let fixture = try VaultFixture()
        let first = fixture.directory + "/a"
        try KeyFile.create(first)
        try KeyFile.create(fixture.directory + "/b")
        #expect(try Files.status(first).permissions == 0o600)
        let line = try text(KeyFile.read(first))
        #expect(line.count == 65 && line.hasSuffix("\n") && !line.dropLast().contains("\n"))
        #expect(try line != text(KeyFile.read(fixture.directory + "/b")))
        #expect(code { try KeyFile.create(first) } == .existsAlready)
    }

    @Test(arguments: [0o604, 0o640, 0o620, 0o602, 0o601, 0o677] as [UInt32])
    func `a key file that others can reach is refused`(mode: UInt32) throws {
        let fixture = try VaultFixture()
        let path = fixture.directory + "/key"
        try KeyFile.create(path)
        try Self.setMode(mode, of: path)
        #expect(code { _ = try KeyFile.read(path) } == .keyFileRefused)
        try Self.setMode(0o400, of: path)
        #expect(code { _ = try KeyFile.read(path) } == nil)
    }

    @Test(arguments: ["", "\n", "\r\n\n"])
    func `an empty key file is refused`(content: String) throws {
        let fixture = try VaultFixture()
        let path = fixture.directory + "/key"
        let file = try Files.open(path, [.writeOnly, .create], mode: 0o600)
        try BorrowedDescriptor(file).writeAll(content)
        #expect(code { _ = try KeyFile.read(path) } == .keyFileRefused)
    }

    @Test(arguments: ["/dev/null", "/tmp", "/no/such/file"])
    func `what is no regular file is refused`(path: String) {
        #expect(code { _ = try KeyFile.read(path) } == .keyFileRefused)
    }

    @Test(arguments: [0o640, 0o604, 0o666, 0o620] as [UInt32])
    func `a vault that others can reach is refused`(mode: UInt32) throws {
        let fixture = try VaultFixture()
        _ = try fixture.makeVault()
        try Self.setMode(mode, of: fixture.path)
        #expect(code { _ = try Vault(in: fixture.directory) } == .permissionsUnsafe)
        try Self.setMode(0o600, of: fixture.path)
        #expect(code { _ = try Vault(in: fixture.directory) } == nil)
    }

    @Test(arguments: [0o750, 0o705, 0o777, 0o701] as [UInt32])
    func `a folder that others can reach is refused`(mode: UInt32) throws {
        let fixture = try VaultFixture()
        _ = try fixture.makeVault()
        let folder = try Files.open(fixture.directory, [.readOnly, .directory])
        try BorrowedDescriptor(folder).setPermissions(mode)
        #expect(code { _ = try Vault(in: fixture.directory) } == .permissionsUnsafe)
        #expect(code { _ = try Vault(in: fixture.directory, readOnly: true) } == .permissionsUnsafe)
    }

    @Test func `a vault behind a symbolic link is refused`() throws {
        let fixture = try VaultFixture()
        let other = try VaultFixture()
        _ = try other.makeVault()
        try Files.makeSymbolicLink(to: other.path, at: fixture.path)
        #expect(code { _ = try Vault(in: fixture.directory) } == .permissionsUnsafe)
    }

    private static func setMode(_ mode: UInt32, of path: String) throws {
        let file = try Files.open(path, .readOnly)
        try BorrowedDescriptor(file).setPermissions(mode)
    }
}
