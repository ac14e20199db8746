import Diagnostics
import Linux
import Secrets
import Testing

@testable import Vault

/// Attacker D with an older copy: single rows put back, with the seals that they truly had then.
@Suite struct LedgerTests {
    /// What is put back from the older copy `o`, and what the vault held when that was made.
    private static let returns = [
        // A policy that was pinned since is gone again.
        "UPDATE app SET (policy_sources, policy_text, seal) = (SELECT policy_sources, policy_text, seal FROM o.app o WHERE o.id = app.id)",
        // A whole row of an app, with its count.
        "REPLACE INTO app SELECT * FROM o.app WHERE id = 1",
        // The value in use is an earlier one again; a removed secret is back.
        "REPLACE INTO secret SELECT * FROM o.secret WHERE id = 1",
        "REPLACE INTO secret SELECT * FROM o.secret WHERE id = 2",
        // With the tags that named them, up to the top.
        "REPLACE INTO secret SELECT * FROM o.secret; REPLACE INTO tag SELECT * FROM o.tag WHERE level = 0",
        "REPLACE INTO secret SELECT * FROM o.secret; REPLACE INTO tag SELECT * FROM o.tag",
        "REPLACE INTO tag SELECT * FROM o.tag",
        // With the state, but without all else.
        "REPLACE INTO state SELECT * FROM o.state",
        "REPLACE INTO secret SELECT * FROM o.secret WHERE id = 1; REPLACE INTO state SELECT * FROM o.state",
    ]

    @Test(arguments: returns) func `a row put back as it once was is refused`(sql: String) throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("TOKEN", value: secret("leaked"), in: "default")
        try vault.setSecret("OLD", value: secret("revoked"), in: "default")
        let older = try VaultFixture()
        try older.replace(withCopyOf: fixture)
        try vault.setSecret("TOKEN", value: secret("rotated"), in: "default")
        try vault.removeSecret("OLD", in: "default")
        try vault.pinPolicy(PinnedPolicy(sources: ["p"], text: [1]), for: "default")
        #expect(code { try Self.readAll(fixture) } == nil)
        try fixture.edit("PRAGMA foreign_keys = OFF; ATTACH '\(older.path)' AS o; \(sql)")
        #expect(code { try Self.readAll(fixture) } == .decryptionFailed, "\(sql)")
        // Put back as a whole, the older file is itself again: that is what this cannot see.
        try fixture.replace(withCopyOf: older)
        #expect(try text(fixture.open().value(of: "OLD", in: "default").value) == "revoked")
    }

    /// Everything a run looks at.
    private static func readAll(_ fixture: VaultFixture) throws {
        let vault = try fixture.open()
        #expect(try text(vault.value(of: "TOKEN", in: "default").value) == "rotated")
        #expect(try vault.pinnedPolicy(of: "default")?.text == [1])
        #expect(try !vault.hasSecret("OLD", in: "default") || text(vault.value(of: "OLD", in: "default").value) == "")
        try vault.verifySecretCount(of: "default")
    }

    @Test func `a value of an app that was removed does not come back in one of the same name`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.createApp("shop")
        try vault.setSecret("TOKEN", value: secret("of the removed app"), in: "shop")
        let older = try VaultFixture()
        try older.replace(withCopyOf: fixture)
        try vault.removeApp("shop", force: true)
        try vault.createApp("shop")
        try vault.setSecret("TOKEN", value: secret("of the new app"), in: "shop")
        // No number is used again, so that nothing of the old rows fits where the new ones are.
        #expect(try vault.database.integer("SELECT max(id) FROM app") == 3)
        #expect(try vault.database.integer("SELECT max(id) FROM secret") == 2)
        try fixture.edit(
            """
            ATTACH '\(older.path)' AS o;
            UPDATE secret_version SET (box, wrapped_key, created_at) =
                (SELECT box, wrapped_key, created_at FROM o.secret_version)
            """)
        #expect(code { _ = try fixture.open().value(of: "TOKEN", in: "shop") } == .decryptionFailed)
    }

    @Test(arguments: ["UPDATE secret SET is_deleted = 1 WHERE id = 1", "DELETE FROM secret WHERE id = 1"])
    func `a secret that is hidden is missed by whoever wants all`(sql: String) throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("FIRST", value: secret("1"), in: "default")
        try vault.setSecret("SECOND", value: secret("2"), in: "default")
        try vault.verifySecretCount(of: "default")
        try fixture.edit(sql)
        #expect(try fixture.open().names(in: "default") == ["SECOND"])
        #expect(code { try fixture.open().verifySecretCount(of: "default") } == .decryptionFailed)
    }

    @Test func `rows in many nodes stay the newest through every change`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        let many = (0..<400).map { ("NAME_\($0)", SharedSecret(secret("value \($0)"))) }
        try vault.importSecrets(many, in: "default", replacing: false)
        for number in stride(from: 0, to: 400, by: 37) { try vault.removeSecret("NAME_\(number)", in: "default") }
        for number in stride(from: 0, to: 400, by: 74) {
            try vault.rollBackSecret("NAME_\(number)", to: 1, in: "default")
        }
        let again = try fixture.open()
        for (name, value) in many where try again.hasSecret(name, in: "default") {
            #expect(try text(again.value(of: name, in: "default").value) == text(value.bytes))
        }
        try again.verifySecretCount(of: "default")
        #expect(try again.secretCount(in: "default") == 400 - 11 + 6)
        #expect(try again.database.integer("SELECT count(*) FROM tag WHERE tree = 1 AND level = 0") == 4)
    }

    @Test(arguments: [false, true])
    func `a vault of the first format is brought here by its key, also by a reader`(readOnly: Bool) throws {
        let fixture = try VaultFixture()
        try FirstFormat.write(to: fixture)
        var vault = try Vault(in: fixture.directory, readOnly: readOnly)
        #expect(try vault.names(in: "default") == ["FIRST", "SECOND"])
        try vault.unlock(VaultFixture.key())
        #expect(try text(vault.value(of: "FIRST", in: "default").value) == "two")
        #expect(try text(vault.value(of: "FIRST", in: "other").value) == "twin")
        #expect(try vault.verifiedActiveApp() == "other")
        #expect(try vault.pinnedPolicy(of: "other")?.sources == ["./tiny.toml"])
        for app in ["default", "other"] { try vault.verifySecretCount(of: app) }
        #expect(try Files.names(in: fixture.directory).sorted() == ["vault.db", "vault.db.format-1"])
        // Every row has a new seal, so that emptying the state's leads nowhere.
        try fixture.edit("UPDATE state SET seal = NULL")
        #expect(code { _ = try fixture.open() } == .decryptionFailed)
    }

    @Test(arguments: [
        "UPDATE secret SET current = 1 WHERE id = 1", "UPDATE secret SET is_deleted = 0",
        "UPDATE app SET policy_text = NULL, policy_sources = NULL",
        "UPDATE secret SET app = 1, name = 'X' WHERE id = 4",
    ])
    func `what was edited before is not sealed by the upgrade`(sql: String) throws {
        let fixture = try VaultFixture()
        try FirstFormat.write(to: fixture)
        try fixture.edit(sql)
        #expect(code { _ = try fixture.open() } == .decryptionFailed)
    }
}

extension VaultFixture {
    /// Makes this fixture's file a copy of another's.
    func replace(withCopyOf other: VaultFixture) throws {
        let bytes = try other.bytes()
        let file = try Files.open(path, [.writeOnly, .create, .truncate], mode: 0o600)
        try BorrowedDescriptor(file).writeAll(bytes.span)
    }
}
