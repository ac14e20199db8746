import Diagnostics
import Linux
import Secrets
import Testing

@testable import Vault

/// Attacker D of the threat model: whoever has the file for a while and gives it back.
@Suite struct TamperingTests {
    /// Every edit that moves, renames, rolls back or replaces something, and what must refuse it.
    private static let edits: [(String, ErrorCode)] = [
        // Blobs swapped between two names, with and without their wrapped keys.
        (
            "UPDATE secret_version SET box = (SELECT box FROM secret_version WHERE secret = 2) WHERE secret = 1",
            .decryptionFailed
        ),
        (
            """
            UPDATE secret_version SET (box, wrapped_key, created_at) =
                (SELECT box, wrapped_key, created_at FROM secret_version WHERE secret = 2) WHERE secret = 1
            """, .decryptionFailed
        ),
        // Names and apps.
        (
            "UPDATE secret SET name = 'FIRST_X' WHERE id = 1; UPDATE secret SET name = 'FIRST' WHERE id = 2",
            .decryptionFailed
        ),
        (
            "UPDATE secret SET app = 2, name = 'X' WHERE id = 1; UPDATE secret SET app = 1 WHERE id = 3",
            .decryptionFailed
        ),
        ("UPDATE app SET name = 'x' WHERE id = 1; UPDATE app SET name = 'default' WHERE id = 2", .decryptionFailed),
        // Versions rolled back, forward and renumbered.
        ("UPDATE secret SET current = 1 WHERE id = 1", .decryptionFailed),
        ("UPDATE secret SET current = 3 WHERE id = 1", .vaultCorrupt),
        (
            """
            DELETE FROM secret_version WHERE secret = 1 AND number = 2;
            UPDATE secret_version SET number = 2 WHERE secret = 1
            """, .decryptionFailed
        ),
        ("DELETE FROM secret_version WHERE secret = 1 AND number = 2", .vaultCorrupt),
        // Delivery, times, deletion, seals and keys.
        ("UPDATE secret SET delivery = 'file' WHERE id = 1", .decryptionFailed),
        ("UPDATE secret_version SET delivery = 'file' WHERE secret = 1", .decryptionFailed),
        ("UPDATE secret SET updated_at = 1 WHERE id = 1", .decryptionFailed),
        ("UPDATE secret_version SET created_at = 1 WHERE secret = 1", .decryptionFailed),
        ("UPDATE secret SET is_deleted = 1 WHERE id = 1", .decryptionFailed),
        ("UPDATE secret SET seal = (SELECT seal FROM secret WHERE id = 2) WHERE id = 1", .decryptionFailed),
        ("UPDATE secret_version SET wrapped_key = randomblob(72) WHERE secret = 1", .decryptionFailed),
        ("UPDATE secret_version SET box = x'' WHERE secret = 1", .decryptionFailed),
        // The app's policy taken away, swapped, or moved from another app.
        ("UPDATE app SET policy_text = NULL, policy_sources = NULL WHERE id = 1", .decryptionFailed),
        ("UPDATE app SET policy_text = x'00' WHERE id = 1", .decryptionFailed),
        ("UPDATE app SET policy_sources = x'6100' WHERE id = 1", .decryptionFailed),
        (
            "UPDATE app SET (policy_text, policy_sources, seal) = (SELECT policy_text, policy_sources, seal FROM app WHERE id = 2) WHERE id = 1",
            .decryptionFailed
        ),
        ("UPDATE app SET seal = zeroblob(32) WHERE id = 1", .decryptionFailed),
        ("UPDATE app SET created_at = 0 WHERE id = 1", .decryptionFailed),
        // The key slot and the vault's identity.
        ("UPDATE key_slot SET salt = randomblob(16)", .decryptionFailed),
        ("UPDATE key_slot SET created_at = 1", .decryptionFailed),
        ("UPDATE key_slot SET number = 2", .decryptionFailed),
        ("UPDATE key_slot SET kind = 'passphrase', operations = 1, memory = 8192", .decryptionFailed),
        ("UPDATE key_slot SET operations = 1, memory = 1 << 50", .vaultCorrupt),
        ("UPDATE key_slot SET operations = -1", .vaultCorrupt),
        ("UPDATE key_slot SET wrapped_key = randomblob(72)", .decryptionFailed),
        ("DELETE FROM key_slot", .decryptionFailed),
        ("UPDATE vault SET identity = randomblob(16)", .decryptionFailed),
        ("PRAGMA foreign_keys = OFF; DELETE FROM vault", .vaultCorrupt),
        // The tables themselves.
        ("CREATE TRIGGER t AFTER INSERT ON secret_version BEGIN DELETE FROM secret_version; END", .vaultCorrupt),
        ("CREATE TABLE more (x)", .vaultCorrupt),
        ("DROP TABLE secret_version", .vaultCorrupt),
        ("ALTER TABLE app RENAME COLUMN seal TO sea", .vaultCorrupt),
        ("PRAGMA application_id = 1", .vaultCorrupt),
        ("PRAGMA user_version = 0", .vaultCorrupt),
        ("PRAGMA user_version = 3", .vaultTooNew),
        ("DROP TABLE tag", .vaultCorrupt),
        (
            "PRAGMA ignore_check_constraints = ON; UPDATE secret SET delivery = 'mail' WHERE id = 1",
            .vaultCorrupt
        ),
        (
            "PRAGMA ignore_check_constraints = ON; UPDATE secret_version SET delivery = 'mail' WHERE secret = 1",
            .vaultCorrupt
        ),
        // The state of the whole, and the tree that names the newest rows.
        ("UPDATE vault SET active_app = 2", .decryptionFailed),
        ("UPDATE vault SET created_at = 1", .decryptionFailed),
        ("UPDATE state SET generation = generation - 1", .decryptionFailed),
        ("UPDATE state SET last_secret = 1", .decryptionFailed),
        ("UPDATE state SET seal = zeroblob(32)", .decryptionFailed),
        ("UPDATE state SET seal = NULL", .decryptionFailed),
        ("DELETE FROM state", .vaultCorrupt),
        ("DELETE FROM tag", .decryptionFailed),
        ("DELETE FROM tag WHERE level = 0 AND tree = 1", .decryptionFailed),
        ("UPDATE tag SET tags = zeroblob(16) WHERE level = 1", .decryptionFailed),
        ("UPDATE tag SET tags = x'00' WHERE level = 0", .vaultCorrupt),
        ("UPDATE tag SET tags = zeroblob(48) WHERE level = 0", .decryptionFailed),
        ("UPDATE app SET secret_count = 1 WHERE id = 1", .decryptionFailed),
        (
            "INSERT INTO key_slot SELECT 2, kind, salt, operations, memory, created_at, wrapped_key FROM key_slot",
            .decryptionFailed
        ),
    ]

