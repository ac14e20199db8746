import Diagnostics
import Secrets
import Testing

@testable import Vault

/// All that an app holds, in use or not.
struct HistoryTests {
    private func makeVault(_ fixture: VaultFixture) throws -> Vault {
        let vault = try fixture.makeVault()
        for (name, text) in [("A", "a1"), ("B", "b1"), ("A", "a2"), ("C", "c1"), ("B", "b2")] {
            try vault.setSecret(name, value: secret(text), in: "default")
        }
        try vault.removeSecret("C", in: "default")
        try vault.createApp("other")
        try vault.setSecret("A", value: secret("x1"), in: "other")
        return vault
    }

    private func texts(_ values: [HeldValue]) -> [String] {
        values.map { held in
            held.value.bytes.withSpan { bytes in String(decoding: bytes.indices.map { bytes[$0] }, as: UTF8.self) }
        }
    }

    @Test func `values in use come first, then all others, newer ones before older`() throws {
        let fixture = try VaultFixture()
        let vault = try makeVault(fixture)
        let (values, state) = try vault.heldValues(of: "default", atMost: 100, bytes: 100)
        #expect(texts(values) == ["b2", "a2", "c1", "b1", "a1"])
        #expect(values.map(\.name) == ["B", "A", "C", "B", "A"])
        #expect(try vault.statedState() == state)
        #expect(try vault.heldExtent(of: "default").values == 5)
        #expect(texts(try vault.heldValues(of: "default", atMost: 3, bytes: 100).values) == ["b2", "a2", "c1"])
        #expect(texts(try vault.heldValues(of: "default", atMost: 9, bytes: 3).values) == ["b2", "a2"])
    }

    @Test func `every change makes another state, for whoever has no key too`() throws {
        let fixture = try VaultFixture()
        let vault = try makeVault(fixture)
        let reader = try Vault(in: fixture.directory, readOnly: true)
        var states = [try reader.statedState()]
        try vault.setSecret("A", value: secret("a3"), in: "default")
        states.append(try reader.statedState())
        try vault.removeSecret("A", in: "default")
        states.append(try reader.statedState())
        try vault.rollBackSecret("A", to: 1, in: "default")
        states.append(try reader.statedState())
        #expect(Set(states.map(\.generation)).count == 4)
        #expect(throws: VaultError.locked) { try reader.heldValues(of: "default", atMost: 9, bytes: 9) }
    }

    @Test(arguments: [
        "UPDATE secret_version SET box = (SELECT box FROM secret_version WHERE secret = 2 AND number = 1) "
            + "WHERE secret = 1 AND number = 1",
        "UPDATE secret_version SET number = 7 WHERE secret = 1 AND number = 1",
        "UPDATE secret SET is_deleted = 1 WHERE id = 1",
    ])
    func `what was altered is refused`(edit: String) throws {
        let fixture = try VaultFixture()
        let vault = try makeVault(fixture)
        try fixture.edit(edit)
        let error = #expect(throws: VaultError.self) { try vault.heldValues(of: "default", atMost: 9, bytes: 9) }
        #expect(error?.report.code == .decryptionFailed)
    }
}
