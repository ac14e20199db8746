import Diagnostics
import Secrets
import Testing

@testable import Vault

/// Files edited to end the program or to reach a terminal, and readers beside a busy writer.
@Suite struct HostileFileTests {
    @Test func `the largest version number there is refuses the next one`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("TOKEN", value: secret("one"), in: "default")
        try vault.setSecret("TOKEN", value: secret("two"), in: "default")
        try fixture.edit("UPDATE secret_version SET number = \(Int64.max) WHERE number = 1")
        #expect(code { try vault.setSecret("TOKEN", value: secret("three"), in: "default") } == .decryptionFailed)
        #expect(try text(vault.value(of: "TOKEN", in: "default").value) == "two")
    }

    @Test func `a number that was taken behind the vault's back is damage, and nothing is lost over it`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.setSecret("TOKEN", value: secret("one"), in: "default")
        try fixture.edit(
            """
            INSERT INTO secret (id, app, name, current, delivery, is_deleted, updated_at, seal)
                VALUES (2, 1, 'PLANTED', 1, 'env', 0, 1, zeroblob(32));
            INSERT INTO app (id, name, created_at, seal) VALUES (2, 'planted', 1, zeroblob(32))
            """)
        #expect(code { try vault.setSecret("NEXT", value: secret("two"), in: "default") } == .vaultCorrupt)
        #expect(code { try vault.createApp("next") } == .vaultCorrupt)
        #expect(try text(vault.value(of: "TOKEN", in: "default").value) == "one")
        #expect(code { _ = try vault.value(of: "PLANTED", in: "default") } != nil)
    }

    @Test(
        arguments: [
            "UPDATE secret SET name = 'A' || char(27) || '[2J'", "UPDATE secret SET name = ''",
            "UPDATE secret SET name = 'A' || char(10)", "UPDATE app SET name = 'a' || char(27) || ']0;x' WHERE id = 2",
        ])
    func `a name that could move a cursor is damage, in listings without a key too`(sql: String) throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.createApp("other")
        try vault.setSecret("TOKEN", value: secret("v"), in: "default")
        try fixture.edit(sql)
        let locked = try Vault(in: fixture.directory, readOnly: true)
        #expect(
            code {
                _ = try locked.apps()
                _ = try locked.secrets(in: "default")
            } == .vaultCorrupt)
    }

    @Test func `a read sees one state while another program writes`() throws {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.createApp("x")
        try vault.setSecret("TOKEN", value: secret("v"), in: "x")
        let other = try fixture.open()
        let seen = try vault.database.snapshot { () throws(VaultError) in
            let before = try vault.hasApp("x")
            // The writer cannot commit over the reader's state; without a snapshot it would, and the app would be gone.
            let outcome = code { try other.removeApp("x", force: true) }
            return (before, outcome, try vault.hasApp("x"))
        }
        #expect(seen == (true, .vaultBusy, true))
        try other.removeApp("x", force: true)
        #expect(code { _ = try vault.value(of: "TOKEN", in: "x") } == .appNotFound)
    }
}