    @Test(arguments: edits)
    func `an edit of the file is refused`(sql: String, expected: ErrorCode) throws {
        let fixture = try Self.filled()
        #expect(code { try Self.readAll(fixture) } == nil)
        try fixture.edit(sql)
        #expect(code { try Self.readAll(fixture) } == expected, "\(sql)")
    }

    @Test func `a file cut at any length is damaged, and never read as something else`() throws {
        let fixture = try Self.filled()
        let whole = try fixture.bytes()
        for length in [0, 1, 15, 16, 99, 100, 511, 512, 4095] + Array(stride(from: 4096, to: whole.count, by: 4096)) {
            try fixture.replace(with: Array(whole.prefix(length)))
            #expect(code { try Self.readAll(fixture) } == .vaultCorrupt, "\(length) bytes")
        }
        try fixture.replace(with: whole)
        #expect(code { try Self.readAll(fixture) } == nil)
    }

    @Test func `no flipped byte gives another value or ends the program`() throws {
        let fixture = try Self.filled()
        let whole = try fixture.bytes()
        var refused = 0
        for position in stride(from: 0, to: whole.count, by: 37) {
            var bytes = whole
            bytes[position] ^= 0x41
            try fixture.replace(with: bytes)
            let outcome = code { try Self.readAll(fixture) }
            let allowed: Set<ErrorCode?> = [
                nil, .vaultCorrupt, .decryptionFailed, .vaultTooNew, .secretNotFound, .appNotFound, .storageFull,
            ]
            #expect(allowed.contains(outcome), "byte \(position): \(String(describing: outcome))")
            if outcome != nil { refused += 1 }
        }
        // Most of a small database is empty; the test would be hollow if nothing were ever refused.
        #expect(refused > 20)
    }

    @Test func `a file that is no database is damaged`() throws {
        let fixture = try Self.filled()
        try fixture.replace(with: Array(repeating: UInt8(ascii: "x"), count: 8192))
        #expect(code { try Self.readAll(fixture) } == .vaultCorrupt)
    }

    @Test func `a row of another vault does not open here`() throws {
        let fixture = try Self.filled()
        let other = try Self.filled()
        try fixture.edit(
            "ATTACH '\(other.path)' AS o; UPDATE secret SET seal = (SELECT seal FROM o.secret s WHERE s.id = 1) WHERE id = 1"
        )
        #expect(code { try Self.readAll(fixture) } == .decryptionFailed)
    }

    /// A vault with two versions of one secret, a neighbour, another app with its twin, and pinned policies.
    private static func filled() throws -> VaultFixture {
        let fixture = try VaultFixture()
        let vault = try fixture.makeVault()
        try vault.createApp("other")
        try vault.setSecret("FIRST", value: secret("one"), in: "default")
        try vault.setSecret("SECOND", value: secret("neighbour"), in: "default")
        try vault.setSecret("FIRST", value: secret("twin"), in: "other")
        try vault.setSecret("FIRST", value: secret("two"), in: "default")
        for app in ["default", "other"] {
            try vault.pinPolicy(PinnedPolicy(sources: [app], text: Array(app.utf8)), for: app)
        }
        return fixture
    }

    /// Unlocks and reads; what is read must be what was written.
    private static func readAll(_ fixture: VaultFixture) throws {
        let vault = try fixture.open()
        #expect(try text(vault.value(of: "FIRST", in: "default").value) == "two")
        #expect(try vault.pinnedPolicy(of: "default")?.text == Array("default".utf8))
    }
}
